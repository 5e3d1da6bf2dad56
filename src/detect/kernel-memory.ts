/** Lays out the memory of the scan kernel, and fills in the tables that it goes by. */
import { sequenceLetters } from './boundary.ts';
import { shapeOf, type ClusterTable } from './cluster-tables.ts';
import type { CompiledRule } from './compile.ts';
import { scanKernel } from './kernel-code.ts';
import { instantiateKernel, type Kernel } from './kernel-module.ts';
import type { Clusters } from './prefilter-clusters.ts';
import { createContextTable, headingBehind } from './prefilter-context.ts';
import type { RareBytes } from './prefilter-bytes.ts';
import type { Entry, Prefilter } from './prefilter.ts';
import { initialsPerAutomaton, mostCells, type Arena } from './regex/arena.ts';
import { wordSet } from './regex/syntax.ts';

/** Where rules are to be asked. */
export interface Sieve {
  readonly prefilter: Prefilter;
  readonly clusters: Clusters;
  readonly rareBytes: RareBytes;
  /** Who waits, by the numbers of all three. */
  readonly lists: readonly (readonly Entry[])[];
}

/** Where the parameters stand, each a word. */
const parameters = 64;
/** The word that says where a pass is to go on. */
export const resumeWord = (parameters >> 2) + 13;
const stageBytes = 2 ** 19;
/** The bytes that are looked at in one go. */
export const blockBytes = 65_536;
/** How many bytes before a block stand beside it: what anchors, boundaries, most backward runs and headings need. */
export const behindBytes = 64 * Math.ceil((headingBehind + 256) / 64);
/** And how many behind it: as far as automata run. */
export const aheadBytes = 16_640;
/** Bytes of zero behind the text. */
export const padding = 256;
const heldBytes = behindBytes + blockBytes + aheadBytes + padding;
/** For one stretch of 4 KiB: its hits, a word for four places, and where they are windows, a word for each. */
const scratchBytes = 4096 + 64 + 4 * 4096 + 64;
/** Room for the classes of 512 automata. */
export const classBytes = 2 ** 17;
const trailBytes = 32 * (16 + 2048 * 4);
/** The size of a rule's record. */
export const ruleBytes = 64;
const clusterRecord = 16;
const clusterRecordWords = 8;
const contextRecord = 40;
const fewestCells = 2 ** 17;
const mostBytes = 4 * 2 ** 20;

/** The kernel with its memory, as numbers, and where its parts stand in bytes. */
export interface KernelMemory {
  readonly kernel: Kernel;
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  /** The text that is looked at, {@link heldBytes} of it. */
  readonly text: number;
  /** What a pass has found. */
  readonly out: number;
  /** {@link classBytes} for the classes of bytes of automata. */
  readonly classes: number;
  /** The records of rules, and where their automata begin. */
  readonly rules: number;
  readonly initials: number;
}

/**
 * Lays out a kernel's memory and fills in the tables; undefined where there is no WebAssembly.
 *
 * @param pairs how many places a pass may find @param reaches how far from a place the automata of each list look
 */
export function createKernelMemory(
  { prefilter, clusters, lists }: Sieve,
  compiled: readonly CompiledRule[],
  arena: Arena,
  pairs: number,
  reaches: readonly number[],
): KernelMemory | undefined {
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
  return { kernel, bytes, words, text, out, classes, rules, initials };
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
