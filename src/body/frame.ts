/** Frames: a streamed reply cut into its events, no byte lost, each with the JSON text it carries. */
import { concat, utf8 } from '../core/bytes.ts';

/** One event, line or value of a stream. The frames' raw bytes, joined, are the stream. */
export interface Frame {
  readonly raw: Uint8Array;
  /** The SSE event's name. */
  readonly event?: string;
  /** The data as text; absent when there is none or it is not UTF-8. */
  readonly data?: string;
  /** Where the data's lines stand in `raw`; joined with a line feed they are `data`. */
  readonly lines: readonly { readonly start: number; readonly end: number }[];
}

/** Cuts a stream into frames. */
export interface Framer {
  push(chunk: Uint8Array): Frame[];
  /** What is left when the stream ends; called once. */
  end(): Frame[];
  /** Bytes held because their frame is not complete. */
  readonly heldBytes: number;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes UTF-8; undefined when it is not. */
export function strictText(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/**
 * The frame's bytes with other data. The new data must have as many lines as the old: a JSON text that was valid and
 * in which only values were replaced by JSON texts without line breaks has.
 */
export function withData(frame: Frame, data: string): Uint8Array {
  const texts = data.split('\n');
  const chunks: Uint8Array[] = [];
  let at = 0;
  frame.lines.forEach((line, i) => {
    chunks.push(frame.raw.subarray(at, line.start), utf8(texts[i] ?? ''));
    at = line.end;
  });
  chunks.push(frame.raw.subarray(at));
  return concat(chunks);
}
