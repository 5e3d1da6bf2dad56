/** The server name of a TLS ClientHello, read from its first bytes without answering (RFC 8446 §4.1.2, RFC 6066 §3). */

/** `more`: not whole yet. `not-tls`: no ClientHello. `hello`: whole, with the name it asks for, if any. */
export type Peeked = { readonly kind: 'more' | 'not-tls' } | { readonly kind: 'hello'; readonly serverName?: string };

const more: Peeked = { kind: 'more' };
const notTls: Peeked = { kind: 'not-tls' };
const handshakeRecord = 22;
const clientHello = 1;
const serverNameExtension = 0;
/** A ClientHello beyond this is not one that a client sends (post-quantum shares take about 2 KB). */
export const maxHelloBytes = 32_768;

/** Reads lengths and slices; `undefined` once anything does not fit. */
class Cursor {
  private at = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  take(length: number): Uint8Array | undefined {
    if (length > this.left) return undefined;
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  number(length: number): number | undefined {
    return this.take(length)?.reduce((value, byte) => value * 256 + byte, 0);
  }

  /** A vector with a length of so many bytes before it. */
  vector(lengthBytes: number): Uint8Array | undefined {
    const length = this.number(lengthBytes);
    return length === undefined ? undefined : this.take(length);
  }
}

/** Joins the handshake bytes of the records that are whole; undefined when a record is of another kind. */
function handshakeBytes(bytes: Uint8Array): Uint8Array | undefined {
  const parts: Uint8Array[] = [];
  const cursor = new Cursor(bytes);
  while (cursor.left > 0) {
    const type = cursor.number(1);
    if (type !== handshakeRecord) return parts.length > 0 ? Buffer.concat(parts) : undefined;
    const major = cursor.number(1);
    if (major !== undefined && major !== 3) return undefined;
    cursor.take(1);
    const length = cursor.number(2);
    if (length === undefined) break;
    if (length === 0 || length > 16_384) return undefined;
    const fragment = cursor.take(Math.min(length, cursor.left));
    if (fragment !== undefined) parts.push(fragment);
  }
  return Buffer.concat(parts);
}

function serverNameOf(extensions: Uint8Array): string | undefined {
  const cursor = new Cursor(extensions);
  while (cursor.left > 0) {
    const type = cursor.number(2);
    const data = cursor.vector(2);
    if (data === undefined) return undefined;
    if (type !== serverNameExtension) continue;
    const list = new Cursor(new Cursor(data).vector(2) ?? new Uint8Array(0));
    const nameType = list.number(1);
    const name = list.vector(2);
    return nameType === 0 && name !== undefined ? Buffer.from(name).toString('latin1').toLowerCase() : undefined;
  }
  return undefined;
}

/** Looks at the first bytes of a connection; ask again with more of them while it says `more`. */
export function peekClientHello(bytes: Uint8Array): Peeked {
  if (bytes.length === 0) return more;
  const handshake = handshakeBytes(bytes);
  if (handshake === undefined) return notTls;
  const unfinished = bytes.length > maxHelloBytes ? notTls : more;
  const cursor = new Cursor(handshake);
  const type = cursor.number(1);
  if (type === undefined) return unfinished;
  if (type !== clientHello) return notTls;
  const body = cursor.vector(3);
  if (body === undefined) return unfinished;
  const hello = new Cursor(body);
  hello.take(34); // version, random
  hello.vector(1); // session id
  const suites = hello.vector(2);
  const compression = hello.vector(1);
  if (suites === undefined || compression === undefined) return notTls;
  const extensions = hello.vector(2);
  const serverName = extensions === undefined ? undefined : serverNameOf(extensions);
  return serverName === undefined ? { kind: 'hello' } : { kind: 'hello', serverName };
}
