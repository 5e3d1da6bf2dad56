/** The heads of HTTP messages as plain data, between the wire and the pure middle. */

/** Name and value as received: case (HTTP/1.1), order and duplicates kept. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

export interface RequestHead {
  readonly method: string;
  readonly scheme: 'https' | 'http';
  /** The CONNECT host (or that of an absolute-form target), lower-case, without brackets or port. */
  readonly host: string;
  readonly port: number;
  /** Path and query as sent (origin form). */
  readonly target: string;
  readonly protocol: 'http/1.1' | 'h2';
  /** Without pseudo-headers. */
  readonly headers: HeaderList;
}

export interface ReplyHead {
  readonly status: number;
  readonly headers: HeaderList;
}

/** A whole reply that Sluice itself gives. */
export interface LocalReply {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
}

/** Returns the first value of a header, by lower-case name. */
export function headerValue(headers: HeaderList, name: string): string | undefined {
  // Lengths first: most names differ in theirs, and lower-casing all of them is what this would cost.
  for (const [key, value] of headers) if (key.length === name.length && key.toLowerCase() === name) return value;
  return undefined;
}

/** Returns every value of a header joined as a list (RFC 9110 §5.3), by lower-case name; undefined when absent. */
export function headerList(headers: HeaderList, name: string): string | undefined {
  let list: string | undefined;
  for (const [key, value] of headers) {
    if (key.length === name.length && key.toLowerCase() === name)
      list = list === undefined ? value : `${list}, ${value}`;
  }
  return list;
}

/** Returns the headers without those of the given lower-case names. */
export function withoutHeaders(headers: HeaderList, names: ReadonlySet<string>): HeaderList {
  return headers.filter(([key]) => !names.has(key.toLowerCase()));
}
