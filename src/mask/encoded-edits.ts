/** Finds the texts that stand encoded in a text of a reply, and writes what changes in them as edits of that text. */
import { isUtf8 } from 'node:buffer';
import { encodedViews } from '../body/encoded-runs.ts';
import type { Inflation } from '../body/inflated.ts';
import { listViews } from '../body/number-lists.ts';
import type { Range } from '../body/range.ts';
import type { Splice } from '../body/splice.ts';
import type { View } from '../body/views.ts';
import type { Edit } from './edit.ts';

/** What is inflated of one call, all of its texts together: far more than any holds. */
export const inflationLimits = { bodyBytes: 16 * 1024 * 1024, expansionRatio: 200 };
/** The least run of characters in which anything is looked for; escapes of JSON may stand among them. */
const mayBeRun = /[A-Za-z0-9+/_\\-]{20}/;
/** The least list of numbers, and the least line of `od -c`. */
const mayBeNumbers = /(?:[0-9a-fA-F]{2,16}[\s,:\\nrt-]+(?:0x)?){8}|(?: {2}[ \\]\S){8}/;

/** Whether a text may hold an encoded one: a cheap no for some. */
export function mayHoldEncoded(text: string): boolean {
  return mayBeRun.test(text) || mayBeNumbers.test(text);
}

/** The edits of a decoded text, whose encoded form stands at a range, in UTF-16 units, of the text around it. */
type EditsOf = (decoded: string, range: Range) => readonly Edit[];

/** The offsets in bytes of some offsets in UTF-16 units, which come in order. */
function byteOffsets(text: string): (offset: number) => number {
  let from = 0;
  let bytes = 0;
  return (offset) => {
    bytes += Buffer.byteLength(text.slice(from, offset));
    from = offset;
    return bytes;
  };
}

/**
 * Returns the edits of a text that make those of the texts encoded in it happen: what they hold is encoded anew.
 * @param isJson whether it is JSON: then only its lists of numbers are read, since its strings are texts of their own
 */
export function encodedEdits(text: string, inflation: Inflation, isJson: boolean, editsOf: EditsOf): Edit[] {
  if (!(isJson ? mayBeNumbers.test(text) : mayHoldEncoded(text))) return [];
  const outer = Buffer.from(text);
  const isPlain = outer.length === text.length;
  const unit = (at: number): number => (isPlain ? at : outer.toString('utf8', 0, at).length);
  const edits: Edit[] = [];
  for (const view of isJson ? listViews(outer) : encodedViews(outer, [], inflation)) {
    // What stands in a percent-encoded word stands in the text as it is.
    if (view.encoding === 'percent' || !isUtf8(view.text)) continue;
    const range = { start: unit(view.range.start), end: unit(view.range.end) };
    for (const { start, end, replacement } of splicesOf(view, range, editsOf)) {
      edits.push({ start: unit(start), end: unit(end), text: Buffer.from(replacement).toString() });
    }
  }
  return edits;
}

function splicesOf(view: View, range: Range, editsOf: EditsOf): readonly Splice[] {
  const decoded = Buffer.from(view.text).toString();
  const inner = editsOf(decoded, range);
  if (inner.length === 0) return [];
  const offset = byteOffsets(decoded);
  return view.toSplices(
    inner.map((edit) => ({
      start: offset(edit.start),
      end: offset(edit.end),
      replacement: Buffer.from(edit.text),
    })),
  );
}
