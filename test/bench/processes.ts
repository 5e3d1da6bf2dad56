/** The processes under measurement, and what the operating system says of them. */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startSluice } from '../helpers/sluice.ts';
import { installPackages } from '../helpers/packages.ts';
import { vendorHost } from './protocol.ts';
import type { ChildProcess } from 'node:child_process';
import type { Job, Order, Outcome, Route } from './protocol.ts';

/** Clock ticks per second of /proc: fixed at 100 for user space on Linux. */
const ticksPerSecond = 100;

/** CPU time of a process and all its threads, in milliseconds. */
export function cpuMs(pid: number): number {
  // After the command's closing bracket: utime and stime are fields 14 and 15 (proc(5)).
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /, '')
    .split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}

/** Resident memory of a process, in megabytes (10^6 bytes). */
export function rssMb(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return (Number(kib) * 1024) / 1e6;
}

function forkScript(name: string): ChildProcess {
  return fork(join(import.meta.dirname, name), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

export interface Vendor {
  readonly port: number;
  readonly caPath: string;
  stop(): void;
}

/** Starts the vendor. */
export async function startVendor(): Promise<Vendor> {
  const child = forkScript('vendor.ts');
  const [ready] = await once(child, 'message');
  return { port: ready.port, caPath: ready.caPath, stop: () => child.disconnect() };
}

export interface LoadGenerator {
  run(job: Job, route: Route): Promise<Outcome>;
  stop(): void;
}

/** Starts the load generator. */
export function startLoad(): LoadGenerator {
  const child = forkScript('load.ts');
  let orders = 0;
  return {
    async run(job, route) {
      orders += 1;
      const order: Order = { id: orders, job, route };
      child.send(order);
      const [outcome] = await once(child, 'message');
      return outcome;
    },
    stop: () => child.disconnect(),
  };
}

/** A proxy that runs. */
export interface Running {
  readonly port: number;
  readonly ca: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** A way of getting to the vendor. */
export interface Target {
  readonly name: string;
  /** undefined: no proxy at all. */
  readonly start?: () => Promise<Running>;
}

/** Each in a script of its own, so that it runs as its users run it. */
const rivalScripts = {
  'http-mitm-proxy': new URL('./rivals/http-mitm-proxy.mjs', import.meta.url),
  mockttp: new URL('./rivals/mockttp.mjs', import.meta.url),
} as const;

const rivalVersions = { 'http-mitm-proxy': '1.1.0', mockttp: '4.6.5' } as const;

async function startRival(name: keyof typeof rivalVersions, root: string, vendor: Vendor): Promise<Running> {
  const packages = installPackages('bench', rivalVersions);
  const folder = mkdtempSync(join(root, `${name}-`));
  const script = fileURLToPath(rivalScripts[name]);
  const child = spawn(process.execPath, [script, packages, folder, vendor.caPath], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'close');
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    ended.then(() => {
      throw new Error(`${name} did not start`);
    }),
  ]);
  const { port, ca } = JSON.parse(String(line));
  return {
    port,
    ca: readFileSync(ca, 'utf8'),
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** No rules and nothing protected: TLS is ended and the record kept, no body is read. */
const inspectionOff = { rules: [], protect: { env: [], dotenv: [] } };

/** Everything that is compared. */
export function allTargets(root: string, vendor: Vendor): readonly Target[] {
  const sluice = (name: string, config: Readonly<Record<string, unknown>>): Target => ({
    name,
    start: async () => {
      const folder = mkdtempSync(join(root, 'sluice-'));
      mkdirSync(join(folder, 'work'));
      const running = await startSluice(folder, {
        connect: { [`${vendorHost}:${vendor.port}`]: vendor.port },
        vendorCa: vendor.caPath,
        config,
      });
      return { port: running.port, ca: running.ca, pid: running.pid, stop: async () => void (await running.stop()) };
    },
  });
  return [
    { name: 'direct' },
    sluice('sluice', {}),
    sluice('sluice stream', { release: 'stream' }),
    sluice('sluice off', inspectionOff),
    { name: 'http-mitm-proxy', start: () => startRival('http-mitm-proxy', root, vendor) },
    { name: 'mockttp', start: () => startRival('mockttp', root, vendor) },
  ];
}
