/** What keeps a proxy from starting, and what it survives: the code, the place, the next step. */
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority } from '../../src/certs/authority.ts';
import { createProduct, sluice, startProxy, type Ended, type Product } from '../helpers/product.ts';
import { listenAnywhere } from '../helpers/listening.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const anywhere = ['--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0'];
let folder: string;

/** A start that must fail: it ends by itself, with nothing on stdout. */
async function fails(args: readonly string[], more: Parameters<typeof sluice>[1] = {}): Promise<Ended> {
  const ended = await sluice(['start', ...anywhere, ...args], { env: { HOME: folder }, ...more });
  expect(ended.stdout).toBe('');
  return ended;
}
function config(text: string, mode = 0o600): readonly string[] {
  const path = join(folder, 'config.yaml');
  writeFileSync(path, text, { mode });
  chmodSync(path, mode);
  return ['--config', path, '--home', join(folder, 'home')];
}

describe('a start that cannot be', () => {
  it.each([
    ['a key that does not exist, with the nearest', 'unknownHost: block\n', 78, /config\.yaml:1:1: .*unknownHosts/],
    ['a value that is none', 'mode: enforce\nunknownHosts: maybe\n', 78, /config\.yaml:2:15: .*tunnel/],
    ['YAML that cannot be read', 'mode: [\n', 78, /config\.yaml:\d+:\d+/],
    ['a pack that does not exist', 'rules: [secretz]\n', 78, /secretz/],
  ])('names %s', async (_, text, code, message) => {
    folder = temporaryFolder();
    const ended = await fails(config(text));

    expect(ended.code).toBe(code);
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr).toMatch(/\(ERR_[A-Z_]+\)\n {2}\S/);
  });

  it('names the place in a rule file that is wrong', async () => {
    folder = temporaryFolder();
    writeFileSync(join(folder, 'mine.yaml'), 'pack: mine\nrules:\n  - id: Not Kebab\n    patern: x\n', { mode: 0o600 });
    const ended = await fails(config('rules: [secrets, ./mine.yaml]\n'));

    expect(ended.code).toBe(78);
    expect(ended.stderr).toMatch(/mine\.yaml:\d+:\d+: /);
  });

  it('does not take a configuration that others can write', async () => {
    folder = temporaryFolder();
    const ended = await fails(config('mode: enforce\n', 0o666));

    expect(ended).toMatchObject({ code: 78, stderr: expect.stringMatching(/config\.yaml.*\(ERR_CONFIG_UNSAFE\)/) });
  });

  it('does not take a port that is in use, and names it', async () => {
    folder = temporaryFolder();
    const server = createServer();
    const port = await listenAnywhere(server);
    const ended = await sluice(
      ['start', '--listen', `127.0.0.1:${port}`, '--admin', '127.0.0.1:0', ...config('{}\n')],
      { env: { HOME: folder } },
    );
    server.close();

    expect(ended).toMatchObject({ code: 69, stderr: expect.stringContaining(String(port)) });
  });

  it('names a configuration that is not there, and an option or command that is none', async () => {
    folder = temporaryFolder();
    const [missing, option, command] = await Promise.all([
      fails(['--config', join(folder, 'gone.yaml')]),
      sluice(['start', '--lisen', '1'], { env: { HOME: folder } }),
      sluice(['strat'], { env: { HOME: folder } }),
    ]);

    expect([missing.code, option.code, command.code]).toEqual([66, 2, 2]);
    expect(option.stderr).toContain('--listen');
    expect(command.stderr).toContain('start');
  });

  it.runIf(process.getuid?.() === 0)('cannot write its data folder, and says so', async () => {
    folder = temporaryFolder();
    chmodSync(folder, 0o755);
    const home = join(folder, 'home');
    const ended = await sluice(['start', ...anywhere, '--home', home], { env: { HOME: folder }, uid: 65_534 });

    expect(ended).toMatchObject({ code: 73, stdout: '', stderr: expect.stringContaining(home) });
  });

  it.runIf(process.getuid?.() === 0)(
    "refuses somebody else's data folder that is open to others, and names one",
    async () => {
      folder = temporaryFolder();
      chmodSync(folder, 0o755);
      const home = join(folder, 'volume');
      mkdirSync(home);
      chmodSync(home, 0o777);
      const ended = await sluice(['start', ...anywhere, '--home', home], { env: { HOME: folder }, uid: 65_534 });

      expect(ended).toMatchObject({ code: 73, stdout: '', stderr: expect.stringContaining(join(home, 'sluice')) });
    },
  );
});

describe('a home', () => {
  let product: Product;
  beforeAll(async () => {
    product = await createProduct();
    folder = product.folder;
  });
  afterAll(() => product.close());

  it('has one proxy: the second start is told who holds it, and the first goes on', async () => {
    const second = await product.sluice(['start', '--json']);
    const reply = await product.send('https://api.anthropic.com/v1/models', { method: 'GET' });

    expect(second.code).toBe(69);
    expect(JSON.parse(second.stdout)).toMatchObject({ schemaVersion: 1, error: { code: 'ERR_HOME_LOCKED' } });
    expect(reply.status).toBe(404);
  });

  it('keeps its old configuration when the new one is bad, and says so loudly', async () => {
    const before = readFileSync(product.configPath, 'utf8');
    writeFileSync(product.configPath, `${before}unknownHost: block\n`);
    product.proxy.process.kill('SIGHUP');
    const line = await product.proxy.logged(/configuration not reloaded: .*/);
    const reply = await product.send('https://api.anthropic.com/v1/models', { method: 'GET' });
    writeFileSync(product.configPath, before);

    expect(line).toMatch(/unknownHosts/);
    expect(reply.status).toBe(404);
    expect(product.proxy.process.exitCode).toBeNull();
  });

  it('does not use an authority whose key others can read', async () => {
    await product.proxy.end();
    const key = join(product.home, 'ca', 'ca.key');
    chmodSync(key, 0o640);
    const ended = await product.sluice(['start']);
    chmodSync(key, 0o600);

    expect(ended).toMatchObject({ code: 77, stderr: expect.stringContaining('ERR_CA_KEY_READABLE') });
  });

  it('makes a missing authority again', async () => {
    const before = product.proxy.ca;
    await product.proxy.end();
    rmSync(join(product.home, 'ca'), { recursive: true });
    const started = await startProxy(product.selection, { env: product.env });
    await started.end();

    expect(started.ca).toContain('BEGIN CERTIFICATE');
    expect(started.ca).not.toBe(before);
  });

  it('does not use an authority that has expired, and says how to make a new one', async () => {
    await product.proxy.end();
    rmSync(join(product.home, 'ca'), { recursive: true });
    createAuthority(product.home, { hosts: ['api.anthropic.com'], nowMs: Date.parse('2001-01-01T00:00:00Z') });
    const ended = await product.sluice(['start']);

    expect(ended).toMatchObject({
      code: 78,
      stdout: '',
      stderr: expect.stringMatching(/it expired on .*\n.*ca rotate/),
    });
  });
});
