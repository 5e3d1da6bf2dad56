/** Known values in base64 or hex: the run around an occurrence as a view, so that it stays valid when the value goes. */
import { latin1 } from '../../core/bytes.ts';
import type { Range } from '../../body/range.ts';
import { base64View, hexView } from '../../body/views.ts';
import type { Hit, ViewHits } from './hits.ts';

const isBase64 = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_')
  isBase64[char.charCodeAt(0)] = 1;

const noLayers: readonly string[] = [];

/** The view of a value that stands as hex digits. */
export function knownHexView(text: Uint8Array, hit: Hit): ViewHits {
  const view = hexView(text, hit);
  const inner = { ...hit, start: 0, end: view.text.length, layers: noLayers };
  return { view, inner: { text: view.text, hits: [inner], views: [] } };
}

/** An occurrence in base64. */
interface Occurrence {
  readonly hit: Hit;
  readonly run: Range;
  /** Where its first quantum begins in the text. */
  readonly quantum: number;
  /** Bytes of that quantum before the value. */
  readonly lead: number;
}

/** Aligns an occurrence: undefined when the characters around it do not hold all of the value. */
function aligned(text: Uint8Array, hit: Hit, run: Range): Occurrence | undefined {
  for (let quantum = hit.start; quantum >= Math.max(run.start, hit.start - 2); quantum -= 1) {
    const chars = latin1(text, quantum, hit.end);
    const decoded = Buffer.from(chars, 'base64');
    const lead = decoded.indexOf(hit.value);
    if (lead >= 0 && lead <= 2) return { hit, run, quantum, lead };
  }
  return undefined;
}

/** Occurrences of one run and one alignment, one after the other. */
interface Stretch {
  readonly run: Range;
  readonly occurrences: Occurrence[];
  readonly start: number;
  end: number;
  /** Where the last of its values ends. */
  reach: number;
}

/** Where a stretch ends that another follows: behind its last whole quantum, if that leaves none of its values out. */
function cutEnd({ start, reach }: Stretch, next: number): number {
  const whole = start + Math.floor((next - start) / 4) * 4;
  return whole >= reach ? whole : next;
}

/** Puts occurrences together, each alignment for itself: texts that touch in one run are texts of their own. */
class Stretches {
  readonly all: Stretch[] = [];

  /** Adds one, in order. Returns whether it could be: not when it shares characters with one of another alignment. */
  add(occurrence: Occurrence): boolean {
    const { hit, run, quantum } = occurrence;
    const last = this.all.at(-1);
    const before = last?.run.start === run.start ? last : undefined;
    if (before !== undefined && (quantum - before.start) % 4 === 0) {
      before.occurrences.push(occurrence);
      before.reach = Math.max(before.reach, hit.end);
      return true;
    }
    if (before !== undefined && quantum < before.reach) return false;
    // As far back as what stands before leaves room: the quantum that its last value ends in stays its own.
    const from = before === undefined ? run.start : quantumEnd(before);
    const start = quantum - Math.max(0, Math.floor((quantum - from) / 4) * 4);
    if (before !== undefined) before.end = cutEnd(before, start);
    this.all.push({ run, occurrences: [occurrence], start, end: run.end, reach: hit.end });
    return true;
  }
}

function quantumEnd({ start, reach }: Stretch): number {
  return start + Math.ceil((reach - start) / 4) * 4;
}

function viewOf(text: Uint8Array, { start, end, occurrences }: Stretch): ViewHits {
  const view = base64View(text, { start, end });
  // One value may be known twice: under the same rule that says nothing more.
  const hits = new Map<string, Hit>();
  for (const { hit, quantum, lead } of occurrences) {
    const at = ((quantum - start) / 4) * 3 + lead;
    const found = { ...hit, start: at, end: at + hit.value.length, layers: noLayers };
    const key = `${String(found.start)}-${String(found.end)}-${hit.ruleId}`;
    if (!hits.has(key)) hits.set(key, found);
  }
  return { view, inner: { text: view.text, hits: [...hits.values()], views: [] } };
}

/** The run of base64 characters around a hit, with its padding. */
function runAround(text: Uint8Array, hit: Hit): Range {
  let { start, end } = hit;
  while (start > 0 && isBase64[text[start - 1] ?? 0] === 1) start -= 1;
  while (end < text.length && isBase64[text[end] ?? 0] === 1) end += 1;
  while (end < text.length && text[end] === 0x3d) end += 1;
  return { start, end };
}

/**
 * The base64 texts around occurrences of known values, each decoded at the alignment in which its values show: other
 * text of the same alphabet (a path, a prefix, another such text) may touch it. `rest` are the occurrences that show in
 * none, because a neighbour holds some of their bits: they are found as they stand.
 */
export function knownBase64(
  text: Uint8Array,
  hits: readonly Hit[],
): { readonly views: readonly ViewHits[]; readonly rest: readonly Hit[] } {
  const stretches = new Stretches();
  const rest: Hit[] = [];
  let run: Range = { start: 0, end: 0 };
  for (const hit of hits.toSorted((a, b) => a.start - b.start)) {
    if (hit.start >= run.end) run = runAround(text, hit);
    const occurrence = aligned(text, hit, run);
    const isAligned = occurrence !== undefined && stretches.add(occurrence);
    if (!isAligned) rest.push({ ...hit, value: text.slice(hit.start, hit.end) });
  }
  return { views: stretches.all.map((stretch) => viewOf(text, stretch)), rest };
}
