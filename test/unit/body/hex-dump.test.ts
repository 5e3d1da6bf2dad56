import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dumpRanges, dumpViews } from '../../../src/body/hex-dump.ts';
import { applySplices } from '../../../src/body/splice.ts';

type Writer = (bytes: Buffer) => string;

const shown = (bytes: Buffer): string => bytes.toString('latin1').replaceAll(/[^\x20-\x7e]/g, '.');

/** Each line of so many bytes, by its offset. */
function dump(bytes: Buffer, width: number, write: (offset: number, line: Buffer) => string): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += width) lines.push(`${write(at, bytes.subarray(at, at + width))}\n`);
  return lines.join('');
}

const pairs = (line: Buffer, size = 1): string =>
  line
    .toString('hex')
    .match(new RegExp(`.{1,${size * 2}}`, 'g'))
    ?.join(' ') ?? '';
const offset = (at: number, digits = 8): string => at.toString(16).padStart(digits, '0');

const writers: Readonly<Record<string, Writer>> = {
  xxd: (bytes) => dump(bytes, 16, (at, line) => `${offset(at)}: ${pairs(line, 2).padEnd(39)}  ${shown(line)}`),
  'xxd -g1 -c 8': (bytes) => dump(bytes, 8, (at, line) => `${offset(at)}: ${pairs(line).padEnd(23)}  ${shown(line)}`),
  'xxd -u': (bytes) =>
    dump(bytes, 16, (at, line) => `${offset(at)}: ${pairs(line, 2).toUpperCase().padEnd(39)}  ${shown(line)}`),
  'xxd in a diff': (bytes) =>
    dump(bytes, 16, (at, line) => `+${offset(at)}: ${pairs(line, 2).padEnd(39)}  ${shown(line)}`),
  'hexdump -C': (bytes) =>
    dump(bytes, 16, (at, line) => {
      const halves = [pairs(line.subarray(0, 8)), pairs(line.subarray(8))].filter((half) => half !== '').join('  ');
      return `${offset(at)}  ${halves.padEnd(48)}  |${shown(line)}|`;
    }),
};

/** By the offset in octal, as `od` counts. */
const odOffset = (at: number): string => at.toString(8).padStart(7, '0');
const wordsOf = (line: Buffer, radix: number, digits: number, gap = ' '): string =>
  Array.from({ length: Math.ceil(line.length / 2) }, (_word, index) =>
    ((line[index * 2] ?? 0) | ((line[index * 2 + 1] ?? 0) << 8)).toString(radix).padStart(digits, '0'),
  ).join(gap);
/** Words of more bytes in hex, the lowest first. */
const longWordsOf = (line: Buffer, size: number): string =>
  Array.from({ length: Math.ceil(line.length / size) }, (_word, index) => {
    const word = Buffer.alloc(size);
    word.set(line.subarray(index * size, (index + 1) * size));
    return Buffer.from(word.toReversed()).toString('hex');
  }).join(' ');
const octets = (line: Buffer): string => Array.from(line, (byte) => byte.toString(8).padStart(3, '0')).join(' ');
const od: Readonly<Record<string, Writer>> = {
  'od -t x1': (bytes) => dump(bytes, 16, (at, line) => `${odOffset(at)} ${pairs(line)}`),
  'od -A x -t x1z': (bytes) =>
    dump(bytes, 16, (at, line) => `${offset(at, 6)} ${pairs(line).padEnd(47)}  >${shown(line)}<`),
  'od -A d -t x1': (bytes) => dump(bytes, 16, (at, line) => `${String(at).padStart(7, '0')} ${pairs(line)}`),
  od: (bytes) => dump(bytes, 16, (at, line) => `${odOffset(at)} ${wordsOf(line, 8, 6)}`),
  hexdump: (bytes) => dump(bytes, 16, (at, line) => `${offset(at, 7)} ${wordsOf(line, 16, 4).padEnd(39)}`),
  'hexdump -x': (bytes) =>
    dump(bytes, 16, (at, line) => `${offset(at, 7)}    ${wordsOf(line, 16, 4, '    ').padEnd(60)}`),
  'hexdump -o': (bytes) => dump(bytes, 16, (at, line) => `${offset(at, 7)}  ${wordsOf(line, 8, 6, '  ').padEnd(62)}`),
  'hexdump -d': (bytes) =>
    dump(bytes, 16, (at, line) => `${offset(at, 7)}   ${wordsOf(line, 10, 5, '   ').padEnd(61)}`),
  'hexdump -b': (bytes) => dump(bytes, 16, (at, line) => `${offset(at, 7)} ${octets(line).padEnd(63)}`),
  'od -b': (bytes) => dump(bytes, 16, (at, line) => `${odOffset(at)} ${octets(line)}`),
  'od -t x4': (bytes) => dump(bytes, 16, (at, line) => `${odOffset(at)} ${longWordsOf(line, 4)}`),
  'od -t x8': (bytes) => dump(bytes, 16, (at, line) => `${odOffset(at)} ${longWordsOf(line, 8)}`),
  'od -c': (bytes) =>
    dump(bytes, 16, (at, line) => {
      const cells = Array.from(line, (byte) => {
        const letter = { 9: '\\t', 10: '\\n', 13: '\\r' }[byte];
        const isShown = byte >= 0x20 && byte < 0x7f;
        return (letter ?? (isShown ? String.fromCharCode(byte) : byte.toString(8).padStart(3, '0'))).padStart(4);
      });
      return odOffset(at) + cells.join('');
    }),
};

/** As files are shown to assistants: with the numbers of lines. */
const numbered: Readonly<Record<string, Writer>> = {
  'hexdump -C, numbered': (bytes) =>
    (writers['hexdump -C']?.(bytes) ?? '').replaceAll(
      /^(?=.)/gm,
      (() => {
        let number = 0;
        return () => `${String((number += 1)).padStart(6)}\t`;
      })(),
    ),
};

const words = Buffer.from('PORT=3000\nTOKEN=some-value-of-a-token\r\nMODE=é\n');
const replaced = (text: string, find: string, by: string): string => {
  const bytes = Buffer.from(text);
  const [view] = dumpViews(bytes);
  if (view === undefined) throw new Error('nothing is read');
  const start = Buffer.from(view.text).indexOf(find);
  const splices = view.toSplices([{ start, end: start + find.length, replacement: Buffer.from(by) }]);
  return Buffer.concat([...applySplices([bytes], splices)]).toString();
};

describe.each(Object.entries({ ...writers, ...numbered, ...od }))('a dump by %s', (name, write) => {
  it.each([
    ['alone', (text: string) => text],
    ['behind its command', (text: string) => `$ dump .env\n${text}$ `],
    ['without a last line end', (text: string) => text.trimEnd()],
    ['with carriage returns', (text: string) => text.replaceAll('\n', '\r\n')],
  ])('is read %s', (_where, put) => {
    expect(dumpViews(Buffer.from(put(write(words)))).map((view) => Buffer.from(view.text))).toEqual([words]);
  });

  it('shows what is put in place of a range, and nothing of what was there', () => {
    const changed = replaced(write(words), 'some-value-of-a-token', 'SHORT');
    const longer = replaced(write(words), 'PORT', 'much longer than it was');

    const text = words.toString('latin1');
    expect(changed).toBe(write(Buffer.from(text.replace('some-value-of-a-token', 'SHORT'), 'latin1')));
    expect(longer).toBe(write(Buffer.from(text.replace('PORT', 'much longer than it was'), 'latin1')));
  });

  it('maps every range to whole lines', () => {
    // Of what has no offset in one way only, text is read and no data.
    const byte = fc.integer(name in od ? { min: 0x20, max: 0x7e } : { min: 0, max: 255 });
    fc.assert(
      fc.property(fc.array(byte, { minLength: 40, maxLength: 300 }), fc.nat(), fc.nat(), (bytes, some, other) => {
        const text = Buffer.from(`x\n${write(Buffer.from(bytes))}y\n`);
        const [view] = dumpViews(text);
        const [start, end] = [some % bytes.length, (other % bytes.length) + 1].toSorted((a, b) => a - b);

        expect(Buffer.from(view?.text ?? [])).toEqual(Buffer.from(bytes));
        const outer = view?.toOuter(start ?? 0, end ?? 0) ?? { start: 0, end: 0 };
        expect(text[outer.start - 1]).toBe(0x0a);
        expect(text[outer.end - 1]).toBe(0x0a);
      }),
    );
  });
});

describe('dumps', () => {
  it.each([
    '00000000: no digits follow here, only some words of text\n',
    '2024-01-01 10:00:00: 12 34 56 78 and more of the same\n',
    '{"a": 0,  "b": 0: "cafe cafe", and so on, and so on}\n',
    '0: 12\n0: 13\n0: 14\n0: 15\n0: 16\n0: 17\n0: 18\n0: 19\n',
  ])('are no other text: %j', (text) => {
    expect(dumpViews(Buffer.from(text))).toEqual([]);
  });

  it('of a line each are read, one behind the other', () => {
    const some = od['od -t x1']?.(Buffer.from('0123456789abcdef')) ?? '';

    expect(dumpViews(Buffer.from(some.repeat(4)))).toHaveLength(4);
  });

  it('are no rows of numbers, of which few can be told from a dump of one line', () => {
    const row = (_row: unknown, day: number): string => `${String(20_200_101 + day)} 10382 20417 00391 41877\n`;
    const text = Buffer.from(Array.from({ length: 20_000 }, row).join(''));

    expect(dumpViews(text).length).toBeLessThan(2500);
  });

  it('end where offsets do not go on', () => {
    const text = writers['xxd']?.(words) ?? '';

    const views = dumpViews(Buffer.from(`${text}${text}`));

    expect(views.map((view) => Buffer.from(view.text))).toEqual([words, words]);
  });

  it('are open at the end of a text that goes on', () => {
    const text = Buffer.from(writers['xxd']?.(words) ?? '');

    expect(dumpRanges(text)).toEqual([{ start: 0, end: text.length + 1 }]);
    expect(dumpRanges(Buffer.concat([text, Buffer.alloc(5000, 0x78)]))).toEqual([{ start: 0, end: text.length }]);
  });
});
