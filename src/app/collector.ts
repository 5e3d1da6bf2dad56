/** How often a proxy's process collects its garbage. */
import { setFlagsFromString } from 'node:v8';

/** Percent that the heap may grow by, counting bodies outside of it, before all of it is marked again. */
const growthPercent = 200;

/**
 * Lets garbage wait longer. V8 counts the bytes of bodies, which live and die with their requests, towards the growth
 * of its heap, which holds rules and code and hardly changes; with its own few tens of megabytes it would mark all of
 * that again after every seven or eight requests of 1 MB, which took longer than reading them. Twice its size (some
 * 60 MB) is what this costs in memory at most.
 */
export function letGarbageWait(): void {
  setFlagsFromString(`--heap-growing-percent=${growthPercent}`);
}
