/** Runs the prefilter and the automata in WebAssembly, in front of the matcher: only real candidates come out. */
import { sequenceLetters } from './boundary.ts';
import type { CompiledRule } from './compile.ts';
import { scanKernel } from './kernel-code.ts';
import { instantiateKernel, type Kernel } from './kernel-module.ts';
import { rareByte } from './anchors.ts';
import type { RareBytes } from './prefilter-bytes.ts';
import { createContextTable, headingBehind } from './prefilter-context.ts';
import { shapeOf, type Clusters, type ClusterTable } from './prefilter-clusters.ts';
import type { Entry, Hits, Prefilter } from './prefilter.ts';
import { initialsPerAutomaton, mostCells, type Arena } from './regex/arena.ts';
import type { Automaton } from './regex/automaton.ts';
import { wordSet } from './regex/syntax.ts';

/** What is looked for, each in a pass of its own. */
export const passes = ['bytes', 'windows', 'clusters'] as const;
export type Pass = (typeof passes)[number];

/** Where rules are to be asked. */
export interface Sieve {
  readonly prefilter: Prefilter;
  readonly clusters: Clusters;
  readonly rareBytes: RareBytes;
  /** Who waits, by the numbers of all three. */
  readonly lists: readonly (readonly Entry[])[];
}

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

const parameters = 64;
const stageBytes = 2 ** 19;
/** The bytes that are looked at in one go. */
export const blockBytes = 65_536;
/** How many bytes before a block stand beside it: what anchors, boundaries, most backward runs and headings need. */
const behindBytes = 64 * Math.ceil((headingBehind + 256) / 64);
/** And how many behind it: as far as automata run. */
const aheadBytes = 16_640;
const padding = 256;
/** For one stretch of 4 KiB: its hits, a word for four places, and where they are windows, a word for each. */
const scratchBytes = 4096 + 64 + 4 * 4096 + 64;
const classBytes = 2 ** 17;
const trailBytes = 32 * (16 + 2048 * 4);
const ruleBytes = 64;
const clusterRecord = 16;
const clusterRecordWords = 8;
const contextRecord = 40;
const fewestCells = 2 ** 17;
const mostBytes = 4 * 2 ** 20;

/** Builds the tables; undefined where there is no WebAssembly. */
export function createScanKernel(
  { prefilter, clusters, rareBytes, lists }: Sieve,
  compiled: readonly CompiledRule[],
  arena: Arena,
  pairs: number,
  reaches: readonly number[],
): ScanKernel | undefined {
  const ruleCount = compiled.length;
  const shared = sharedEntries(lists);
  let used = 1024;
  const place = (bytes: number): number => {
    const address = used;
    used = (used + bytes + 63) & ~63;
    return address;
  };
  const stage = place(stageBytes);
  const slots = place(prefilter.keys.length * 8);
  const listHeads = place(lists.length * 8);
  const entries = place(shared.pairs.length * 4);
  const arounds = place(prefilter.arounds.byteLength);
  const answers = place(lists.length * 16);
  const reachesOf = place(lists.length * 4);
  const rules = place(ruleCount * ruleBytes);
  const initials = place(ruleCount * 2 * initialsPerAutomaton * 4);
  const scratch = place(scratchBytes);
  const out = place(pairs * 12);
  const trails = place(trailBytes);
  const flags = place(256);
  const tables = clusters.tables.map((table) => ({
    table,
    classOf: place(256),
    masks: place(table.masks.byteLength),
    shapes: place(table.shapes.length),
  }));
  // Only numbers are so many that the words around them have to be known here.
  const told = clusters.tables.find(({ kind }) => kind === 'digit');
  const context = told === undefined ? undefined : createContextTable(told, lists, compiled);
  const stride = (told?.vectors ?? 0) * 16;
  const contextKeys = place(context?.keys.byteLength ?? 0);
  const contextRows = place(context?.rows.byteLength ?? 0);
  const contextAlways = place(stride);
  const contextShifted = place(stride);
  const heldBytes = behindBytes + blockBytes + aheadBytes + padding;
  const segments = place(Math.ceil(heldBytes / 64 + 1) * (16 + 3 * stride));
  const coarse = place(Math.ceil(heldBytes / 1024 + 1) * (16 + stride));
  const classes = place(classBytes);
  const text = place(heldBytes);
  const cells = place(0);
  const cellCount = Math.max(fewestCells, Math.min(mostCells, (mostBytes - used) >> 2));

  const kernel = instantiateKernel(scanKernel, used + cellCount * 4);
  if (kernel === undefined) return undefined;
  const { buffer } = kernel.memory;
  const bytes = new Uint8Array(buffer);
  const words = new Int32Array(buffer);

  bytes.set(prefilter.stage(), stage);
  for (let slot = 0, at = slots >> 2; slot < prefilter.keys.length; slot++) {
    words[at++] = prefilter.keys[slot] ?? 0;
    words[at++] = prefilter.numbers[slot] ?? -1;
  }
  for (let list = 0, at = listHeads >> 2; list < lists.length; list++) {
    words[at++] = shared.firstOf[list] ?? 0;
    words[at++] = lists[list]?.length ?? 0;
  }
  words.set(shared.pairs, entries >> 2);
  words.set(prefilter.arounds, arounds >> 2);
  bytes.set(byteFlags(), flags);
  for (const { table, classOf, masks, shapes } of tables) {
    bytes.set(table.classOf, classOf);
    new Uint32Array(buffer, masks, table.masks.length).set(table.masks);
    bytes.set(table.shapes, shapes);
    const record = (parameters >> 2) + clusterRecord + kindIndex(table) * clusterRecordWords;
    const hasContext = table === told ? 1 : 0;
    words.set([table.firstList, table.count, classOf, table.classes, masks, table.vectors, shapes, hasContext], record);
  }
  if (context !== undefined) {
    new Uint16Array(buffer, contextKeys, context.keys.length).set(context.keys);
    words.set(context.rows, contextRows >> 2);
    words.set(context.always, contextAlways >> 2);
    words.set(context.shifted, contextShifted >> 2);
  }
  words.set(
    [contextKeys, contextRows, contextAlways, contextShifted, segments, coarse, text, stride, headingBehind, arounds],
    (parameters >> 2) + contextRecord,
  );
  const values = [stage, slots, prefilter.keys.length - 1, listHeads, entries, rules, reachesOf, cells];
  words.set([...values, scratch, out, pairs, trails, flags, 0, clusters.lists.length, answers], parameters >> 2);
  words.set(reaches, reachesOf >> 2);
  arena.moveTo(
    words.subarray(cells >> 2, (cells >> 2) + cellCount),
    words.subarray(initials >> 2, (initials >> 2) + ruleCount * 2 * initialsPerAutomaton),
  );

  const hasRuns = new Uint8Array(ruleCount);
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
        for (let from = text; from < text + size; from = words[(parameters >> 2) + 13] ?? 0) {
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
          rule.needsBoundary && rule.start === 'word' ? 1 : 0,
          backward === undefined ? 0 : initialsOf(backward.automaton),
          backwardClasses,
          rule.before,
          rule.isBounded && rule.start === 'word' ? 1 : 0,
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
      hits.next = (words[(parameters >> 2) + 13] ?? 0) - shift;
      return count;
    },
  };
}

/** The entries of all lists as pairs of rule and offset, each sequence once: most windows of a rule have the same. */
function sharedEntries(lists: readonly (readonly Entry[])[]): {
  readonly pairs: readonly number[];
  readonly firstOf: readonly number[];
} {
  const pairs: number[] = [];
  const known = new Map<string, number>();
  // Most lists are one and the same object: only the others are told apart by what they hold.
  const placed = new Map<readonly Entry[], number>();
  const place = (own: readonly Entry[]): number => {
    const flat = own.flatMap(({ rule, offset }) => [rule, offset]);
    const name = flat.join();
    const first = known.get(name) ?? pairs.length / 2;
    if (!known.has(name)) pairs.push(...flat);
    known.set(name, first);
    placed.set(own, first);
    return first;
  };
  const firstOf = lists.map((own) => placed.get(own) ?? place(own));
  return { pairs, firstOf };
}

function pass(kernel: Kernel, rareBytes: RareBytes): (kind: Pass, from: number, to: number) => number {
  const { windows, clusterStarts, bytes } = kernel.exports;
  return (kind, from, to) => {
    if (kind === 'windows') return windows?.(from, to) ?? 0;
    if (kind === 'clusters') return clusterStarts?.(from, to) ?? 0;
    return bytes?.(from, to, rareByte, rareBytes.firstList) ?? 0;
  };
}

function kindIndex({ kind }: ClusterTable): number {
  return kind === 'digit' ? 0 : kind === 'upper' ? 1 : 2;
}

/**
 * What each byte is, in the kernel's flags: word, newline, letter of an escape, hexadecimal digit; then its shape, and
 * whether it is a letter that ends a control sequence.
 */
function byteFlags(): Uint8Array {
  const flags = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte++) {
    const char = String.fromCharCode(byte);
    flags[byte] =
      (wordSet[byte] === 1 ? 1 : 0) |
      (byte === 0x0a ? 2 : 0) |
      ('nrtbfv'.includes(char) ? 4 : 0) |
      (/[0-9A-Fa-f]/.test(char) ? 8 : 0) |
      ((shapeOf[byte] ?? 0) << 4) |
      (sequenceLetters.includes(char) ? 128 : 0);
  }
  return flags;
}
