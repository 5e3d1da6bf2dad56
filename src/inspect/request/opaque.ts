/** Opaque strings: never changed, and checked for protected values only, as they stand. */
import type { JsonDocument, JsonNode } from '../../body/json-document.ts';
import { isText } from '../../body/text-bytes.ts';
import { jsonStringView } from '../../body/views.ts';
import type { Hit, TextHits, ViewHits } from './hits.ts';
import type { RequestScan } from './scan.ts';

/** Shorter protected values may stand in random data by chance. */
const leastOpaqueValue = 16;
/** How much of an opaque string is decoded to see whether it is text at all, in characters. */
const probe = 64;

const base64Only = /^[A-Za-z0-9+/_-]+={0,2}$/;

function isBlank(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 9 && byte <= 13) || byte === 0x20 || byte === 0xa0);
}

/** Whether there is white space between other characters near the beginning: in no encoded data. */
export function hasWords(text: Uint8Array): boolean {
  let at = 0;
  let end = Math.min(text.length, probe);
  while (at < end && isBlank(text[at])) at += 1;
  while (end > at && isBlank(text[end - 1])) end -= 1;
  while (at < end && !isBlank(text[at])) at += 1;
  return at < end;
}

/**
 * Whether a string that its block calls opaque is text after all: plain words, or base64 of text. A label is a claim,
 * and may not hide a file.
 */
export function isOpaqueText(text: Uint8Array): boolean {
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.length);
  if (hasWords(text)) return true;
  if (!isText(Buffer.from(bytes.toString('latin1', 0, probe), 'base64').subarray(0, (probe / 4) * 3 - 3))) return false;
  const whole = bytes.toString('latin1');
  return base64Only.test(whole) && isText(Buffer.from(whole, 'base64'));
}

/** The same for the beginning of a long string. */
export function beginsOpaqueText(text: Uint8Array): boolean {
  return isOpaqueText(text.subarray(0, text.length - (text.length % 4)));
}

/** The protected values in a text that is not to be changed. */
export function protectedHits(scan: RequestScan, text: Uint8Array): TextHits {
  const hits: Hit[] = [];
  for (const values of scan.known) {
    if (values.size === 0) continue;
    for (const { value, start, end, encoding } of values.scan(text, 0, true).matches) {
      if (!value.isProtected || value.bytes.length < leastOpaqueValue) continue;
      hits.push({
        start,
        end,
        value: value.bytes,
        ruleId: value.rule,
        rule: undefined,
        confidence: 'certain',
        reason: 'a protected value in data that may not be changed',
        origin: 'protected',
        layers: encoding,
      });
    }
  }
  return { text, hits, views: [] };
}

/** Reads an opaque string of a JSON body. */
export function readOpaque(scan: RequestScan, document: JsonDocument, node: JsonNode): ViewHits | undefined {
  const text = document.text(node);
  const inner = protectedHits(scan, text);
  return inner.hits.length === 0 ? undefined : { view: jsonStringView(document.raw(node), node.start, text), inner };
}
