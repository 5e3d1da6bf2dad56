/** Media types (RFC 9110 §8.3.1), as far as reading a body needs them. */

export interface MediaType {
  /** Lower-case `type/subtype`; empty when there is none. */
  readonly essence: string;
  /** Lower-case charset parameter; undefined when there is none. */
  readonly charset: string | undefined;
}

const charsetParameter = /;\s*charset\s*=\s*(?:"([^"]*)"|([^;\s]*))/gi;
const readableCharsets = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

/** Parses a content-type header's value; an absent one gives an empty essence. */
export function parseMediaType(header: string | undefined): MediaType {
  const [essence = ''] = (header ?? '').split(';');
  const charsets = [...(header ?? '').matchAll(charsetParameter)].map(([, quoted, bare]) =>
    (quoted ?? bare ?? '').toLowerCase(),
  );
  // Of several, nobody can tell which one counts at the other end.
  const charset = charsets.find((one) => !readableCharsets.has(one)) ?? charsets[0];
  return { essence: essence.trim().toLowerCase(), charset };
}

/** Whether text in this charset can be read as the bytes it is: UTF-8, and what is a part of it. */
export function isReadableCharset(charset: string | undefined): boolean {
  return charset === undefined || readableCharsets.has(charset);
}

/** Whether the type names one JSON text. */
export function isJsonType(essence: string): boolean {
  return essence === 'application/json' || essence === 'text/json' || essence.endsWith('+json');
}

/** Whether the type names JSON texts that follow one another, a line each. */
export function isJsonSequenceType(essence: string): boolean {
  return /^(?:application|text)\/(?:x-)?(?:ndjson|jsonl|jsonlines|json-lines)$/.test(essence);
}

/** Whether the type names percent-encoded pairs. */
export function isFormType(essence: string): boolean {
  return essence === 'application/x-www-form-urlencoded';
}
