/** Cuts a stream of server-sent events (WHATWG HTML §9.2) into its events, keeping every byte. */
import { concat, fromUtf8, noBytes } from '../core/bytes.ts';
import { strictText, type Frame, type Framer } from './frame.ts';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const colon = 0x3a;
const space = 0x20;

/** The offset after a byte order mark, if the bytes begin with one. */
function afterMark(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

/** Whether the bytes at `start` are the field's name, followed by a colon or the line's end. */
function isField(raw: Uint8Array, start: number, end: number, name: string): boolean {
  if (end - start < name.length) return false;
  for (let i = 0; i < name.length; i++) if (raw[start + i] !== name.charCodeAt(i)) return false;
  return start + name.length === end || raw[start + name.length] === colon;
}

/** Where a field's value begins: after its colon and one space. */
function valueStart(raw: Uint8Array, start: number, end: number, name: string): number {
  const after = Math.min(end, start + name.length + 1);
  return after < end && raw[after] === space ? after + 1 : after;
}

/** Reads an event's lines (line ends excluded) into a frame. */
function toFrame(raw: Uint8Array, rows: readonly { readonly start: number; readonly end: number }[]): Frame {
  const lines: { start: number; end: number }[] = [];
  let event: string | undefined;
  for (const { start, end } of rows) {
    if (isField(raw, start, end, 'data')) lines.push({ start: valueStart(raw, start, end, 'data'), end });
    else if (isField(raw, start, end, 'event'))
      event = fromUtf8(raw.subarray(valueStart(raw, start, end, 'event'), end));
  }
  const name = event === undefined ? {} : { event };
  if (lines.length === 0) return { raw, lines, ...name };
  const texts = lines.map(({ start, end }) => strictText(raw.subarray(start, end)));
  return texts.every((text) => text !== undefined)
    ? { raw, lines, data: texts.join('\n'), ...name }
    : { raw, lines, ...name };
}

/** Makes a splitter. An event is handed on with the blank line that ends it; a line feed after its CR may follow alone. */
export function createSseFramer(): Framer {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  /** Rows of the open event, with offsets in it. */
  let rows: { start: number; end: number }[] = [];
  let lineStart = 0;
  /** The last byte seen was a CR: a line feed that follows belongs to the same line end. */
  let isAfterReturn = false;
  let isFirst = true;

  return {
    get heldBytes() {
      return heldBytes;
    },
    push(chunk) {
      const frames: Frame[] = [];
      /** Where the open event begins in this chunk (negative parts of it are held). */
      let from = 0;
      let base = heldBytes;
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at] ?? 0;
        const offset = base + at - from;
        if (byte === lineFeed && isAfterReturn) {
          isAfterReturn = false;
          lineStart = offset + 1;
          // The event that its CR ended has been handed on already: its line feed follows at once.
          if (offset === 0) {
            frames.push({ raw: chunk.subarray(at, at + 1), lines: [] });
            from = at + 1;
            lineStart = 0;
          }
          continue;
        }
        isAfterReturn = byte === carriageReturn;
        if (byte !== lineFeed && byte !== carriageReturn) continue;
        const row = { start: lineStart, end: offset };
        lineStart = offset + 1;
        // A blank line ends the event; on a first line, a byte order mark does not count.
        let isBlank = row.end === row.start;
        if (isFirst) {
          const head = concat([...held, chunk.subarray(from, at)]);
          row.start = Math.min(row.end, afterMark(head));
          isBlank = row.end === row.start;
          isFirst = false;
        }
        if (!isBlank) {
          rows.push(row);
          continue;
        }
        let end = at + 1;
        if (isAfterReturn && chunk[end] === lineFeed) {
          end += 1;
          isAfterReturn = false;
        }
        frames.push(toFrame(concat([...held, chunk.subarray(from, end)]), rows));
        held = [];
        base = 0;
        rows = [];
        lineStart = 0;
        from = end;
        at = end - 1;
      }
      if (from < chunk.length) held.push(chunk.subarray(from));
      heldBytes = base + chunk.length - from;
      return frames;
    },
    end() {
      if (heldBytes === 0) return [];
      const raw = concat(held);
      const start = isFirst ? afterMark(raw) : lineStart;
      const all = start < raw.length ? [...rows, { start, end: raw.length }] : rows;
      held = [noBytes];
      heldBytes = 0;
      return [toFrame(raw, all)];
    },
  };
}
