/** Several processes behind one listener, through the built proxy: alike in all they do, and none missed when it dies. */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ProxyAgent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive } from '../../src/app/process-alive.ts';
import { dialects } from '../helpers/dialects.ts';
import { leaks, plantedFile } from '../helpers/planted.ts';
import { createProduct, eventually, startProxy, type Product } from '../helpers/product.ts';
import { sluiceCommand } from '../helpers/sluice.ts';

const planted = plantedFile();
const token = planted.values[0]?.value ?? '';
const [anthropic] = dialects;
if (anthropic === undefined) throw new Error('there is a first dialect');
const url = `https://${anthropic.host}${anthropic.path}`;
const workers = 2;
/** So many new connections, one after the other, that hardly ever one worker gets them all. */
const connections = 16;

let product: Product;
/** Held while set: replies wait after their first chunk. */
let hold: { readonly started: () => void; readonly until: Promise<void> } | undefined;

beforeAll(async () => {
  product = await createProduct({
    config: { workers },
    afterFirstChunk: async () => {
      hold?.started();
      await hold?.until;
    },
  });
});
afterAll(() => product.close());

/** The processes that a proxy has started, as the system lists them. */
function workersOf(pid: number | undefined): readonly number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const [, own, parent] = /^\s*(\d+)\s+(\d+)\s.*worker-main/.exec(line) ?? [];
    return Number(parent) === pid ? [Number(own)] : [];
  });
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** One request on a connection of its own, as its client sees it; undefined when it was cut. */
async function ask(content: string, proxyUrl = product.proxy.proxyUrl, isStream = false): Promise<Answer | undefined> {
  const agent = new ProxyAgent({ uri: proxyUrl, requestTls: { ca: product.proxy.ca } });
  try {
    const { statusCode, body } = await request(url, {
      dispatcher: agent,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(anthropic?.body([content], isStream)),
    });
    return { status: statusCode, text: await body.text() };
  } catch {
    // How a cut is called depends on where it fell; that it was is what counts.
    return undefined;
  } finally {
    await agent.destroy();
  }
}

const askAtOnce = (count: number, content: string): Promise<readonly (Answer | undefined)[]> =>
  Promise.all(Array.from({ length: count }, () => ask(content)));
async function askInTurn(content: string, proxyUrl?: string): Promise<readonly (Answer | undefined)[]> {
  const answers: (Answer | undefined)[] = [];
  for (let count = 0; count < connections; count++) answers.push(await ask(content, proxyUrl));
  return answers;
}
const statuses = (answers: readonly (Answer | undefined)[]): readonly (number | undefined)[] => [
  ...new Set(answers.map((answer) => answer?.status)),
];

async function verified(): Promise<unknown> {
  return product.json('log', 'verify');
}

describe('a proxy of two workers', () => {
  it('masks and restores fifty exchanges at one time, and records every one', async () => {
    const answers = await askAtOnce(50, `GITHUB_TOKEN=${token}`);

    expect(workersOf(product.proxy.process.pid)).toHaveLength(workers);
    expect(statuses(answers)).toEqual([200]);
    for (const answer of answers) expect(answer?.text).toContain(`The token is ${token}.`);
    expect(leaks(product.vendor.requests, planted.values)).toEqual([]);
    const decisions = product.decisions(100);
    expect(new Set(decisions.map(({ id }) => id)).size).toBe(50);
    expect(new Set(decisions.map(({ action, response }) => `${action} ${response.status}`))).toEqual(
      new Set(['mask 200']),
    );
    expect(await verified()).toMatchObject({ ok: true, entries: 100, problems: [] });
    expect(await product.json('status')).toMatchObject({ status: { counts: { exchanges: 50 } } });
  });

  it('gives one value one placeholder, whichever worker masks it', () => {
    const bodies = product.vendor.requests.map(({ body }) => Buffer.from(body).toString('utf8'));
    const placeholders = bodies.flatMap((body) => /SLUICE_[A-Z0-9_]+_[a-z2-7]{16}/.exec(body)?.[0] ?? []);

    expect(placeholders).toHaveLength(50);
    expect(new Set(placeholders).size).toBe(1);
  });

  it("accepts a run's credential and masks what it protects in every worker, and in none once it has ended", async () => {
    const cwd = join(product.folder, 'project');
    mkdirSync(cwd);
    const secret = randomBytes(12).toString('hex');
    writeFileSync(join(cwd, '.env'), `SHOP_PASSPHRASE=${secret}\n`);
    const script = 'console.log(process.env.HTTPS_PROXY); process.stdin.resume()';
    const [program = '', ...args] = sluiceCommand('run', ...product.selection, '--', process.execPath, '-e', script);
    const run = spawn(program, args, { cwd, env: { PATH: process.env['PATH'], ...product.env } });
    const ended = once(run, 'close');
    const [proxyUrl]: unknown[] = await once(createInterface({ input: run.stdout }), 'line');
    const before = product.vendor.requests.length;

    const during = await askInTurn(`it says ${secret} here`, String(proxyUrl));
    run.stdin.end();
    await ended;
    const after = await askInTurn('harmless', String(proxyUrl));

    expect(statuses(during)).toEqual([200]);
    expect(leaks(product.vendor.requests.slice(before), [{ name: 'passphrase', value: secret }])).toEqual([]);
    expect(product.vendor.requests.length - before).toBe(connections);
    expect(statuses(after)).toEqual([undefined]);
  });

  it('applies a reload in every worker', async () => {
    const blocking = { policy: [{ when: { category: 'secret' }, action: 'block' }] };
    product.configure({ workers, ...blocking });
    product.proxy.process.kill('SIGHUP');
    await product.proxy.logged(/configuration reloaded/);

    const answers = await askInTurn(`GITHUB_TOKEN=${token}`);
    // Back again, through the file's watcher or the signal, whichever comes first.
    product.configure({ workers });
    product.proxy.process.kill('SIGHUP');
    const again = await eventually('the old policy', async () => {
      const latest = await askInTurn(`GITHUB_TOKEN=${token}`);
      return statuses(latest).join() === '200' ? latest : undefined;
    });

    expect(statuses(answers)).toEqual([400]);
    expect(again).toHaveLength(connections);
  });

  it('loses no recorded decision when a worker is killed, and goes on with another', async () => {
    const pid = product.proxy.process.pid;
    const [victim = 0, other] = workersOf(pid);
    const known = product.decisions(1000).length;
    const sent = Array.from({ length: 20 }, () => ask(`GITHUB_TOKEN=${token}`));
    // At least one was answered and others are under way.
    await Promise.race(sent);
    process.kill(victim, 'SIGKILL');
    const answers = await Promise.all(sent);
    const answered = answers.filter((answer) => answer !== undefined).length;
    const served = await askInTurn('harmless');
    await product.proxy.logged(/a worker was replaced/);
    const later = await askInTurn(`GITHUB_TOKEN=${token}`);

    expect(answered).toBeGreaterThan(0);
    expect(statuses(served)).toEqual([200]);
    expect(statuses(later)).toEqual([200]);
    expect(product.decisions(1000).length - known).toBeGreaterThanOrEqual(answered + 2 * connections);
    expect(leaks(product.vendor.requests, planted.values)).toEqual([]);
    expect(await verified()).toMatchObject({ ok: true, problems: [] });
    const now = workersOf(pid);
    expect(now).toHaveLength(workers);
    expect(now).toContain(other);
    expect(now).not.toContain(victim);
  });

  it('says in the record which exchange ended with its worker', async () => {
    let begun: () => void = () => undefined;
    const isBegun = new Promise<void>((resolve) => (begun = resolve));
    let go: () => void = () => undefined;
    hold = { started: () => begun(), until: new Promise((resolve) => (go = resolve)) };
    const streamed = ask(`GITHUB_TOKEN=${token}`, undefined, true);
    await isBegun;
    const before = workersOf(product.proxy.process.pid);
    for (const pid of before) process.kill(pid, 'SIGKILL');

    expect(await streamed).toBeUndefined();
    go();
    hold = undefined;
    await eventually('the outcome', () => {
      const [latest] = product.decisions(1);
      return latest?.action === 'error' && latest.reason === 'its worker ended' ? latest : undefined;
    });
  });

  it('keeps its address when all workers are gone at once', async () => {
    await eventually('two workers', () => workersOf(product.proxy.process.pid).length === workers || undefined);
    for (const pid of workersOf(product.proxy.process.pid)) process.kill(pid, 'SIGKILL');

    const answer = await eventually('an answer', () => ask(`GITHUB_TOKEN=${token}`));

    expect(answer.status).toBe(200);
  });

  it('says that its port is in use as one process does', async () => {
    const home = join(product.folder, 'second');
    mkdirSync(home, { mode: 0o700 });
    const { host } = new URL(product.proxy.proxyUrl);
    const selection = ['--config', product.configPath, '--home', home, '--listen', host];

    await expect(startProxy(selection, { env: product.env })).rejects.toThrow(/ERR_PORT_IN_USE/);
  });

  it('lets an exchange end on SIGTERM, records it, and ends with 0', async () => {
    let go: () => void = () => undefined;
    let begun: () => void = () => undefined;
    const isBegun = new Promise<void>((resolve) => (begun = resolve));
    hold = { started: () => begun(), until: new Promise((resolve) => (go = resolve)) };
    const streamed = ask(`GITHUB_TOKEN=${token}`, undefined, true);
    await isBegun;
    const ended = product.proxy.end('SIGTERM');
    await product.proxy.logged(/draining/);
    go();
    hold = undefined;

    expect((await streamed)?.text).toContain('message_stop');
    expect(await ended).toBe(0);
    expect(product.decisions(1)).toMatchObject([{ action: 'mask', response: { status: 200 } }]);
    expect(await verified()).toMatchObject({ ok: true, problems: [] });
  });

  it('ends its workers when the process that writes the record is killed', async () => {
    await product.start();
    const { pid } = product.proxy.process;
    const left = workersOf(pid);

    await product.proxy.end('SIGKILL');

    expect(left).toHaveLength(workers);
    await eventually('their end', () => (left.some(isAlive) ? undefined : true));
    expect(await ask('harmless')).toBeUndefined();
  });
});
