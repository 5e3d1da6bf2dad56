import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, utf8 } from '../../../src/core/bytes.ts';
import type { Frame } from '../../../src/body/frame.ts';
import { createSseFramer } from '../../../src/body/sse.ts';

/** The frames of a text pushed in pieces that end at the cuts. */
function frames(text: string | Uint8Array, cuts: readonly number[] = []): Frame[] {
  const bytes = typeof text === 'string' ? utf8(text) : text;
  const framer = createSseFramer();
  const all: Frame[] = [];
  let from = 0;
  for (const at of [...cuts, bytes.length].sort((a, b) => a - b)) {
    all.push(...framer.push(bytes.subarray(from, at)));
    from = at;
  }
  return [...all, ...framer.end()];
}

const dataOf = (all: readonly Frame[]): (readonly [string | undefined, string])[] =>
  all.flatMap(({ event, data }) => (data === undefined ? [] : [[event, data] as const]));

describe('sse framing', () => {
  it.each([
    [
      'line feeds',
      'event: a\ndata: 1\n\ndata: 2\n\n',
      [
        ['a', '1'],
        [undefined, '2'],
      ],
    ],
    [
      'carriage returns',
      'event: a\rdata: 1\r\rdata: 2\r\r',
      [
        ['a', '1'],
        [undefined, '2'],
      ],
    ],
    [
      'both',
      'event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n',
      [
        ['a', '1'],
        [undefined, '2'],
      ],
    ],
    [
      'mixed',
      'data: 1\n\r\ndata: 2\r\n\ndata: 3\r\n\r',
      [
        [undefined, '1'],
        [undefined, '2'],
        [undefined, '3'],
      ],
    ],
    ['several data lines', 'data: {\ndata:  "a":1\ndata:}\n\n', [[undefined, '{\n "a":1\n}']]],
    ['no space after the colon', 'event:a\ndata:1\n\n', [['a', '1']]],
    ['a field without a colon', 'data\n\n', [[undefined, '']]],
    ['comments, ids and retries', ': hello\nid: 7\nretry: 10\ndata: 1\n: more\n\n: alone\n\n', [[undefined, '1']]],
    ['other fields that begin alike', 'database: 1\ndata: 2\n\n', [[undefined, '2']]],
    ['a byte order mark', '\ufeffdata: 1\n\n', [[undefined, '1']]],
    ['blank lines', '\n\n\ndata: 1\n\n\n\n', [[undefined, '1']]],
    [
      'an event that is cut off',
      'data: 1\n\ndata: 2',
      [
        [undefined, '1'],
        [undefined, '2'],
      ],
    ],
    ['nothing', '', []],
  ])('reads %s', (_name, text, expected) => {
    expect(dataOf(frames(text))).toEqual(expected);
  });

  it('gives no data where it is not UTF-8, and keeps the bytes', () => {
    const bytes = Uint8Array.from([...utf8('data: '), 0xff, ...utf8('\n\n')]);

    const [frame] = frames(bytes);

    expect(frame?.data).toBeUndefined();
    expect(frame?.raw).toEqual(bytes);
  });

  it('hands an event on with its last byte', () => {
    for (const end of ['\n\n', '\r\r', '\r\n\r\n']) {
      const framer = createSseFramer();
      expect(dataOf(framer.push(utf8(`data: 1${end}`)))).toEqual([[undefined, '1']]);
    }
  });

  it('hands on a line feed that comes after its carriage return at once', () => {
    const framer = createSseFramer();
    framer.push(utf8('data: 1\r\n\r'));
    expect(framer.push(utf8('\n')).map(({ raw }) => [...raw])).toEqual([[0x0a]]);
  });

  it('keeps every byte and reads the same, however the stream is cut', () => {
    const pieces = fc.constantFrom(
      'data: ',
      'event: a',
      ': c',
      '\n',
      '\r',
      '\r\n',
      '\n\n',
      '{"a":1}',
      'é😀',
      '\ufeff',
      'x',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), fc.array(fc.nat(60), { maxLength: 8 }), (parts, cuts) => {
        const bytes = utf8(parts.join(''));
        const cut = frames(
          bytes,
          cuts.map((at) => at % (bytes.length + 1)),
        );

        expect(concat(cut.map(({ raw }) => raw))).toEqual(bytes);
        expect(dataOf(cut)).toEqual(dataOf(frames(bytes)));
      }),
      { numRuns: 3000 },
    );
  });
});
