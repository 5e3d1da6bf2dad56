/** The built command line as a process: what is tested is what ships. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { stringify } from 'yaml';
import { member, text } from '../../src/app/stand-in/json.ts';
import { repository } from './packages.ts';

const main = join(repository, 'dist/cli/main.js');

export interface SluiceOptions {
  /** Host (with a port, where it is not 443) → port on 127.0.0.1. */
  readonly connect: Readonly<Record<string, number>>;
  /** A file with the certificate that the vendors' stand-in is trusted by. */
  readonly vendorCa: string;
  /** More of the configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Writes a home and its configuration; returns the arguments that select them. */
export function writeHome(folder: string, options: SluiceOptions): readonly string[] {
  const home = join(folder, 'sluice');
  const path = join(folder, 'sluice.yaml');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const connect = Object.entries(options.connect).map(([host, port]) => [
    host.includes(':') ? host : `${host}:443`,
    `127.0.0.1:${port}`,
  ]);
  const config = {
    listen: '127.0.0.1:0',
    admin: '127.0.0.1:0',
    upstream: { ca: [options.vendorCa], connect: Object.fromEntries(connect) },
    ...options.config,
  };
  writeFileSync(path, stringify(config));
  chmodSync(path, 0o600);
  return ['--config', path, '--home', home];
}

/** The command that runs the product with these arguments. */
export function sluiceCommand(...args: readonly string[]): readonly string[] {
  return [process.execPath, main, ...args];
}

export interface Sluice {
  readonly port: number;
  readonly ca: string;
  readonly pid: number;
  /** What a command against the same home prints on stdout. */
  text(...args: readonly string[]): string;
  /** The same, as JSON. */
  json(...args: readonly string[]): unknown;
  /** Stops it as a service manager would; returns what it logged. */
  stop(): Promise<string>;
}

/** Starts the proxy and waits for its listening line. */
export async function startSluice(folder: string, options: SluiceOptions): Promise<Sluice> {
  const selection = writeHome(folder, options);
  const child = spawn(process.execPath, [main, 'start', '--json', ...selection], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', HOME: folder },
  });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), ended.then(() => undefined)]);
  const print = (...args: readonly string[]): string => {
    const [program = '', ...rest] = sluiceCommand(...args, ...selection);
    const { stdout, stderr, status } = spawnSync(program, rest, { encoding: 'utf8' });
    if (stdout === '') throw new Error(`sluice ${args.join(' ')} printed nothing and ended with ${status}: ${stderr}`);
    return stdout;
  };
  const listening: unknown = JSON.parse(String(first?.[0] ?? '{}'));
  if (member(listening, 'event') !== 'listening')
    throw new Error(`sluice did not start: ${String(first?.[0])}\n${log}`);
  return {
    port: Number(new URL(text(member(listening, 'proxy'))).port),
    ca: readFileSync(text(member(listening, 'ca')), 'utf8'),
    pid: Number(member(listening, 'pid')),
    text: print,
    json: (...args) => JSON.parse(print(...args, '--json')),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      return log;
    },
  };
}
