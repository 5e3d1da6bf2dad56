import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeBody, encodeBody, readableCoding, type Decoded } from '../../../src/body/codings.ts';

const limits = { bodyBytes: 64 * 1024 * 1024, expansionRatio: 200 };
const text = Buffer.from('{"a":"some text that is long enough to be compressed, compressed, compressed"}');

function decode(coding: 'gzip' | 'deflate' | 'br', bytes: Uint8Array): Decoded {
  return decodeBody(coding, bytes, limits);
}

describe('content codings', () => {
  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['GZIP', 'gzip'],
    ['x-gzip', 'gzip'],
    ['deflate', 'deflate'],
    [' br ', 'br'],
    ['zstd', undefined],
    ['gzip, gzip', undefined],
    ['gzip,br', undefined],
  ])('reads the header %j', (header, coding) => {
    expect(readableCoding(header)).toBe(coding);
  });

  it.each([
    ['gzip', 'gzip', gzipSync(text)],
    ['deflate', 'deflate', deflateSync(text)],
    ['deflate', 'deflate-raw', deflateRawSync(text)],
    ['br', 'br', brotliCompressSync(text)],
  ] as const)('undoes %s (%s) and does it again', (coding, form, bytes) => {
    const decoded = decode(coding, bytes);

    expect(decoded).toEqual({ ok: true, bytes: text, form });
    expect(decode(coding, encodeBody(form, text))).toEqual({ ok: true, bytes: text, form });
  });

  it('hands identity through', () => {
    expect(decodeBody('identity', text, limits)).toEqual({ ok: true, bytes: text, form: 'identity' });
    expect(encodeBody('identity', text)).toBe(text);
  });

  it('joins the members of a gzip file', () => {
    const decoded = decode('gzip', Buffer.concat([gzipSync('ab'), gzipSync('cd')]));

    expect(decoded.ok && Buffer.from(decoded.bytes).toString()).toBe('abcd');
  });

  const flagged = (flag: number, field: string): Buffer => {
    const bytes = gzipSync(text);
    bytes[3] = flag;
    return Buffer.concat([bytes.subarray(0, 10), Buffer.from(field, 'latin1'), bytes.subarray(10)]);
  };
  const changed = (at: number): Buffer => {
    const bytes = gzipSync(text);
    bytes[bytes.length + at] = (bytes[bytes.length + at] ?? 0) ^ 1;
    return bytes;
  };

  it.each([
    ['a gzip name', 'gzip', flagged(8, 'name\0')],
    ['a gzip comment', 'gzip', flagged(16, 'comment\0')],
    ['a gzip extra field', 'gzip', flagged(4, '\x02\x00ab')],
    ['bytes after gzip', 'gzip', Buffer.concat([gzipSync(text), Buffer.from('rest')])],
    ['many bytes after gzip', 'gzip', Buffer.concat([gzipSync(text), Buffer.alloc(64, 65)])],
    ['bytes after zlib data', 'deflate', Buffer.concat([deflateSync(text), Buffer.from('x')])],
    ['bytes after raw deflate data', 'deflate', Buffer.concat([deflateRawSync(text), Buffer.from('x')])],
    ['bytes after brotli data', 'br', Buffer.concat([brotliCompressSync(text), Buffer.from('x')])],
    ['a wrong checksum', 'gzip', changed(-8)],
    ['a wrong size', 'gzip', changed(-1)],
    ['a cut gzip body', 'gzip', gzipSync(text).subarray(0, -4)],
    ['a cut brotli body', 'br', brotliCompressSync(text).subarray(0, -4)],
    ['what is not gzip', 'gzip', text],
    ['nothing', 'gzip', Buffer.alloc(0)],
  ] as const)('refuses %s', (_what, coding, bytes) => {
    expect(decode(coding, bytes)).toMatchObject({ ok: false, kind: 'unreadable' });
  });

  it.each([
    ['expansionRatio', gzipSync(Buffer.alloc(16 * 1024 * 1024)), limits],
    ['bodyBytes', gzipSync(Buffer.alloc(2000)), { bodyBytes: 1000, expansionRatio: 200 }],
  ])('stops at limits.%s', (name, bytes, set) => {
    const decoded = decodeBody('gzip', bytes, set);

    expect(decoded).toMatchObject({ ok: false, kind: 'limit' });
    expect(!decoded.ok && decoded.reason).toContain(name);
  });

  it('lets a small body expand as much as it likes', () => {
    expect(decode('gzip', gzipSync(Buffer.alloc(4 * 1024 * 1024))).ok).toBe(true);
  });
});
