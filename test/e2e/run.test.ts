/** `sluice run`, `env`, `status` and `stop`: what a command gets, how it ends, and who serves it. */
import { readFileSync, statSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { member, text } from '../../src/app/stand-in/json.ts';
import { everydayEnv, leaks, plantedFile } from '../helpers/planted.ts';
import { createProduct, sluice, type CommandOptions, type Ended, type Product } from '../helpers/product.ts';

/** A client that needs nothing but what `run` sets: it posts standard input and prints the reply. */
const client = `
const { ProxyAgent, request } = require(process.env.TEST_UNDICI);
const { readFileSync } = require('node:fs');
(async () => {
  const ca = readFileSync(process.env.SSL_CERT_FILE, 'utf8');
  const dispatcher = new ProxyAgent({ uri: process.env.HTTPS_PROXY, requestTls: { ca } });
  const body = JSON.stringify({ model: 'm', max_tokens: 9, messages: [{ role: 'user', content: readFileSync(0, 'utf8') }] });
  const reply = await request('https://api.anthropic.com/v1/messages', { dispatcher, method: 'POST', headers: { 'content-type': 'application/json' }, body });
  console.log(reply.statusCode, await reply.body.text());
  await dispatcher.close();
})();`;
const printEnvironment = 'process.stdout.write(JSON.stringify(process.env))';
const undici = new URL(import.meta.resolve('undici')).pathname;

const planted = plantedFile();
const password = planted.values.find(({ name }) => name === 'database password')?.value ?? '';

let product: Product;
let project: string;
beforeAll(async () => {
  product = await createProduct({ isStarted: false });
  project = join(product.folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, '.env'), `${everydayEnv}SESSION_SIGNING=${password}\nAB=xy\n`);
});
afterAll(() => product.close());

/** The options stand before the command: what follows `--` is the command's own. */
function run(command: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  const env = { ...product.env, TEST_UNDICI: undici, ...options.env };
  return sluice(['run', ...product.selection, '--', ...command], { cwd: project, ...options, env });
}

const node = (program: string, ...args: readonly string[]): readonly string[] => [
  process.execPath,
  '-e',
  program,
  ...args,
];

function stateOf(home: string): { readonly pid: number; readonly proxy: string } {
  const state: unknown = JSON.parse(readFileSync(join(home, 'proxy.json'), 'utf8'));
  return { pid: Number(member(state, 'pid')), proxy: text(member(state, 'proxy')) };
}

describe('what run sets', () => {
  it('sends the command through the proxy with a credential of its own, and trusts the authority', async () => {
    const ended = await run(node(printEnvironment), {
      env: { NO_PROXY: 'corp.example,api.anthropic.com,.anthropic.com', ALL_PROXY: 'socks5://127.0.0.1:9' },
    });
    const env: unknown = JSON.parse(ended.stdout);
    const proxy = new URL(text(member(env, 'HTTPS_PROXY')));

    expect(ended.code).toBe(0);
    expect(proxy.hostname).toBe('127.0.0.1');
    expect(proxy.password.length).toBeGreaterThan(15);
    for (const name of ['HTTP_PROXY', 'https_proxy', 'http_proxy'])
      expect(member(env, name)).toBe(member(env, 'HTTPS_PROXY'));
    expect(text(member(env, 'NO_PROXY')).split(',').toSorted()).toEqual(
      ['::1', '127.0.0.1', 'corp.example', 'localhost'].toSorted(),
    );
    expect(member(env, 'ALL_PROXY')).toBeUndefined();
    expect(readFileSync(text(member(env, 'NODE_EXTRA_CA_CERTS')), 'utf8')).toContain('BEGIN CERTIFICATE');
    expect(statSync(text(member(env, 'SSL_CERT_FILE'))).size).toBeGreaterThan(
      statSync(text(member(env, 'NODE_EXTRA_CA_CERTS'))).size,
    );
  });

  it('masks what the .env of its folder holds, though no rule names it, and leaves everyday values alone', async () => {
    const source = `${everydayEnv}AB=xy\nconst session = start("${password}", 3000, true, "development");\n`;
    const ended = await run(node(client), { input: source });
    const body = Buffer.from(product.vendor.requests.at(-1)?.body ?? []).toString();

    expect(ended.stdout).toMatch(/^200 /);
    expect(leaks(product.vendor.requests, [{ name: 'password', value: password }])).toEqual([]);
    for (const line of everydayEnv.trim().split('\n')) expect(body).toContain(line);
    expect(body).toMatch(/const session = start\(\\"SLUICE_SECRET_[a-z2-7]{16}\\", 3000, true, \\"development\\"\);/);
  });

  it('says how much is protected before, and what was masked after, on stderr alone', async () => {
    const ended = await run(node(client), { input: password });

    expect(ended.stderr).toMatch(/^sluice: 1 protected values/m);
    expect(ended.stderr).toMatch(/mask/);
    expect(ended.stderr).not.toContain(password);
    expect(ended.stdout).not.toContain('sluice:');
  });
});

describe('how a command ends', () => {
  it.each([
    ['its own code', node('process.exit(7)'), 7],
    ['127 where there is no such command', ['no-such-command-anywhere'], 127],
    ['126 where it cannot be executed', ['./.env'], 126],
    ['128 and the signal that ended it', node("process.kill(process.pid, 'SIGTERM')"), 143],
  ])('gives %s', async (_, command, code) => {
    expect((await run(command)).code).toBe(code);
  });

  it('hands a signal on to the command and waits for it', async () => {
    const program = "process.on('SIGTERM', () => process.exit(9)); console.log('ready'); setInterval(() => {}, 1000)";
    const ended = await run(node(program), {
      onStart: (child) => {
        child.stdout?.on('data', (chunk: Buffer) => {
          if (chunk.toString().includes('ready')) child.kill('SIGTERM');
        });
      },
    });

    expect(ended.code).toBe(9);
  });

  it('is a usage error without a command', async () => {
    expect((await sluice(['run'], { env: product.env })).code).toBe(2);
  });
});

describe('the proxy that run started', () => {
  it('serves two runs at once, stays for the next, and is stopped by stop', async () => {
    const inner = node(
      "console.log(require('fs').readFileSync(process.argv[1], 'utf8'))",
      join(product.home, 'proxy.json'),
    );
    const [one, two] = await Promise.all([run(inner), run(inner)]);
    const status = await product.sluice(['status', '--json']);
    const stopped = await product.sluice(['stop']);
    const after = await product.sluice(['status', '--json']);

    expect(member(JSON.parse(one.stdout), 'pid')).toBe(member(JSON.parse(two.stdout), 'pid'));
    expect(JSON.parse(status.stdout)).toMatchObject({
      running: true,
      status: { isDetached: true, recordHealthy: true },
    });
    expect([status.code, stopped.code, after.code]).toEqual([0, 0, 1]);
    expect(JSON.parse(after.stdout)).toEqual({ schemaVersion: 1, running: false });
  });

  it('says what kept it from starting, and the command does not start', async () => {
    product.configure({ rules: ['no-such-pack'] });
    const ended = await run(node('console.log("started")'));
    product.configure({});

    expect(ended).toMatchObject({ code: 78, stdout: '', stderr: expect.stringContaining('no-such-pack') });
  });

  it('is none that a shell should be pointed at: env --if-running prints nothing', async () => {
    await run(node(''));
    const conditional = await product.sluice(['env', '--shell', 'bash', '--if-running']);
    const always = await product.sluice(['env', '--shell', 'bash']);

    expect(conditional).toMatchObject({ code: 0, stdout: '' });
    expect(always.stdout).toMatch(/^export HTTPS_PROXY='http:\/\/127\.0\.0\.1:\d+'$/m);
  });

  it('knows the credential of a live run again after a restart, and forgets it when the run is over', async () => {
    const marker = join(product.folder, 'restarted');
    const program = `
      const { connect } = require('node:net');
      const { existsSync } = require('node:fs');
      const url = new URL(process.env.HTTPS_PROXY);
      console.log('ready');
      const timer = setInterval(() => {
        if (!existsSync(${JSON.stringify(marker)})) return;
        clearInterval(timer);
        const socket = connect(Number(url.port), url.hostname);
        const basic = Buffer.from(url.username + ':' + url.password).toString('base64');
        const target = 'api.anthropic.com:443';
        socket.write(\`CONNECT \${target} HTTP/1.1\\r\\nHost: \${target}\\r\\nProxy-Authorization: Basic \${basic}\\r\\n\\r\\n\`);
        socket.once('data', (chunk) => { console.log(String(chunk).split(' ')[1]); process.exit(0); });
      }, 20);`;
    const restart = async (): Promise<void> => {
      const { pid, proxy } = stateOf(product.home);
      process.kill(pid, 'SIGKILL');
      await product.start(['--listen', new URL(proxy).host]);
      writeFileSync(marker, '');
    };
    let restarted = Promise.resolve();
    const ended = await run(node(program), {
      onStart: (child) =>
        void child.stdout?.once('data', () => {
          restarted = restart();
        }),
    });
    await restarted;
    const status = await product.json('status');

    expect(ended.stdout.trim().split('\n')).toEqual(['ready', '200']);
    expect(ended.code).toBe(0);
    expect(member(member(status, 'status'), 'runs')).toBe(0);
  });

  it('forgets a run that was killed, so that its credential ends', async () => {
    const orphan =
      'const parent = process.ppid; setInterval(() => process.ppid === parent || process.exit(), 20); console.log("ready")';
    const killed = await run(node(orphan), {
      onStart: (child) => void child.stdout?.once('data', () => child.kill('SIGKILL')),
    });
    const runsBefore = member(member(await product.json('status'), 'status'), 'runs');
    await product.proxy.end('SIGKILL');
    await product.start();
    const runsAfter = member(member(await product.json('status'), 'status'), 'runs');

    expect(killed.signal).toBe('SIGKILL');
    expect([runsBefore, runsAfter]).toEqual([1, 0]);
  });
});
