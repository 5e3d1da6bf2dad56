/** The whole product for a test: a stand-in vendor, the built proxy as a process, and a client that goes through it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { ProxyAgent, request } from 'undici';
import { stringify } from 'yaml';
import { createScript, type Script } from '../../src/app/stand-in/script.ts';
import { createStandIn, type StandIn, type StandInOptions } from '../../src/app/stand-in/stand-in.ts';
import { member, text } from '../../src/app/stand-in/json.ts';
import { openRecord } from '../../src/audit/reader.ts';
import type { Decision } from '../../src/core/decision.ts';
import { sluiceCommand } from './sluice.ts';
import { createThrowawayAuthority, type ThrowawayAuthority } from './throwaway-authority.ts';

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  readonly uid?: number;
  /** Told of the process once it runs. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs a program to its end without blocking this process, which is the vendor. */
export async function runProgram(
  [program = '', ...args]: readonly string[],
  { cwd, env = {}, input = '', uid, onStart }: CommandOptions = {},
): Promise<Ended> {
  const child = spawn(program, args, {
    env: { PATH: process.env['PATH'], ...env },
    ...(cwd === undefined ? {} : { cwd }),
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  // A program that ends without reading its input closes it: its exit code tells.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  onStart?.(child);
  const [code, signal] = await once(child, 'close');
  return { code: Number.isInteger(code) ? Number(code) : null, signal: toSignal(signal), stdout, stderr };
}

function toSignal(value: unknown): NodeJS.Signals | null {
  return value === 'SIGTERM' || value === 'SIGKILL' || value === 'SIGINT' || value === 'SIGHUP' ? value : null;
}

/** Runs the built command line. */
export function sluice(args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  return runProgram(sluiceCommand(...args), options);
}

/** Waits for what gives no event; fails when it does not come about. */
export async function eventually<Value>(
  what: string,
  look: () => Value | undefined | Promise<Value | undefined>,
  deadlineMs = 15_000,
): Promise<Value> {
  const until = performance.now() + deadlineMs;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > until) throw new Error(`${what} did not come about in ${deadlineMs} ms`);
    await wait(20);
  }
}

/** A `sluice start` under way. */
export interface Started {
  readonly process: ChildProcess;
  readonly proxyUrl: string;
  readonly adminUrl: string;
  readonly ca: string;
  readonly bundle: string;
  /** What it has said on stderr so far. */
  readonly log: () => string;
  /** What it has said on stdout so far. */
  readonly said: () => string;
  /** Resolves when its log says so. */
  readonly logged: (pattern: RegExp) => Promise<string>;
  /** Ends it with a signal; its exit code. */
  readonly end: (signal?: NodeJS.Signals) => Promise<number | null>;
}

/** Starts the proxy and waits for its listening line. */
export async function startProxy(args: readonly string[], options: CommandOptions = {}): Promise<Started> {
  const [program = '', ...rest] = sluiceCommand('start', '--json', ...args);
  const { uid, cwd } = options;
  const child = spawn(program, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...options.env },
    ...(cwd === undefined ? {} : { cwd }),
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  let log = '';
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (log += chunk));
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  const closed = once(child, 'close');
  const first = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), closed.then(() => [])]);
  const listening: unknown = first.length === 0 ? undefined : JSON.parse(String(first[0]));
  if (member(listening, 'event') !== 'listening') {
    await closed;
    throw new Error(`sluice did not start:\n${said}${log}`);
  }
  return {
    process: child,
    proxyUrl: text(member(listening, 'proxy')),
    adminUrl: text(member(listening, 'admin')),
    ca: readFileSync(text(member(listening, 'ca')), 'utf8'),
    bundle: text(member(listening, 'bundle')),
    log: () => log,
    said: () => said,
    logged: (pattern) => eventually(`the log line ${String(pattern)}`, () => pattern.exec(log)?.[0]),
    async end(signal = 'SIGTERM') {
      child.kill(signal);
      await closed;
      return child.exitCode;
    },
  };
}

export interface ProductOptions extends Pick<StandInOptions, 'afterFirstChunk' | 'answer'> {
  /** The vendors' hosts that the stand-in answers for. */
  readonly hosts?: readonly string[];
  /** Hosts that lead to other ports of this machine, e.g. a vendor that misbehaves. */
  readonly connect?: Readonly<Record<string, number>>;
  readonly script?: Script;
  /** More of the configuration; `upstream` is made here. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Lines before and after the configuration, to see whether they stay. */
  readonly comments?: readonly [before: string, after: string];
  readonly env?: Readonly<Record<string, string>>;
  /** Further certificates that the proxy trusts. */
  readonly trusts?: readonly string[];
  /** Makes the folder and the vendor only. */
  readonly isStarted?: boolean;
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

type Method = 'GET' | 'POST' | 'DELETE';

interface Sent {
  readonly method?: Method;
  readonly headers?: Readonly<Record<string, string>>;
  /** Objects are sent as JSON. */
  readonly body?: string | Uint8Array | Readable | object;
}

export interface Product {
  readonly folder: string;
  readonly home: string;
  readonly configPath: string;
  readonly vendor: StandIn;
  readonly authority: ThrowawayAuthority;
  /** `--config … --home …`. */
  readonly selection: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly proxy: Started;
  /** Starts the proxy, again where it was ended. */
  start(args?: readonly string[]): Promise<Started>;
  /** A command against this home. */
  sluice(args: readonly string[], options?: CommandOptions): Promise<Ended>;
  /** The same, its JSON. */
  json(...args: readonly string[]): Promise<unknown>;
  /** The last decisions, newest first, read without the cost of a process. */
  decisions(limit: number): readonly Decision[];
  send(url: string, sent?: Sent): Promise<Reply>;
  /** Writes the configuration anew. */
  configure(config: Readonly<Record<string, unknown>>): void;
  /** Ends everything and removes the folder. */
  close(): Promise<void>;
}

/** The vendors whose wire formats the stand-in speaks. */
const vendorHosts = ['api.anthropic.com', 'api.openai.com', 'generativelanguage.googleapis.com'] as const;

/** Makes a vendor, a home and a running proxy. */
export async function createProduct(options: ProductOptions = {}): Promise<Product> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-e2e-'));
  chmodSync(folder, 0o755);
  const home = join(folder, 'home');
  mkdirSync(home, { mode: 0o700 });
  const configPath = join(folder, 'config.yaml');
  const authority = createThrowawayAuthority();
  const { afterFirstChunk, answer } = options;
  const vendor = createStandIn({
    secureContextFor: authority.secureContextFor,
    script: options.script ?? createScript([{ says: 'The token is {{GITHUB_TOKEN}}.' }]),
    ...(afterFirstChunk === undefined ? {} : { afterFirstChunk }),
    ...(answer === undefined ? {} : { answer }),
  });
  const port = await vendor.listen();
  const toVendor = Object.fromEntries((options.hosts ?? vendorHosts).map((host) => [host, port]));
  const connect = Object.entries({ ...toVendor, ...options.connect }).map(([host, at]) => [
    host.includes(':') ? host : `${host}:443`,
    `127.0.0.1:${at}`,
  ]);
  const configure = (config: Readonly<Record<string, unknown>>): void => {
    const [before = '', after = ''] = options.comments ?? [];
    const upstream = { ca: [authority.caPath, ...(options.trusts ?? [])], connect: Object.fromEntries(connect) };
    const yaml = stringify({ listen: '127.0.0.1:0', admin: '127.0.0.1:0', upstream, ...config });
    writeFileSync(configPath, before + yaml + after, { mode: 0o600 });
  };
  configure(options.config ?? {});
  const selection = ['--config', configPath, '--home', home];
  const env = { HOME: folder, ...options.env };
  let started: Started | undefined;
  let agent: ProxyAgent | undefined;
  const proxy = (): Started => {
    if (started === undefined) throw new Error('the proxy was not started');
    return started;
  };
  const product: Product = {
    folder,
    home,
    configPath,
    vendor,
    authority,
    selection,
    env,
    configure,
    get proxy() {
      return proxy();
    },
    async start(args = []) {
      await agent?.destroy();
      started = await startProxy([...args, ...selection], { env, cwd: folder });
      agent = new ProxyAgent({ uri: started.proxyUrl, requestTls: { ca: started.ca } });
      return started;
    },
    sluice: (args, more = {}) =>
      sluice([...args, ...selection], { cwd: folder, ...more, env: { ...env, ...more.env } }),
    async json(...args) {
      const { stdout, stderr } = await product.sluice([...args, '--json']);
      if (stdout === '') throw new Error(`sluice ${args.join(' ')} printed nothing: ${stderr}`);
      return JSON.parse(stdout);
    },
    decisions(limit) {
      const record = openRecord(home);
      try {
        return [...record.decisions({ limit })].map(({ decision }) => decision);
      } finally {
        record.close();
      }
    },
    async send(url, { method = 'POST', headers = {}, body } = {}) {
      if (agent === undefined) throw new Error('the proxy was not started');
      return receive(url, agent, method, headers, body);
    },
    async close() {
      await agent?.destroy();
      if (started !== undefined && started.process.exitCode === null && started.process.signalCode === null)
        await started.end('SIGKILL');
      const state = join(home, 'proxy.json');
      if (existsSync(state)) endDetached(readFileSync(state, 'utf8'), started?.process.pid);
      await vendor.close();
      authority.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  if (options.isStarted !== false) await product.start();
  return product;
}

/** Ends a proxy that `run` left behind in this test's own home. */
function endDetached(state: string, own: number | undefined): void {
  const pid = Number(member(JSON.parse(state), 'pid'));
  if (pid === own || !Number.isInteger(pid) || pid <= 1) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error: unknown) {
    // It has ended already.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

async function receive(
  url: string,
  agent: ProxyAgent,
  method: Method,
  headers: Readonly<Record<string, string>>,
  body: Sent['body'],
): Promise<Reply> {
  const isRaw = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
  const reply = await request(url, {
    dispatcher: agent,
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: isRaw || body instanceof Readable ? (body ?? null) : JSON.stringify(body),
  });
  return { status: reply.statusCode, headers: reply.headers, text: await reply.body.text() };
}
