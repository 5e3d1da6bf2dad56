import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig, type LoadOptions } from '../../../src/config/load.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-config-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

/** Loads with nothing from this machine: files stand in the test's folder. */
function load(options: Partial<LoadOptions> = {}) {
  return loadConfig({
    env: {},
    cwd: folder,
    userFile: join(folder, 'config.yaml'),
    organisationFile: join(folder, 'organisation.yaml'),
    readyPolicies: folder,
    ...options,
  });
}
const user = (text: string) => write('config.yaml', text);
const organisation = (text: string) => write('organisation.yaml', text);

/** What loading throws. */
function failure(options: Partial<LoadOptions> = {}): unknown {
  try {
    load(options);
  } catch (error: unknown) {
    return error;
  }
  return undefined;
}

describe('where a value comes from', () => {
  it('is the profile where nothing else says so', () => {
    const { config, origin, file } = load();

    expect(config).toMatchObject({ profile: 'workstation', listen: '127.0.0.1:7787', unknownHosts: 'tunnel' });
    expect(origin.get('unknownHosts')).toBe('profile workstation');
    expect(file).toBeUndefined();
  });

  it('is flags over environment over file over profile', () => {
    user('listen: 127.0.0.1:1\nadmin: 127.0.0.1:2\nlimits:\n  streams: 3\n  bodyBytes: 2048\n');

    const { config, origin } = load({
      flags: { listen: '127.0.0.1:9' },
      env: { SLUICE_LISTEN: '127.0.0.1:8', SLUICE_LIMITS_STREAMS: '7' },
    });

    expect(config).toMatchObject({
      listen: '127.0.0.1:9',
      admin: '127.0.0.1:2',
      limits: { streams: 7, bodyBytes: 2048 },
    });
    expect(config.limits.decodeDepth).toBe(4);
    expect(origin.get('listen')).toBe('flag --listen');
    expect(origin.get('limits.streams')).toBe('env SLUICE_LIMITS_STREAMS');
    expect(origin.get('admin')).toBe(`${join(folder, 'config.yaml')}:2:8`);
    expect(origin.get('limits.bodyBytes')).toBe(`${join(folder, 'config.yaml')}:5:14`);
  });

  it('may be another file, by flag or variable', () => {
    const one = write('one.yaml', 'mode: observe');
    write('two.yaml', 'mode: enforce');

    expect(load({ env: { SLUICE_CONFIG: one } })).toMatchObject({ config: { mode: 'observe' }, file: one });
    expect(load({ env: { SLUICE_CONFIG: one }, flags: { config: 'two.yaml' } }).config.mode).toBe('enforce');
  });

  it('may be a file that a variable names, for values that hold a credential', () => {
    write('proxy.txt', 'http://user:pw@corp.test:3128\n');

    expect(load({ env: { SLUICE_UPSTREAM_PROXY_FILE: 'proxy.txt' } }).config.upstream.proxy).toBe(
      'http://user:pw@corp.test:3128',
    );
  });

  it('resolves paths against the file that says them, and flags against the folder of the call', () => {
    user('rules: [secrets, ./mine.yaml]\nupstream: { ca: [corp.pem] }\nauth: { users: ./users }\n');

    const { config } = load({ cwd: '/elsewhere', flags: { home: 'data' } });

    expect(config.rules).toEqual(['secrets', join(folder, 'mine.yaml')]);
    expect(config.upstream.ca).toEqual([join(folder, 'corp.pem')]);
    expect(config.auth.users).toBe(join(folder, 'users'));
    expect(config.home).toBe('/elsewhere/data');
  });

  it('is never changed afterwards', () => {
    const { config } = load();

    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.limits)).toBe(true);
    expect(Object.isFrozen(config.rules)).toBe(true);
  });
});

describe('profiles', () => {
  it.each([
    ['sidecar', { unknownHosts: 'block', block: { as: 'error' }, network: { private: 'refuse' }, workers: 1 }],
    ['gateway', { unknownHosts: 'block', auth: { mode: 'required' }, workers: 'auto', protect: { dotenv: [] } }],
  ])('%s has its own defaults', (profile, expected) => {
    expect(load({ env: { SLUICE_PROFILE: profile } }).config).toMatchObject({ profile, ...expected });
  });

  it.each([
    ['listen: 0.0.0.0:7787', /config\.yaml:1:9: a listener beyond loopback .* needs auth\.mode: required/],
    ['auth: { mode: required }', /auth\.mode: required needs a users file/],
    ['profile: gateway\nauth: { mode: optional }', /beyond loopback/],
  ])('refuse %j', (text, message) => {
    user(text);

    expect(() => load()).toThrow(message);
  });

  it.each(['127.0.0.1:0', 'localhost:1', '[::1]:2', '127.9.9.9:3'])('take %s as loopback', (listen) => {
    expect(load({ flags: { listen } }).config.listen).toBe(listen);
  });
});

describe('what is wrong is named with its place', () => {
  it.each([
    ['destinatons: []', /config\.yaml:1:1: unknown key "destinatons"; did you mean "destinations"\?/],
    ['limits:\n  bodyByte: 1', /:2:3: unknown key "bodyByte"; did you mean "bodyBytes"\?/],
    [
      'policy:\n  - when: { severty: low }\n    action: mask',
      /:2:13: unknown key "severty"; did you mean "severity"\?/,
    ],
    ['mode: off', /:1:7: mode: expected one of "enforce"\|"observe"/],
    ['limits: { streams: many }', /:1:20: limits\.streams/],
    ['listen: here', /:1:9: listen: must be host:port/],
    ['listen: 127.0.0.1:99999', /port of at most 65535/],
    ['allow:\n  - rule: x', /:2:5: allow\[0\]\.reason/],
    ['allow:\n  - reason: because', /must name a fingerprint, rule, path or host/],
    ['a: [1', /:\d+:\d+: not valid YAML/],
    ['mode: observe\nmode: enforce', /:2:1: not valid YAML \(duplicate key\)/],
    ['mode: !!js/function "x"', /not valid YAML|mode/],
    ['- just a list', /:1:1/],
    ['policies: [pic]', /no ready policy is named "pic"/],
  ])('%j', (text, message) => {
    user(text);

    expect(failure()).toMatchObject({ code: 'ERR_CONFIG_INVALID', message: expect.stringMatching(message) });
  });

  it('never shows a value of the file', () => {
    const value = ['hidden', 'value', '123'].join('-');
    user(`upstream:\n  proxy: "${value}"\nmode: ${value}\nlimits: { streams: "${value}" }\nlisten: [${value}\n`);

    expect(String(failure())).not.toContain(value);
    user(`upstream:\n  proxy: "${value}"\nmode: ${value}\nlimits: { streams: "${value}" }\n`);
    expect(String(failure())).not.toContain(value);
    expect(String(failure({ env: { SLUICE_LIMITS_STREAMS: value, SLUICE_MODE: value } }))).not.toContain(value);
  });

  it.each([
    [{ SLUICE_LIMITS_STREAMS: 'many' }, /SLUICE_LIMITS_STREAMS must be a whole number/],
    [{ SLUICE_RESTORE_PROSE: 'maybe' }, /SLUICE_RESTORE_PROSE must be boolean/],
    [{ SLUICE_MODE: 'off' }, /env SLUICE_MODE: expected one of/],
    [{ SLUICE_LISTEN: 'x' }, /env SLUICE_LISTEN: must be host:port/],
  ])('in the environment: %j', (env, message) => {
    expect(failure({ env })).toMatchObject({ code: 'ERR_CONFIG_INVALID', message: expect.stringMatching(message) });
  });

  it.each([
    [{ flags: { config: 'gone.yaml' } }],
    [{ env: { SLUICE_CONFIG: 'gone.yaml' } }],
    [{ env: { SLUICE_POLICY: 'gone.yaml' } }],
    [{ env: { SLUICE_UPSTREAM_PROXY_FILE: 'gone' } }],
  ])('when a named file is missing: %j', (options) => {
    expect(failure(options)).toMatchObject({ code: 'ERR_INPUT_MISSING' });
  });

  it('takes an empty file, or one of comments, as saying nothing', () => {
    user('# nothing yet\n');

    expect(load().config.mode).toBe('enforce');
  });
});

describe('warnings', () => {
  it.each([
    [{ SLUICE_LIMTS_STREAMS: '1' }, 'unknown variable SLUICE_LIMTS_STREAMS; did you mean SLUICE_LIMITS_STREAMS?'],
    [{ SLUICE_MODE: 'observe' }, 'mode: observe decides and records, and changes nothing'],
    [{ SLUICE_ON_UNREADABLE: 'forward' }, 'onUnreadable: forward sends on what could not be read'],
  ])('%j', (env, warning) => {
    expect(load({ env }).warnings).toContain(warning);
  });

  it('say nothing of variables that are known or empty', () => {
    const env = { SLUICE_KEY_FILE: '/x', SLUICE_HOME: '/h', SLUICE_ODD: '', OTHER: '1' };

    expect(load({ env }).warnings).toEqual([]);
  });

  it('name an exception that has expired', () => {
    user('allow:\n  - { rule: x, reason: because, expires: "2020-01-01" }\n');

    expect(load().warnings).toEqual(['allow[0] has expired on 2020-01-01']);
  });
});

describe("the organisation's policy", () => {
  it('tightens what has an order and pins the rest', () => {
    user(
      'mode: observe\nunknownHosts: block\nlimits: { bodyBytes: 4096, decodeDepth: 2 }\nrestore: { mcp: [git, web] }\n',
    );
    organisation(
      [
        'mode: enforce',
        'unknownHosts: tunnel',
        'onUnreadable: forward',
        'preset: strict',
        'limits: { bodyBytes: 8192, decodeDepth: 3, streams: 10 }',
        'audit: { retentionDays: 365, onFailure: forward }',
        'restore: { shell: false, mcp: [git] }',
        'rules: [secrets, ./own.yaml]',
        'protect: { env: ["*_KEY"] }',
      ].join('\n'),
    );

    const { config, origin } = load();

    expect(config).toMatchObject({
      mode: 'enforce',
      unknownHosts: 'block',
      onUnreadable: 'block',
      preset: 'strict',
      limits: { bodyBytes: 4096, decodeDepth: 3, streams: 10 },
      audit: { retentionDays: 365, onFailure: 'block' },
      restore: { prose: true, shell: false, mcp: ['git'] },
      rules: ['secrets', 'regulated/*', join(folder, 'own.yaml')],
      protect: { env: ['*_KEY'], dotenv: ['.env', '.env.*'] },
    });
    expect(origin.get('mode')).toBe(`organisation ${join(folder, 'organisation.yaml')}:1:7`);
  });

  it('counts over flags and environment', () => {
    organisation('mode: enforce\nlisten: 127.0.0.1:4\nprofile: sidecar');

    const { config } = load({
      flags: { listen: '127.0.0.1:5' },
      env: { SLUICE_MODE: 'observe', SLUICE_PROFILE: 'gateway' },
    });

    expect(config).toMatchObject({ mode: 'enforce', listen: '127.0.0.1:4', profile: 'sidecar' });
  });

  it('is added to by SLUICE_POLICY, never replaced', () => {
    organisation('mode: enforce\naudit: { retentionDays: 365 }');
    write('more.yaml', 'unknownHosts: block\naudit: { retentionDays: 1 }');

    const { config, layers } = load({ env: { SLUICE_POLICY: 'more.yaml', SLUICE_MODE: 'observe' } });

    expect(config).toMatchObject({ mode: 'enforce', unknownHosts: 'block', audit: { retentionDays: 365 } });
    expect(layers.organisation).toHaveLength(2);
  });

  it('may not make exceptions', () => {
    organisation('allow:\n  - { rule: x, reason: because }');

    expect(() => load()).toThrow(/organisation\.yaml:1:1: unknown key "allow"/);
  });

  it('stops everything when it is broken', () => {
    organisation('mode: [');

    expect(failure()).toMatchObject({ code: 'ERR_CONFIG_INVALID' });
  });

  it('keeps its say apart from the user’s', () => {
    user('policy: [{ action: forward }]');
    organisation('policy: [{ action: block }]');

    const { layers } = load();

    expect(layers.user.policy).toMatchObject([{ action: 'forward' }]);
    expect(layers.organisation).toMatchObject([{ name: 'organisation', policy: [{ action: 'block' }] }]);
  });
});

describe('ready policies', () => {
  it('raise what the user says', () => {
    write('pci.yaml', 'title: PCI\ndescription: cards\npolicy: [{ when: { regime: PCI-DSS }, action: block }]\n');
    user('policies: [pci]');

    expect(load().layers.organisation).toMatchObject([{ name: 'policies pci', policy: [{ action: 'block' }] }]);
    user('policies: [pic]');
    expect(() => load()).toThrow(/did you mean pci\?/);
  });
});

describe.skipIf(process.platform === 'win32')('unsafe files', () => {
  it('are refused when everybody can write them', () => {
    chmodSync(user('mode: observe'), 0o666);

    expect(failure()).toMatchObject({ code: 'ERR_CONFIG_UNSAFE' });
  });

  it('are refused in a folder that everybody can write', () => {
    user('mode: observe');
    chmodSync(folder, 0o777);

    expect(failure()).toMatchObject({ code: 'ERR_CONFIG_UNSAFE' });
  });

  it('are refused when they are folders or too large', () => {
    expect(failure({ flags: { config: folder } })).toMatchObject({ code: 'ERR_CONFIG_UNSAFE' });
    user(`# ${'x'.repeat(1024 * 1024)}`);
    expect(failure()).toMatchObject({ code: 'ERR_CONFIG_INVALID', message: expect.stringMatching(/larger than/) });
  });
});
