/** Placeholders in base64 or hex, wherever they stand in a run: something else may touch it at another alignment. */
import type { Range } from '../body/range.ts';

/** One way in which the beginning of a placeholder stands encoded. */
interface Form {
  readonly encoding: 'base64' | 'hex';
  /** The characters that it alone decides. */
  readonly literal: Buffer;
  /** Characters of its first quantum before the literal, and bytes before the placeholder in it. */
  readonly before: number;
  readonly lead: number;
  /** Bytes that a quantum holds, and its characters. */
  readonly bytes: number;
  readonly chars: number;
}

function formsOf(beginning: Buffer): readonly Form[] {
  const base64 = [0, 1, 2].map((lead): Form => {
    const text = Buffer.concat([Buffer.alloc(lead), beginning]).toString('base64');
    const before = Math.ceil((lead * 8) / 6);
    const literal = Buffer.from(text.slice(before, Math.floor(((lead + beginning.length) * 8) / 6)), 'latin1');
    return { encoding: 'base64', literal, before, lead, bytes: 3, chars: 4 };
  });
  const digits = beginning.toString('hex');
  const hex = [digits, digits.toUpperCase()].map((text): Form => {
    return { encoding: 'hex', literal: Buffer.from(text, 'latin1'), before: 0, lead: 0, bytes: 1, chars: 2 };
  });
  return [...base64, ...hex];
}

/**
 * Makes a search for placeholders in base64 (at each alignment) and hex.
 * @param beginning the prefix with its underscore @param longest the most bytes of a placeholder
 * @param endOf where a valid placeholder that begins at an offset of a decoded text ends, or -1
 */
export function createEncodedFinder(
  beginning: Buffer,
  longest: number,
  endOf: (text: Buffer, at: number) => number,
): (text: Uint8Array) => readonly Range[] {
  const forms = formsOf(beginning);
  return (outer) => {
    const text = Buffer.from(outer.buffer, outer.byteOffset, outer.byteLength);
    const ranges: Range[] = [];
    for (const { encoding, literal, before, lead, bytes, chars } of forms) {
      const most = Math.ceil((lead + longest) / bytes) * chars;
      for (let at = text.indexOf(literal); at !== -1; at = text.indexOf(literal, at + 1)) {
        const start = at - before;
        if (start < 0) continue;
        const decoded = Buffer.from(text.toString('latin1', start, start + most), encoding);
        const end = endOf(decoded, lead);
        if (end !== -1) ranges.push({ start, end: Math.min(text.length, start + Math.ceil(end / bytes) * chars) });
      }
    }
    return ranges;
  };
}
