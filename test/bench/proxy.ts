/** `bench proxy`: every proxy on the same work, in turn, round after round. */
import { cpus } from 'node:os';
import { cpuMs, rssMb } from './processes.ts';
import type { LoadGenerator, Running, Target, Vendor } from './processes.ts';
import type { Repeated } from './payload.ts';
import type { Job, Route } from './protocol.ts';

/** A job, and how much of it makes a target steady before anything is measured: compiled, caches filled. */
interface Work {
  readonly job: Exclude<Job, { kind: 'stall' | 'upload' }>;
  readonly warmCount: number;
  /** More for work whose times scatter; the given number of rounds times this. */
  readonly times: number;
}

function post(bytes: number, count: number, concurrency: number, repeated: Repeated = 'nothing'): Work['job'] {
  return { kind: 'post', bytes, count, concurrency, repeated };
}

/** What is measured in rounds. Sizes and counts that take about a second each on two slow cores. */
const work: Readonly<Record<string, Work>> = {
  'POST 2 KB': { job: post(2048, 1500, 8), warmCount: 4000, times: 1 },
  'POST 1 MB': { job: post(1_000_000, 40, 1), warmCount: 100, times: 2 },
  'POST 1 MB, next turn': { job: post(1_000_000, 40, 1, 'history'), warmCount: 100, times: 2 },
  'POST 50 MB': { job: post(50_000_000, 1, 1), warmCount: 2, times: 1 },
  'SSE first event': { job: { kind: 'sse', count: 50 }, warmCount: 150, times: 2 },
  'new connection': { job: { kind: 'connect', count: 80 }, warmCount: 80, times: 1 },
};

/** Requests at most, before each measurement, for which connections are opened: that is measured by itself. */
const openingCount = 16;

/** Held long enough for the slowest to open all its connections. */
const stalls: Readonly<Record<string, Job>> = {
  'stalled up': { kind: 'stall', direction: 'up', streams: 200, holdMs: 12_000 },
  'stalled down': { kind: 'stall', direction: 'down', streams: 200, holdMs: 12_000 },
};

/** Medians over the rounds; times in milliseconds, memory in MB. */
export interface Figures {
  readonly perSecond?: number;
  readonly cpuMs?: number;
  readonly p50?: number;
  readonly p99?: number;
  /** How far resident memory rose over idle, at most. */
  readonly rssOverIdle?: number;
  readonly error?: string;
}

export type Results = Readonly<Record<string, Readonly<Record<string, Figures>>>>;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function medians(rounds: readonly Figures[]): Figures {
  const failed = rounds.find(({ error }) => error !== undefined);
  if (failed !== undefined) return failed;
  const of = (key: 'perSecond' | 'cpuMs' | 'p50' | 'p99'): number =>
    median(rounds.map((round) => round[key] ?? Number.NaN));
  return { perSecond: of('perSecond'), cpuMs: of('cpuMs'), p50: of('p50'), p99: of('p99') };
}

async function measure(
  load: LoadGenerator,
  job: Work['job'],
  running: Running | undefined,
  route: Route,
): Promise<Figures> {
  const opening =
    job.kind === 'connect' ? undefined : await load.run({ ...job, count: Math.min(job.count, openingCount) }, route);
  if (opening?.error !== undefined) return { error: opening.error };
  const before = running === undefined ? 0 : cpuMs(running.pid);
  const outcome = await load.run(job, route);
  if (outcome.error !== undefined) return { error: outcome.error };
  const cpu = running === undefined ? 0 : (cpuMs(running.pid) - before) / outcome.requests;
  return { perSecond: outcome.requests / outcome.seconds, cpuMs: cpu, p50: outcome.p50, p99: outcome.p99 };
}

/** Samples resident memory while a job runs. */
async function peakWhile(pid: number, job: Promise<unknown>): Promise<number> {
  let peak = 0;
  const sample = (): void => {
    peak = Math.max(peak, rssMb(pid));
  };
  const timer = setInterval(sample, 100);
  try {
    await job;
    sample();
  } finally {
    clearInterval(timer);
  }
  return peak;
}

/** The rise of a fresh process's memory over idle during one job; undefined without a proxy. */
export async function memoryRise(
  target: Target,
  load: LoadGenerator,
  job: Job,
  vendor: Vendor,
): Promise<Figures | undefined> {
  if (target.start === undefined) return undefined;
  let running: Running | undefined;
  try {
    running = await target.start();
    const route = { proxyPort: running.port, vendorPort: vendor.port, ca: running.ca };
    // Warm: the first requests load code and make certificates.
    const warm = await load.run(post(2048, 100, 8), route);
    if (warm.error !== undefined) return { error: warm.error };
    const idle = rssMb(running.pid);
    const order = load.run(job, route);
    const peak = await peakWhile(running.pid, order);
    const { error, seconds } = await order;
    return error === undefined ? { rssOverIdle: peak - idle, perSecond: 1 / seconds } : { error };
  } catch (error) {
    // A proxy that died under it cannot be read any more.
    return { error: error instanceof Error ? error.message : String(error) };
  } finally {
    await running?.stop();
  }
}

export interface ProxyBench {
  readonly targets: readonly Target[];
  readonly vendor: Vendor;
  readonly vendorCa: string;
  readonly load: LoadGenerator;
  readonly rounds: number;
  /** Names of the work to do; undefined: all. */
  readonly only: readonly string[] | undefined;
  readonly log: (text: string) => void;
}

/** Runs everything; the order of the targets turns with each round. */
export async function benchProxies({
  targets,
  vendor,
  vendorCa,
  load,
  rounds,
  only,
  log,
}: ProxyBench): Promise<Results> {
  const results: Record<string, Record<string, Figures>> = {};
  const chosen = <T>(jobs: Readonly<Record<string, T>>): readonly (readonly [string, T])[] =>
    Object.entries(jobs).filter(([name]) => only?.includes(name) ?? true);
  const running = new Map<string, Running | undefined>();
  for (const target of targets) running.set(target.name, await target.start?.());
  try {
    const routeTo = (target: Target): Route => {
      const proxy = running.get(target.name);
      return proxy === undefined
        ? { vendorPort: vendor.port, ca: vendorCa }
        : { proxyPort: proxy.port, vendorPort: vendor.port, ca: proxy.ca };
    };
    for (const [name, { job, warmCount, times }] of chosen(work)) {
      log(name);
      const figures = new Map<string, Figures[]>(targets.map((target) => [target.name, []]));
      for (const target of targets) {
        const { error } = await load.run({ ...job, count: warmCount }, routeTo(target));
        if (error !== undefined) figures.get(target.name)?.push({ error });
      }
      for (let round = 0; round < rounds * times; round += 1) {
        for (let at = 0; at < targets.length; at += 1) {
          const target = targets[(at + round) % targets.length];
          if (target === undefined) continue;
          figures.get(target.name)?.push(await measure(load, job, running.get(target.name), routeTo(target)));
        }
      }
      results[name] = Object.fromEntries([...figures].map(([target, list]) => [target, medians(list)]));
    }
  } finally {
    for (const proxy of running.values()) await proxy?.stop();
  }
  for (const [name, job] of chosen(stalls)) {
    log(name);
    const figures: Record<string, Figures> = {};
    for (const target of targets) {
      const rise = await memoryRise(target, load, job, vendor);
      if (rise !== undefined) figures[target.name] = rise;
    }
    results[name] = figures;
  }
  return results;
}

/** What the figures were measured on. */
export function machine(): Readonly<Record<string, string | number>> {
  const [first] = cpus();
  return { cpu: first?.model ?? 'unknown', cores: cpus().length, node: process.version };
}
