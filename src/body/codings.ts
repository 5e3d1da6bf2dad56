/** Content codings of gathered bodies: bounded, one-shot, and strict about bytes that decoding does not account for. */
import {
  brotliCompressSync,
  brotliDecompressSync,
  constants,
  crc32,
  deflateRawSync,
  deflateSync,
  gzipSync,
  inflateRawSync,
  inflateSync,
} from 'node:zlib';
import { concat } from '../core/bytes.ts';
import { AppError, systemCode } from '../core/errors.ts';

/** The codings that can be undone and done again. */
export type ReadableCoding = 'identity' | 'gzip' | 'deflate' | 'br';

export interface CodingLimits {
  /** The most bytes that may come out. */
  readonly bodyBytes: number;
  /** How many times its size a body may grow to, once past {@link ratioFreeBytes}. */
  readonly expansionRatio: number;
}

/** Below this size any expansion is harmless (design: "What read means"). */
export const ratioFreeBytes = 4 * 1024 * 1024;

/** What came of decoding. `form` says how to encode again; it is opaque to the caller. */
export type Decoded =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly form: CodedForm }
  | { readonly ok: false; readonly kind: 'unreadable' | 'limit'; readonly reason: string };

/** A coding as it was found: `deflate` comes with or without its zlib wrapper. */
export type CodedForm = ReadableCoding | 'deflate-raw';

/** Reads a content-encoding header. Undefined when it names what cannot be read (unknown or stacked codings). */
export function readableCoding(header: string | undefined): ReadableCoding | undefined {
  const name = (header ?? '').trim().toLowerCase();
  if (name === '' || name === 'identity') return 'identity';
  if (name === 'gzip' || name === 'x-gzip') return 'gzip';
  return name === 'deflate' || name === 'br' ? name : undefined;
}

/** What a decoder gave. */
interface Inflated {
  readonly bytes: Uint8Array;
  /** How many input bytes were used. */
  readonly used: number;
}

/** `info: true` makes the sync calls return the engine too, which knows how much input it used; the types do not say so. */
export function withInfo(result: unknown): Inflated {
  if (typeof result === 'object' && result !== null && 'buffer' in result && 'engine' in result) {
    const { buffer, engine } = result;
    if (buffer instanceof Uint8Array && typeof engine === 'object' && engine !== null && 'bytesWritten' in engine) {
      return { bytes: buffer, used: Number(engine.bytesWritten) };
    }
  }
  throw new AppError('ERR_INTERNAL', 'zlib gave no account of the bytes it used');
}

const broken = { ok: false, kind: 'unreadable', reason: 'the content coding is broken' } as const;
const unaccounted = {
  ok: false,
  kind: 'unreadable',
  reason: 'the content coding holds bytes that are not content',
} as const;

/** The ten bytes of a gzip header without optional fields, the eight of its trailer (RFC 1952 §2.3). */
const gzipHeaderBytes = 10;
const gzipTrailerBytes = 8;

/**
 * Decodes gzip members. Optional fields (name, comment, extra) and anything after the last member are refused: they
 * would leave unread.
 */
function decodeGzip(bytes: Uint8Array, maxOutputLength: number): Decoded {
  const members: Uint8Array[] = [];
  let rest = bytes;
  let room = maxOutputLength;
  do {
    if (rest.length < gzipHeaderBytes + gzipTrailerBytes || rest[0] !== 0x1f || rest[1] !== 0x8b || rest[2] !== 8) {
      return members.length === 0 ? broken : unaccounted;
    }
    if (rest[3] !== 0) return unaccounted;
    const member = withInfo(
      inflateRawSync(rest.subarray(gzipHeaderBytes), { info: true, maxOutputLength: Math.max(1, room) }),
    );
    const trailer = rest.subarray(gzipHeaderBytes + member.used);
    if (trailer.length < gzipTrailerBytes) return broken;
    const view = new DataView(trailer.buffer, trailer.byteOffset, gzipTrailerBytes);
    if (view.getUint32(0, true) !== crc32(member.bytes) || view.getUint32(4, true) !== member.bytes.length >>> 0) {
      return broken;
    }
    members.push(member.bytes);
    room -= member.bytes.length;
    rest = trailer.subarray(gzipTrailerBytes);
  } while (rest.length > 0);
  return { ok: true, bytes: concat(members), form: 'gzip' };
}

/** Whether bytes begin as zlib data does (RFC 1950 §2.2). */
function hasZlibHeader(bytes: Uint8Array): boolean {
  const [method = 0, flags = 0] = bytes;
  return (method & 0x0f) === 8 && ((method << 8) | flags) % 31 === 0;
}

function decodeWhole(coding: 'deflate' | 'br', bytes: Uint8Array, maxOutputLength: number): Decoded {
  const options = { info: true, maxOutputLength };
  const form = coding === 'br' ? 'br' : hasZlibHeader(bytes) ? 'deflate' : 'deflate-raw';
  const decoder = { br: brotliDecompressSync, deflate: inflateSync, 'deflate-raw': inflateRawSync }[form];
  const { bytes: decoded, used } = withInfo(decoder(bytes, options));
  return used === bytes.length ? { ok: true, bytes: decoded, form } : unaccounted;
}

/** The most bytes that so many coded ones may become, and the limit that says so. */
export function outputLimit(
  codedBytes: number,
  { bodyBytes, expansionRatio }: CodingLimits,
): { readonly bytes: number; readonly name: string } {
  const byRatio = Math.max(ratioFreeBytes, Math.floor(codedBytes * expansionRatio));
  const name = byRatio < bodyBytes ? 'limits.expansionRatio' : 'limits.bodyBytes';
  return { bytes: Math.max(1, Math.min(bodyBytes, byRatio)), name };
}

/** Undoes a content coding. Never throws; what cannot be read, or grows beyond the limits, says so. */
export function decodeBody(coding: ReadableCoding, bytes: Uint8Array, limits: CodingLimits): Decoded {
  if (coding === 'identity') return { ok: true, bytes, form: 'identity' };
  if (bytes.length === 0) return broken;
  const most = outputLimit(bytes.length, limits);
  try {
    return coding === 'gzip' ? decodeGzip(bytes, most.bytes) : decodeWhole(coding, bytes, most.bytes);
  } catch (error) {
    if (systemCode(error) !== 'ERR_BUFFER_TOO_LARGE') return broken;
    return { ok: false, kind: 'limit', reason: `the decoded body is larger than \`${most.name}\` allows` };
  }
}

/** Does a content coding again, the way it was found. Fast rather than small: only masked bodies come here. */
export function encodeBody(form: CodedForm, bytes: Uint8Array): Uint8Array {
  switch (form) {
    case 'identity':
      return bytes;
    case 'gzip':
      return gzipSync(bytes, { level: constants.Z_BEST_SPEED });
    case 'deflate':
      return deflateSync(bytes, { level: constants.Z_BEST_SPEED });
    case 'deflate-raw':
      return deflateRawSync(bytes, { level: constants.Z_BEST_SPEED });
    case 'br':
      return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } });
  }
}
