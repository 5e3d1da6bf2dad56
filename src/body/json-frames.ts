/** Cuts a reply of JSON texts into its values: one text, one a line, or the items of one list as they arrive. */
import { concat } from '../core/bytes.ts';
import { strictText, type Frame, type Framer } from './frame.ts';

const quote = 0x22;
const backslash = 0x5c;
const openList = 0x5b;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/**
 * Makes a splitter of JSON texts. Each object on the top level, or directly in a list on the top level, is a frame as
 * soon as it is complete; what stands between belongs to the frame after it. Everything else comes at the end.
 */
export function createJsonFramer(): Framer {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  /** Open brackets around the place, the top-level list not counted. */
  let depth = 0;
  let isInList = false;
  let isInString = false;
  let isEscaped = false;
  /** Where the open value begins, as an offset in the open frame; -1 between values. */
  let start = -1;

  function toFrame(raw: Uint8Array): Frame {
    const data = strictText(raw.subarray(start));
    return { raw, lines: linesOf(raw, start), ...(data === undefined ? {} : { data }) };
  }

  return {
    get heldBytes() {
      return heldBytes;
    },
    push(chunk) {
      const frames: Frame[] = [];
      let from = 0;
      let base = heldBytes;
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at] ?? 0;
        if (isInString) {
          if (isEscaped) isEscaped = false;
          else if (byte === backslash) isEscaped = true;
          else if (byte === quote) isInString = false;
          continue;
        }
        if (isBlank(byte)) continue;
        if (byte === quote) isInString = true;
        else if (byte === openList && depth === 0 && start === -1 && !isInList) {
          isInList = true;
          continue;
        } else if (byte === openObject || byte === openList) {
          if (depth === 0) start = base + at - from;
          depth += 1;
        } else if ((byte === closeObject || byte === closeList) && depth > 0) {
          depth -= 1;
          if (depth > 0) continue;
          frames.push(toFrame(concat([...held, chunk.subarray(from, at + 1)])));
          held = [];
          base = 0;
          start = -1;
          from = at + 1;
        } else if (byte === closeList) isInList = false;
      }
      if (from < chunk.length) held.push(chunk.subarray(from));
      heldBytes = base + chunk.length - from;
      return frames;
    },
    end() {
      if (heldBytes === 0) return [];
      const raw = concat(held);
      held = [];
      heldBytes = 0;
      return [{ raw, lines: [] }];
    },
  };
}

/** The lines of the bytes from `from` on, line feeds excluded. */
function linesOf(raw: Uint8Array, from: number): { start: number; end: number }[] {
  const lines: { start: number; end: number }[] = [];
  let start = from;
  for (let end = raw.indexOf(0x0a, start); end !== -1; end = raw.indexOf(0x0a, start)) {
    lines.push({ start, end });
    start = end + 1;
  }
  lines.push({ start, end: raw.length });
  return lines;
}
