/** What the operating system says of the proxy while it works: resident memory and open handles (Linux). */
import { readdirSync, readFileSync } from 'node:fs';

/** Resident memory in megabytes (10^6 bytes). */
export function rssMb(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return (Number(kib) * 1024) / 1e6;
}

/** How many handles are open. */
export function handles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** Memory readings in order, taken until stopped. */
export interface Readings {
  readonly stop: () => readonly number[];
}

/** Reads memory several times a second. */
export function watchMemory(pid: number): Readings {
  const readings: number[] = [rssMb(pid)];
  const timer = setInterval(() => readings.push(rssMb(pid)), 200);
  return {
    stop() {
      clearInterval(timer);
      readings.push(rssMb(pid));
      return readings;
    },
  };
}

/** The median of readings. */
export function median(readings: readonly number[]): number {
  return readings.toSorted((a, b) => a - b)[Math.floor(readings.length / 2)] ?? Number.NaN;
}

/** Waits until no more handles are open than before, at most so long; returns how many are. */
export async function settledHandles(pid: number, before: number, mostMs: number): Promise<number> {
  const until = performance.now() + mostMs;
  while (handles(pid) > before && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 200));
  return handles(pid);
}
