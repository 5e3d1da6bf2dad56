import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeJsonString,
  encodeJsonString,
  mapJsonString,
  rawOffset,
  wholeUnits,
} from '../../../src/body/json-string.ts';

/** Writes text as JSON content, each character in one of the ways JSON allows. */
const spelling = fc
  .array(fc.tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }), fc.boolean()))
  .map((parts) => {
    const text = parts.map(([char]) => char).join('');
    const raw = parts
      .map(([char, isEscaped]) =>
        isEscaped
          ? Array.from(
              { length: char.length },
              (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`,
            ).join('')
          : JSON.stringify(char).slice(1, -1),
      )
      .join('');
    return { text, raw: Buffer.from(raw) };
  });

describe('json string content', () => {
  it.each([
    ['\\n\\t\\r\\b\\f', '\n\t\r\b\f'],
    ['\\"\\\\\\/', '"\\/'],
    ['\\u0041\\u00e9\\u20ac', 'Aé€'],
    ['\\ud83d\\ude00', '\u{1f600}'],
    ['no escapes at all', 'no escapes at all'],
    ['\\\\n', '\\n'],
  ])('decodes %s', (raw, text) => {
    expect(Buffer.from(decodeJsonString(Buffer.from(raw))).toString()).toBe(text);
  });

  it('finds where each decoded byte stands, as the map of the whole content does', () => {
    fc.assert(
      fc.property(spelling, ({ raw, text }) => {
        const map = mapJsonString(raw);
        for (let at = 0; at <= Buffer.byteLength(text); at += 1) {
          expect(rawOffset(raw, at)).toBe(map.toRaw(at, at).start);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps a lone surrogate as its three bytes', () => {
    expect([...decodeJsonString(Buffer.from('\\ud800x'))]).toEqual([0xed, 0xa0, 0x80, 0x78]);
    expect([...decodeJsonString(Buffer.from('\\udc00'))]).toEqual([0xed, 0xb0, 0x80]);
    expect([...decodeJsonString(Buffer.from('\\ud800\\u0041'))]).toEqual([0xed, 0xa0, 0x80, 0x41]);
  });

  it('decodes what JSON.parse decodes', () => {
    fc.assert(
      fc.property(spelling, ({ text, raw }) => {
        expect(Buffer.from(decodeJsonString(raw)).toString()).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it('maps every character back to its spelling', () => {
    fc.assert(
      fc.property(spelling, ({ text, raw }) => {
        const map = mapJsonString(raw);
        let at = 0;
        let joined = '';
        for (const char of text) {
          const size = Buffer.byteLength(char);
          const { start, end } = map.toRaw(at, at + size);
          expect(Buffer.from(decodeJsonString(raw.subarray(start, end))).toString()).toBe(char);
          joined += raw.subarray(start, end).toString();
          at += size;
        }
        expect(joined).toBe(raw.toString());
      }),
      { numRuns: 1000 },
    );
  });

  it('takes the whole unit of a range that begins or ends inside it', () => {
    const map = mapJsonString(Buffer.from('a\\ud83d\\ude00b'));

    expect(map.toRaw(2, 3)).toEqual({ start: 1, end: 13 });
    expect(map.toRaw(0, 1)).toEqual({ start: 0, end: 1 });
    expect(map.toRaw(5, 6)).toEqual({ start: 13, end: 14 });
  });

  it('cuts growing content at whole units only', () => {
    fc.assert(
      fc.property(spelling, fc.nat(), ({ text, raw }, cut) => {
        const part = raw.subarray(0, cut % (raw.length + 1));
        const whole = wholeUnits(part);
        const rest = raw.subarray(whole);

        expect(part.length - whole).toBeLessThan(12);
        expect(Buffer.concat([decodeJsonString(part.subarray(0, whole)), decodeJsonString(rest)]).toString()).toBe(
          text,
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('escapes what must be escaped and nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = Buffer.from(text);
        const encoded = encodeJsonString(bytes);
        expect(JSON.parse(`"${Buffer.from(encoded).toString()}"`)).toBe(bytes.toString());
      }),
      { numRuns: 1000 },
    );
    const plain = Buffer.from('plain é');
    expect(encodeJsonString(plain)).toBe(plain);
  });
});
