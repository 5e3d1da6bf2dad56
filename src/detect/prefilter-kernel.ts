/** Runs the prefilter and the automata in WebAssembly, in front of the matcher: only real candidates come out. */
import { rareByte } from './anchors.ts';
import type { CompiledRule } from './compile.ts';
import {
  aheadBytes,
  behindBytes,
  blockBytes,
  classBytes,
  createKernelMemory,
  padding,
  resumeWord,
  ruleBytes,
  type Sieve,
} from './kernel-memory.ts';
import type { Kernel } from './kernel-module.ts';
import type { RareBytes } from './prefilter-bytes.ts';
import type { Hits } from './prefilter.ts';
import { initialsPerAutomaton, type Arena } from './regex/arena.ts';
import type { Automaton } from './regex/automaton.ts';
import type { TokenStart } from './token-prefix.ts';

/** What is looked for, each in a pass of its own. */
export const passes = ['bytes', 'windows', 'clusters'] as const;
export type Pass = (typeof passes)[number];

/** The kernel's numbers for how a match may begin. */
const kernelStart: Readonly<Record<TokenStart, number>> = { word: 1, token: 2, capitals: 3 };

/** A text shorter than this is not worth the call. */
export const leastForKernel = 64;

export interface ScanKernel {
  /**
   * Collects the places from `from` to `to` where a rule may match, as many as there is room for; `hits.next` is where
   * to go on. What it leaves out leads nowhere, for certain.
   */
  collect(pass: Pass, text: Uint8Array, from: number, to: number, hits: Hits): number;
  /** Forgets the text that it holds. To be called before each text; whether all of it is there. */
  begin(isComplete: boolean): void;
  /** Makes room for many texts, which are looked at in one go. */
  beginMany(): void;
  /** Puts bytes of them at an offset; false where they have no room, or the kernel holds something else by now. */
  put(bytes: Uint8Array, at: number): boolean;
  /**
   * Marks, of the texts that begin at so many offsets in what was put there, those where a rule may match, and those with
   * a zero. Returns false, and has marked nothing, where the texts are not there any more.
   *
   * @param size how many bytes were put there
   */
  collectMany(size: number, starts: Int32Array, marks: Uint8Array): boolean;
  /** Takes over the automata of a rule that has been asked. */
  learn(rule: CompiledRule | undefined): void;
}

/** Builds the kernel; undefined where there is no WebAssembly. */
export function createScanKernel(
  sieve: Sieve,
  compiled: readonly CompiledRule[],
  arena: Arena,
  pairs: number,
  reaches: readonly number[],
): ScanKernel | undefined {
  const memory = createKernelMemory(sieve, compiled, arena, pairs, reaches);
  if (memory === undefined) return undefined;
  const { kernel, bytes, words, text, out, classes, rules, initials } = memory;
  const { prefilter, clusters, rareBytes } = sieve;
  const hasRuns = new Uint8Array(compiled.length);
  const known = new Map<string, number>();
  /** Where the classes of an automaton stand; undefined when there is no more room. */
  const placeClasses = ({ classOf }: Automaton): number | undefined => {
    const key = String.fromCharCode(...classOf);
    const own = known.get(key);
    if (own !== undefined) return own;
    const address = classes + known.size * 256;
    if (address + 256 > classes + classBytes) return undefined;
    bytes.set(classOf, address);
    known.set(key, address);
    return address;
  };
  const initialsOf = (automaton: Automaton): number => initials + automaton.number * initialsPerAutomaton * 4;

  const isWanted = {
    bytes: rareBytes.lists.length > 0,
    windows: prefilter.lists.length > 0,
    clusters: clusters.lists.length > 0,
  };
  const call = pass(kernel, rareBytes);
  /** The part of the text that stands in memory. */
  let held = { start: 0, end: -1, isOpen: false };
  let isWhole = false;
  /** Whether it is many texts. */
  let hasMany = false;

  const hold = (whole: Uint8Array, from: number): void => {
    const start = Math.max(0, from - behindBytes);
    const end = Math.min(whole.length, from + blockBytes + aheadBytes);
    bytes.set(whole.subarray(start, end), text);
    bytes.fill(0, text + end - start, text + end - start + padding);
    held = { start, end, isOpen: true };
    const isTextEnd = isWhole && end === whole.length;
    hasMany = false;
    kernel.exports['open']?.(text, text + end - start, start === 0 ? 1 : 0, isTextEnd ? 1 : 0, 0);
  };

  /** Marks the texts that hold a zero, and takes it out of them: only between texts there may be any. */
  const markZeros = (size: number, starts: Int32Array, marks: Uint8Array): void => {
    let index = -1;
    for (let at = bytes.indexOf(0, text) - text; at >= 0 && at < size; at = bytes.indexOf(0, text + at + 1) - text) {
      while (index + 1 < marks.length && (starts[index + 1] ?? 0) <= at) index++;
      const end = index + 1 < marks.length ? (starts[index + 1] ?? 0) : size;
      if (index < 0 || at === end - 2) continue;
      marks[index] = 1;
      bytes[text + at] = 1;
    }
  };

  return {
    begin(isComplete) {
      isWhole = isComplete;
      held = { start: 0, end: -1, isOpen: false };
    },
    beginMany() {
      hasMany = true;
      held = { start: 0, end: -1, isOpen: false };
    },
    put(some, at) {
      if (!hasMany || at + some.length > blockBytes) return false;
      bytes.set(some, text + at);
      return true;
    },
    collectMany(size, starts, marks) {
      if (!hasMany) return false;
      bytes.fill(1, text + size, text + size + 16);
      if (kernel.exports['zeros']?.(text, text + size) !== marks.length + 1) markZeros(size, starts, marks);
      bytes.fill(0, text + size, text + size + padding);
      kernel.exports['open']?.(text, text + size, 1, 1, 1);
      for (const kind of passes) {
        if (!isWanted[kind]) continue;
        let index = 0;
        for (let from = text; from < text + size; from = words[resumeWord] ?? 0) {
          const count = call(kind, from, text + size);
          for (let i = 0; i < count; i++) {
            const at = (words[(out >> 2) + i * 3] ?? 0) - text;
            while (index + 1 < marks.length && (starts[index + 1] ?? 0) <= at) index++;
            marks[index] = 1;
          }
        }
      }
      return true;
    },
    learn(rule) {
      if (rule === undefined || hasRuns[rule.index] === 1) return;
      hasRuns[rule.index] = 1;
      const { forward, backward } = rule.runs();
      const forwardClasses = placeClasses(forward.automaton);
      const backwardClasses = backward === undefined ? 0 : placeClasses(backward.automaton);
      if (forwardClasses === undefined || backwardClasses === undefined) return;
      words.set(
        [
          1,
          rule.needsBoundary ? kernelStart[rule.start] : 0,
          backward === undefined ? 0 : initialsOf(backward.automaton),
          backwardClasses,
          rule.before,
          rule.isBounded ? kernelStart[rule.start] : 0,
          initialsOf(forward.automaton),
          forwardClasses,
          rule.reach,
          0,
          forward.automaton.endClass,
          backward?.automaton.endClass ?? 0,
        ],
        (rules + rule.index * ruleBytes) >> 2,
      );
    },
    collect(kind, whole, from, to, hits) {
      hits.next = to;
      if (!isWanted[kind]) return 0;
      // What stands in memory serves as long as the block's own part of it, or it is the text's end.
      const isHeld = held.isOpen && from >= held.start + (held.start === 0 ? 0 : behindBytes);
      const blockEnd = held.end === whole.length ? whole.length : held.end - aheadBytes;
      if (!isHeld || from >= blockEnd) hold(whole, from);
      const end = Math.min(to, held.end === whole.length ? to : held.end - aheadBytes);
      const shift = text - held.start;
      const count = call(kind, from + shift, end + shift);
      const first = out >> 2;
      for (let i = 0; i < count; i++) {
        hits.positions[i] = (words[first + i * 3] ?? 0) - shift;
        hits.lists[i] = words[first + i * 3 + 1] ?? 0;
        hits.alive[i] = words[first + i * 3 + 2] ?? 0;
      }
      hits.next = (words[resumeWord] ?? 0) - shift;
      return count;
    },
  };
}

function pass(kernel: Kernel, rareBytes: RareBytes): (kind: Pass, from: number, to: number) => number {
  const { windows, clusterStarts, bytes } = kernel.exports;
  return (kind, from, to) => {
    if (kind === 'windows') return windows?.(from, to) ?? 0;
    if (kind === 'clusters') return clusterStarts?.(from, to) ?? 0;
    return bytes?.(from, to, rareByte, rareBytes.firstList) ?? 0;
  };
}
