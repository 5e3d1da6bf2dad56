/** Text that was compressed before it was put into base64 or hex, as Helm stores releases: gzip (RFC 1952) and zlib (RFC 1950). */
import { isUtf8 } from 'node:buffer';
import { constants, crc32, deflateRawSync, deflateSync, inflateRawSync } from 'node:zlib';
import { concat } from '../core/bytes.ts';
import { systemCode } from '../core/errors.ts';
import { isHexDigit, leastRun, paddedEnd } from './base64-runs.ts';
import { outputLimit, withInfo, type CodingLimits } from './codings.ts';
import { applySplices, type Splice } from './splice.ts';
import { isTextByte } from './text-bytes.ts';
import { base64View, hexView, type View } from './views.ts';
import { wideOrder } from './wide-text.ts';

type Wrapper = 'gzip' | 'zlib';

/** How compressed data begins when it is spelled in base64 or hex, and what it is then. */
interface Beginning {
  readonly wrapper: Wrapper;
  readonly isHex: boolean;
}

/** The sizes of what stands before and behind the data of each (for gzip, without its optional fields). */
const headerBytes = { gzip: 10, zlib: 2 } as const;
const trailerBytes = { gzip: 8, zlib: 4 } as const;

/** So much of the data tells whether it is text. */
const probeBytes = 512;
/** More than it can become: deflate makes at most 1032 bytes of one. */
const probeOutput = 1024 * 1024;
/** What zlib compresses with by default: what is written anew is about as long as what was found. */
const level = constants.Z_DEFAULT_COMPRESSION;

/**
 * What compressed data begins at an offset of a text, by its first characters: in base64 `H4sI` for gzip, and for zlib
 * the four pairs of bytes that its levels write with the usual window.
 */
function beginningAt(text: Uint8Array, at: number): Beginning | undefined {
  const [a, b, c, d] = [text[at], text[at + 1], text[at + 2] ?? 0, text[at + 3] ?? 0];
  if (a === 0x48) return b === 0x34 && c === 0x73 && d === 0x49 ? { wrapper: 'gzip', isHex: false } : undefined;
  if (a === 0x65) {
    const least = b === 0x4a ? 0x77 : b === 0x4e ? 0x6f : b === 0x46 ? 0x34 : b === 0x41 ? 0x45 : 0xff;
    return c >= least && c < least + 4 ? { wrapper: 'zlib', isHex: false } : undefined;
  }
  if (a === 0x31) return isSpelled(text, at, '1f8b08') ? { wrapper: 'gzip', isHex: true } : undefined;
  if (a !== 0x37) return undefined;
  return ['789c', '78da'].some((digits) => isSpelled(text, at, digits)) ? { wrapper: 'zlib', isHex: true } : undefined;
}

function isSpelled(text: Uint8Array, at: number, digits: string): boolean {
  for (let index = 0; index < digits.length; index += 1) {
    const byte = text[at + index] ?? 0;
    if (!isHexDigit(byte) || String.fromCharCode(byte).toLowerCase() !== digits[index]) return false;
  }
  return true;
}

/** Where pairs of hex digits end: other characters of base64 may follow them. */
function hexEnd(text: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at + 2 <= end && isHexDigit(text[at]) && isHexDigit(text[at + 1])) at += 2;
  return at;
}

/** Whether compressed data may begin at an offset of a text. */
export function beginsDeflated(text: Uint8Array, at: number): boolean {
  return beginningAt(text, at) !== undefined;
}

/** The flags of a gzip header that announce its optional fields (RFC 1952 §2.3.1). */
const hasChecksum = 2;
const hasExtra = 4;
const hasName = 8;
const hasComment = 16;

/** Where the data begins behind a gzip header with its optional fields; -1 when it is none. */
function gzipDataAt(bytes: Uint8Array): number {
  const flags = bytes[3] ?? 0xff;
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8 || flags >= 32) return -1;
  let at: number = headerBytes.gzip;
  if ((flags & hasExtra) !== 0) at += 2 + (bytes[at] ?? 0) + ((bytes[at + 1] ?? 0) << 8);
  for (const field of [hasName, hasComment]) {
    if ((flags & field) === 0) continue;
    const end = bytes.indexOf(0, at);
    if (end === -1) return -1;
    at = end + 1;
  }
  return (flags & hasChecksum) === 0 ? at : at + 2;
}

/** What inflating gave. */
interface Inflated {
  readonly wrapper: Wrapper;
  readonly text: Uint8Array;
  /** What of the text's last character there is where it is cut off. */
  readonly tail: Uint8Array;
  /** What stands before the first data. */
  readonly header: Uint8Array;
  /** How many bytes it took; what follows them belongs to something else. */
  readonly used: number;
  /** Whether the data was cut off before its end. */
  readonly isCut: boolean;
}

/** Inflates what there is, also of data that is cut off. */
function inflate(data: Uint8Array, maxOutputLength: number): { readonly bytes: Uint8Array; readonly used: number } {
  return withInfo(inflateRawSync(data, { info: true, maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH }));
}

/** Whether bytes can be read: control characters too, since nothing but text (or an archive of it) is UTF-8 by chance. */
function isReadable(bytes: Uint8Array): boolean {
  return isUtf8(bytes) || wideOrder(bytes) !== undefined;
}

/** How many bytes of a text that may be cut inside a character come before the cut; undefined when it is no text. */
function wholeCharacters(bytes: Uint8Array): number | undefined {
  const ends = [0, 1, 2, 3].map((less) => Math.max(0, bytes.length - less));
  return ends.find((end) => isReadable(bytes.subarray(0, end)));
}

/** Reads compressed texts, within the limits of content codings, all of one request together. */
export class Inflation {
  /** Set once a text grows beyond the limits: what holds it is not read, and counts as unreadable. */
  exceeded: string | undefined;
  private readonly limits: CodingLimits;
  private spent = 0;

  constructor(limits: CodingLimits) {
    this.limits = limits;
  }

  /**
   * Adds the views of the compressed texts that a run of base64 or hex begins with, each right behind the one before.
   * Returns where what they leave of the run begins. Data that is broken, or that inflates to no text, is left alone.
   */
  addViews(text: Uint8Array, start: number, end: number, views: View[]): number {
    let at = start;
    while (end - at >= leastRun) {
      const beginning = beginningAt(text, at);
      const view = beginning === undefined ? undefined : this.viewOf(text, at, end, beginning);
      if (view === undefined) return at;
      views.push(view);
      at = view.range.end;
    }
    return at;
  }

  private viewOf(text: Uint8Array, start: number, end: number, { wrapper, isHex }: Beginning): View | undefined {
    const last = isHex ? hexEnd(text, start, end) : (end - start) % 4 === 1 ? end - 1 : paddedEnd(text, end);
    const open = isHex ? hexView : base64View;
    const whole = open(text, { start, end: last });
    const inflated = this.inflated(whole.text, wrapper);
    if (inflated === undefined) return undefined;
    const { used } = inflated;
    const taken = isHex ? used * 2 : Math.ceil(used / 3) * 4;
    const coded = used === whole.text.length ? whole : open(text, { start, end: Math.min(last, start + taken) });
    return inflatedView(coded, inflated, isHex);
  }

  private inflated(bytes: Uint8Array, wrapper: Wrapper): Inflated | undefined {
    const first = wrapper === 'gzip' ? gzipDataAt(bytes) : headerBytes.zlib;
    if (first < 0 || first >= bytes.length) return undefined;
    const limit = outputLimit(bytes.length, this.limits);
    const left = this.limits.bodyBytes - this.spent;
    const most = Math.min(limit.bytes, left);
    let isPlain = false;
    try {
      const { bytes: begin } = inflate(bytes.subarray(first, first + probeBytes), probeOutput);
      const length = wholeCharacters(begin);
      if (length === undefined) return undefined;
      isPlain = begin.subarray(0, length).every(isTextByte);
      return this.members(bytes, first, wrapper, most);
    } catch (error) {
      // Anything else is data that only begins like compressed data: nobody can read more of it. What grows without end
      // and is no text is an image of a disk or the like.
      if (isPlain && systemCode(error) === 'ERR_BUFFER_TOO_LARGE') {
        const name = left <= limit.bytes ? 'limits.bodyBytes' : limit.name;
        this.exceeded = `a compressed text in it is larger than \`${name}\` allows`;
      }
      return undefined;
    }
  }

  /** Inflates data that begins at `first`, and for gzip the members behind it. */
  private members(bytes: Uint8Array, first: number, wrapper: Wrapper, most: number): Inflated | undefined {
    const parts: Uint8Array[] = [];
    let size = 0;
    let used = 0;
    let isCut = false;
    for (let data = first; data > used;) {
      const member = inflate(bytes.subarray(data), Math.max(1, most - size));
      parts.push(member.bytes);
      size += member.bytes.length;
      isCut = data + member.used === bytes.length;
      used = Math.min(bytes.length, data + member.used + trailerBytes[wrapper]);
      data = isCut || wrapper === 'zlib' ? used : used + gzipDataAt(bytes.subarray(used));
    }
    const all = concat(parts);
    const length = isCut ? wholeCharacters(all) : isReadable(all) ? all.length : undefined;
    if (length === undefined || length === 0) return undefined;
    this.spent += length;
    const header = bytes.slice(0, first);
    return { wrapper, text: all.subarray(0, length), tail: all.subarray(length), header, used, isCut };
  }
}

/** Compresses a text in place of the one that was found: with the same header, and cut off where that one was. */
function deflated(text: Uint8Array, { wrapper, header, isCut }: Inflated): Uint8Array {
  const options = { level, finishFlush: isCut ? constants.Z_SYNC_FLUSH : constants.Z_FINISH };
  if (wrapper === 'zlib') return deflateSync(text, options);
  const parts = [header, deflateRawSync(text, options)];
  if (isCut) return concat(parts);
  const trailer = new DataView(new ArrayBuffer(trailerBytes.gzip));
  trailer.setUint32(0, crc32(text), true);
  trailer.setUint32(4, text.length, true);
  return concat([...parts, new Uint8Array(trailer.buffer)]);
}

/** A compressed text: no part of it stands anywhere by itself, and what is changed is compressed anew as a whole. */
function inflatedView(coded: View, inflated: Inflated, isHex: boolean): View {
  const { text, tail, used, wrapper } = inflated;
  const { range } = coded;
  return {
    encoding: `${isHex ? 'hex' : 'base64'}-${wrapper}`,
    range,
    text,
    toOuter: () => range,
    toSplices(inner: readonly Splice[]) {
      if (inner.length === 0) return [];
      const changed = deflated(concat([...applySplices([text], inner), tail]), inflated);
      // The last characters may stand for a byte or two of what follows.
      const replacement = concat([changed, coded.text.subarray(used)]);
      return coded.toSplices([{ start: 0, end: coded.text.length, replacement }]);
    },
  };
}
