import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAuthority } from '../../../src/certs/authority.ts';
import {
  detectStores,
  formatCommand,
  nssDatabases,
  runPlan,
  trustPlan,
  trustStores,
  undoPlan,
  type Command,
  type TrustTarget,
} from '../../../src/certs/trust-store.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

function target(over: Partial<TrustTarget> = {}): TrustTarget {
  const { certificate } = createAuthority(temporaryFolder(), { hosts: ['a.example'], nowMs: Date.now() });
  const base = {
    path: '/h/ca.crt',
    homeFolder: '/home/x',
    isRoot: false,
    nssDatabases: ['/home/x/.pki/nssdb'],
    hasJavaStore: false,
  };
  return { certificate, ...base, ...over };
}

describe('plans for trust stores', () => {
  it.each([...trustStores])('name one certificate and its exact undo: %s', (store) => {
    const given = target();
    const { fingerprint, fingerprint256 } = given.certificate;
    const ids = [
      fingerprint.replaceAll(':', ''),
      `sluice-${fingerprint256.replaceAll(':', '').slice(0, 8).toLowerCase()}`,
    ];

    const plan = trustPlan(store, given);

    expect(plan.install.some((command) => command.includes('/h/ca.crt'))).toBe(true);
    expect(plan.remove.some((command) => ids.some((id) => command.some((part) => part.includes(id))))).toBe(true);
    expect(plan.effect).not.toBe('');
  });

  it.each(['debian', 'rhel'] as const)('ask sudo for what changes the system, unless root runs them: %s', (store) => {
    const programs = (isRoot: boolean) => {
      const { install, remove } = trustPlan(store, target({ isRoot }));
      return new Set([...install, ...remove].map(([program]) => program === 'sudo'));
    };

    expect(programs(false)).toEqual(new Set([true]));
    expect(programs(true)).toEqual(new Set([false]));
  });

  it('take the copy out of Java’s store too, which Debian’s hook leaves there', () => {
    const given = target({ hasJavaStore: true });
    const alias = `debian:sluice-${given.certificate.fingerprint256.replaceAll(':', '').slice(0, 8).toLowerCase()}.pem`;

    expect(
      trustPlan('debian', given).tidy.map((command) => [command.includes('keytool'), command.includes(alias)]),
    ).toEqual([[true, true]]);
    expect(trustPlan('debian', target()).tidy).toEqual([]);
  });

  it.each(['macos', 'windows', 'nss'] as const)('change nothing beyond the user: %s', (store) => {
    const { install, remove } = trustPlan(store, target());

    expect([...install, ...remove].flat()).not.toContain('sudo');
  });

  it('are made for every NSS database', () => {
    const plan = trustPlan('nss', target({ nssDatabases: ['/a', '/b'] }));

    expect(plan.install.map((command) => command[2])).toEqual(['sql:/a', 'sql:/b']);
    expect(plan.remove.map((command) => command[2])).toEqual(['sql:/a', 'sql:/b']);
  });
});

describe('the stores of a machine', () => {
  it.each<[NodeJS.Platform, string[], string[], string[]]>([
    ['darwin', [], [], ['macos']],
    ['darwin', [], ['/db'], ['macos', 'nss']],
    ['win32', [], ['/db'], ['windows']],
    ['linux', ['/usr/local/share/ca-certificates'], [], ['debian']],
    ['linux', ['/etc/pki/ca-trust/source/anchors'], ['/db'], ['rhel', 'nss']],
    ['linux', [], [], []],
    ['freebsd', ['/usr/local/share/ca-certificates'], [], []],
  ])('on %s with %j and NSS databases %j are %j', (platform, present, databases, expected) => {
    expect(detectStores(platform, databases, (path) => present.includes(path))).toEqual(expected);
  });

  it('have the NSS databases of the user and of Firefox profiles', () => {
    const home = temporaryFolder();
    const folders = ['.pki/nssdb', '.mozilla/firefox/abc.default', 'snap/firefox/common/.mozilla/firefox/x'];
    for (const folder of [...folders, '.mozilla/firefox/empty']) mkdirSync(join(home, folder), { recursive: true });
    for (const folder of folders) writeFileSync(join(home, folder, 'cert9.db'), '');

    expect(nssDatabases(home).sort()).toEqual(folders.map((folder) => join(home, folder)).sort());
    expect(nssDatabases(temporaryFolder())).toEqual([]);
  });
});

describe('running a plan', () => {
  const commands: Command[] = [['first', 'a'], ['second'], ['third']];

  it('runs its commands in order', () => {
    const seen: Command[] = [];

    runPlan(commands, (command) => {
      seen.push(command);
      return 0;
    });

    expect(seen).toEqual(commands);
  });

  it('stops at the first that fails, and names it', () => {
    const seen: string[] = [];
    const run = () => {
      runPlan(commands, ([program]) => {
        seen.push(program);
        return program === 'second' ? 3 : 0;
      });
    };

    expect(run).toThrowError(expect.objectContaining({ code: 'ERR_PERMISSION', message: 'second ended with 3' }));
    expect(seen).toEqual(['first', 'second']);
  });

  it('is undone whether or not there was something to tidy', () => {
    const seen: string[] = [];
    const plan = trustPlan('debian', target({ isRoot: true, hasJavaStore: true }));

    undoPlan(plan, ([program]) => {
      seen.push(program);
      return program === 'keytool' ? 1 : 0;
    });

    expect(seen).toEqual(['rm', 'update-ca-certificates', 'keytool']);
    expect(() => {
      undoPlan(plan, () => 1);
    }).toThrowError(expect.objectContaining({ code: 'ERR_PERMISSION' }));
  });

  it('hands arguments over as they are, never through a shell', () => {
    const folder = temporaryFolder();
    const program = join(folder, 'program');
    writeFileSync(program, `#!/bin/sh\nprintf '%s|' "$@" > "${folder}/seen"\n`);
    chmodSync(program, 0o755);
    const path = process.env['PATH'];
    process.env['PATH'] = `${folder}${delimiter}${path ?? ''}`;
    onTestFinished(() => {
      process.env['PATH'] = path;
    });

    runPlan([['program', '$(id)', "it's; rm", '*']]);

    expect(readFileSync(join(folder, 'seen'), 'utf8')).toBe("$(id)|it's; rm|*|");
  });

  it('says which program is missing', () => {
    expect(() => {
      runPlan([['no-such-program-of-ours']]);
    }).toThrowError(expect.objectContaining({ code: 'ERR_PERMISSION', message: expect.stringContaining('ENOENT') }));
  });

  it('prints commands so that a shell reads them back', () => {
    expect(formatCommand(['certutil', '-d', "sql:/home/o'brien/a b", '-t', 'C,,'])).toBe(
      `certutil -d 'sql:/home/o'\\''brien/a b' -t C,,`,
    );
  });
});
