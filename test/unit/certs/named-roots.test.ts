import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { certificateVariables, namedRoots, type UserSettings } from '../../../src/certs/named-roots.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

/** Settings of a user who has none, in a home of their own. */
function settingsIn(homeFolder: string, environment: Record<string, string> = {}): UserSettings {
  return {
    homeFolder,
    machineFolder: join(homeFolder, 'etc'),
    execPath: join(homeFolder, 'opt', 'bin', 'node'),
    platform: 'linux',
    environment: {
      PATH: process.env['PATH'],
      HOME: homeFolder,
      GIT_CONFIG_SYSTEM: join(homeFolder, 'system.gitconfig'),
      ...environment,
    },
  };
}

const write = (path: string, text: string) => {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
};

describe('certificate files that a user already names', () => {
  it('are none for a user without settings', () => {
    expect(namedRoots(settingsIn(temporaryFolder()))).toEqual([]);
  });

  it.each([...certificateVariables])('are taken from %s', (name) => {
    const settings = settingsIn(temporaryFolder(), { [name]: '/corp/roots.pem' });

    expect(namedRoots(settings)).toEqual([{ by: name, path: '/corp/roots.pem' }]);
  });

  it.each(['', 'roots.pem', './roots.pem'])('are not taken from the relative path %j', (path) => {
    expect(namedRoots(settingsIn(temporaryFolder(), { SSL_CERT_FILE: path }))).toEqual([]);
  });

  it('are taken from git’s global and system settings, for one host too, through includes', () => {
    const home = temporaryFolder();
    write(join(home, '.gitconfig'), '[include]\n\tpath = more.inc\n[http]\n\tsslCAInfo = ~/global.pem\n');
    write(join(home, 'more.inc'), '[http "https://git.corp.example"]\n\tsslCAInfo = /corp/one host.pem\n');
    write(join(home, 'system.gitconfig'), '[http]\n\tsslCAInfo = /corp/system.pem\n\tproxy = x\n');

    expect(namedRoots(settingsIn(home)).map(({ path }) => path)).toEqual([
      '/corp/one host.pem',
      join(home, 'global.pem'),
      '/corp/system.pem',
    ]);
  });

  it('are never taken from a repository’s settings', () => {
    const repository = temporaryFolder();
    execFileSync('git', ['init', '-q', repository]);
    execFileSync('git', ['-C', repository, 'config', 'http.sslCAInfo', '/hostile.pem']);
    write(join(repository, '.npmrc'), 'cafile=/hostile.pem\n');
    const before = process.cwd();
    process.chdir(repository);

    const named = namedRoots(settingsIn(temporaryFolder()));
    process.chdir(before);

    expect(named).toEqual([]);
  });

  it('are taken from npm’s user and global settings, with variables and texts', () => {
    const home = temporaryFolder();
    write(join(home, '.npmrc'), '; cafile=/no.pem\n# cafile=/no.pem\ncafile = "${CORP}/user.pem"\nca="A\\nB"\n');
    write(join(home, 'opt', 'etc', 'npmrc'), "cafile=~/global.pem\r\nca[]='C'\r\nregistry=x\r\n[x\r\n");

    expect(namedRoots(settingsIn(home, { CORP: '/corp' }))).toEqual([
      { by: `cafile in ${join(home, '.npmrc')}`, path: '/corp/user.pem' },
      { by: `ca in ${join(home, '.npmrc')}`, pem: 'A\nB' },
      { by: `cafile in ${join(home, 'opt', 'etc', 'npmrc')}`, path: join(home, 'global.pem') },
      { by: `ca in ${join(home, 'opt', 'etc', 'npmrc')}`, pem: 'C' },
    ]);
  });

  it('are taken from the npm settings that its variables point at', () => {
    const home = temporaryFolder();
    write(join(home, 'u'), 'cafile=/u.pem');
    write(join(home, 'g'), 'cafile=/g.pem');
    write(join(home, 'p', 'etc', 'npmrc'), 'cafile=/p.pem');

    const paths = (environment: Record<string, string>) =>
      namedRoots(settingsIn(home, environment)).map(({ path }) => path);

    expect(paths({ npm_config_userconfig: join(home, 'u'), npm_config_globalconfig: join(home, 'g') })).toEqual([
      '/u.pem',
      '/g.pem',
    ]);
    expect(paths({ npm_config_prefix: join(home, 'p') })).toEqual(['/p.pem']);
  });

  it('are taken from pip’s files', () => {
    const home = temporaryFolder();
    write(join(home, '.config', 'pip', 'pip.conf'), '[global]\ncert = ~/user.pem\ntimeout = 5\n');
    write(join(home, '.pip', 'pip.conf'), '[global]\ncert=/legacy.pem\n');
    write(join(home, 'etc', 'pip.conf'), '[global]\ncert=/machine.pem\n');
    write(join(home, 'named.conf'), '[install]\ncert = /named.pem\n');

    const named = namedRoots(settingsIn(home, { PIP_CONFIG_FILE: join(home, 'named.conf') }));

    expect(named.map(({ path }) => path)).toEqual([
      '/machine.pem',
      join(home, 'user.pem'),
      '/legacy.pem',
      '/named.pem',
    ]);
  });

  it.each([
    ['darwin', ['Library', 'Application Support', 'pip', 'pip.conf'], {}],
    ['linux', ['xdg', 'pip', 'pip.conf'], { XDG_CONFIG_HOME: 'xdg' }],
  ] as const)('are looked for where pip has them on %s', (platform, parts, variables) => {
    const home = temporaryFolder();
    write(join(home, ...parts), 'cert = /corp.pem');
    const environment = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, join(home, value)]));

    expect(namedRoots({ ...settingsIn(home, environment), platform }).map(({ path }) => path)).toEqual(['/corp.pem']);
  });

  it('cannot be looked for in git where there is none', () => {
    const home = temporaryFolder();
    write(join(home, '.gitconfig'), '[http]\n\tsslCAInfo = /global.pem\n');

    expect(namedRoots(settingsIn(home, { PATH: home }))).toEqual([]);
  });
});
