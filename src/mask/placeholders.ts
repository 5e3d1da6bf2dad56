/** Placeholders: `SLUICE_<KIND>_<id>`, a keyed function of the value. The interface; `createPlaceholders` makes one. */
import { createHmac } from 'node:crypto';
import type { Range } from '../body/range.ts';
import { AppError } from '../core/errors.ts';
import { base32, isBase32Code } from './base32.ts';
import { createEncodedFinder } from './encoded-placeholders.ts';

export interface Placeholders {
  /** The placeholder of a value. Same key, kind and value: same text, for ever and on every replica. */
  make(kind: string, value: Uint8Array): string;
  /** Whether the text is, as a whole, a placeholder with a valid check. */
  isValid(text: string): boolean;
  /** The ranges of valid placeholders in text, in order. */
  find(text: Uint8Array): readonly Range[];
  /** The ranges of valid placeholders that stand in base64 or hex, whatever touches them there. */
  findEncoded(text: Uint8Array): readonly Range[];
}

/** The id's length: {@link hashLength} characters of hash and {@link checkLength} of check. It is the terminator. */
export const idLength = 16;
const hashLength = 13;
const checkLength = 3;
/** The longest kind. */
export const maxKindLength = 24;

const kindPattern = /^(?=.{1,24}$)[A-Z0-9]+(?:_[A-Z0-9]+)*$/;
const prefixPattern = /^[A-Z][A-Z0-9]{1,15}$/;

interface PlaceholderOptions {
  /** Of purpose `placeholder`, see `deriveKey`. */
  readonly key: Uint8Array;
  /** Upper-case letters and digits, a letter first, 2–16 in all. */
  readonly prefix: string;
}

/** Whether a code may stand in a kind: `A-Z`, `0-9`, `_`. */
function isKindCode(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39) || code === 0x5f;
}

/** The prefix of a placeholder's text: what stands before its first underscore. */
export function prefixOf(placeholder: string): string {
  return placeholder.slice(0, placeholder.indexOf('_'));
}

/** The kind of a placeholder's text: what stands between prefix and id. */
export function kindOf(placeholder: string): string {
  return placeholder.slice(placeholder.indexOf('_') + 1, -(idLength + 1));
}

/**
 * Makes the placeholders of one key.
 *
 * The id is 13 characters (65 bits) of a keyed hash of the value and 3 of a keyed check over prefix, kind and those
 * 13: text that only looks like a placeholder has no valid check and is judged like any other text.
 *
 * @throws AppError `ERR_CONFIG_INVALID` for a prefix of another form.
 */
export function createPlaceholders({ key, prefix }: PlaceholderOptions): Placeholders {
  if (!prefixPattern.test(prefix)) {
    throw new AppError('ERR_CONFIG_INVALID', 'placeholders.prefix must be 2–16 upper-case letters and digits', {
      hint: 'choose a prefix such as SLUICE',
    });
  }
  const start = Buffer.from(`${prefix}_`, 'latin1');
  const hashOf = (value: Uint8Array): string =>
    base32(createHmac('sha256', key).update('value\0').update(value).digest(), hashLength);
  const checkOf = (kind: string, hash: string): string =>
    base32(createHmac('sha256', key).update(`check\0${prefix}\0${kind}\0${hash}`).digest(), checkLength);

  /** The end of a valid placeholder whose prefix stands at `at`, or -1. */
  function endAt(text: Buffer, at: number): number {
    const kindStart = at + start.length;
    let separator = -1;
    // The kind's run may take digits that begin the id: its last underscore is the separator.
    for (let i = kindStart; i <= kindStart + maxKindLength + idLength && i < text.length; i++) {
      const code = text[i] ?? 0;
      if (!isKindCode(code)) break;
      if (code === 0x5f) {
        if (i - kindStart > maxKindLength) break;
        separator = i;
      }
    }
    if (separator <= kindStart) return -1;
    const idStart = separator + 1;
    const end = idStart + idLength;
    if (end > text.length) return -1;
    for (let i = idStart; i < end; i++) if (!isBase32Code(text[i] ?? 0)) return -1;
    const kind = text.toString('latin1', kindStart, separator);
    if (!kindPattern.test(kind)) return -1;
    const hash = text.toString('latin1', idStart, idStart + hashLength);
    return text.toString('latin1', idStart + hashLength, end) === checkOf(kind, hash) ? end : -1;
  }

  const longest = start.length + maxKindLength + 1 + idLength;

  return {
    findEncoded: createEncodedFinder(start, longest, endAt),
    make(kind, value) {
      if (!kindPattern.test(kind)) throw new AppError('ERR_INTERNAL', 'a placeholder needs a kind of A-Z, 0-9 and _');
      const hash = hashOf(value);
      return `${prefix}_${kind}_${hash}${checkOf(kind, hash)}`;
    },
    isValid(text) {
      if (!text.startsWith(`${prefix}_`)) return false;
      const bytes = Buffer.from(text, 'utf8');
      return endAt(bytes, 0) === bytes.length;
    },
    find(text) {
      const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
      const ranges: Range[] = [];
      let at = bytes.indexOf(start);
      while (at !== -1) {
        const end = endAt(bytes, at);
        if (end !== -1) ranges.push({ start: at, end });
        at = bytes.indexOf(start, end === -1 ? at + start.length : end);
      }
      return ranges;
    },
  };
}
