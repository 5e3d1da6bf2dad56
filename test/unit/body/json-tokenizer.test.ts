import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonHandler } from '../../../src/body/json-events.ts';
import { JsonTokenizer, type JsonTokenizerOptions } from '../../../src/body/json-tokenizer.ts';

type Event = readonly (string | number)[];

/** Writes down what it is told. */
function recorder(events: Event[]): JsonHandler {
  return {
    openObject: (start) => void events.push(['{', start]),
    openArray: (start) => void events.push(['[', start]),
    close: (end) => void events.push(['close', end]),
    stringStart: () => undefined,
    stringPart: (at) => void events.push(['part', at]),
    name: (start, end, flags) => void events.push(['name', start, end, flags]),
    string: (start, end, flags) => void events.push(['string', start, end, flags]),
    number: (start, end) => void events.push(['number', start, end]),
    literal: (start, end) => void events.push(['literal', start, end]),
  };
}

const defaults: JsonTokenizerOptions = { maxDepth: 64, partBytes: Infinity, isSequence: false };

interface Result {
  readonly events: readonly Event[];
  readonly isWhole: boolean;
  readonly error: unknown;
}

function tokenize(chunks: readonly Uint8Array[], options: Partial<JsonTokenizerOptions> = {}): Result {
  const events: Event[] = [];
  const tokenizer = new JsonTokenizer(recorder(events), { ...defaults, ...options });
  const isWhole = chunks.every((chunk) => tokenizer.push(chunk)) && tokenizer.end();
  return { events, isWhole, error: tokenizer.error };
}

const one = (text: string, options?: Partial<JsonTokenizerOptions>): Result => tokenize([Buffer.from(text)], options);
const bytewise = (text: string | Uint8Array): readonly Uint8Array[] =>
  [...Buffer.from(text)].map((byte) => Uint8Array.of(byte));

describe('json tokenizer', () => {
  it('reports names, strings, numbers and literals with their offsets', () => {
    const { events } = one('{"a":[1,"b\\n",true]}');

    expect(events).toEqual([
      ['{', 0],
      ['name', 1, 4, 0],
      ['[', 5],
      ['number', 6, 7],
      ['string', 8, 13, 1],
      ['literal', 14, 18],
      ['close', 19],
      ['close', 20],
    ]);
  });

  it.each([
    ['"\\u0041"', 3],
    ['"\\/"', 3],
    ['"\\""', 1],
    ['"\\\\"', 1],
    ['"plain"', 0],
    ['"\\ud800"', 3],
  ])('flags the escapes of %s', (text, flags) => {
    expect(one(text).events).toEqual([['string', 0, text.length, flags]]);
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['a cut object', '{"a":1'],
    ['a trailing comma in an array', '[1,]'],
    ['a trailing comma in an object', '{"a":1,}'],
    ['a missing colon', '{"a" 1}'],
    ['a name that is no string', '{a:1}'],
    ['a wrong bracket', '[1}'],
    ['single quotes', "['a']"],
    ['an escape that is none', '"\\x41"'],
    ['a bad unicode escape', '"\\u00g0"'],
    ['a control character in a string', '"a\tb"'],
    ['a line feed in a string', '"a\nb"'],
    ['a leading zero', '01'],
    ['a plus sign', '+1'],
    ['a bare fraction', '.5'],
    ['a cut fraction', '1.'],
    ['a cut exponent', '1e'],
    ['a lone minus', '-'],
    ['NaN', 'NaN'],
    ['a cut literal', 'tru'],
    ['a wrong literal', 'nulL'],
    ['something after the value', '{} x'],
    ['two values', '1 2'],
    ['a comment', '/* */ 1'],
    ['a byte order mark', '\u{feff}{}'],
    ['an unclosed string', '"abc'],
    ['a string in place of a comma', '[1 "a"]'],
  ])('refuses %s', (_what, text) => {
    expect(one(text).isWhole).toBe(false);
    expect(tokenize(bytewise(text)).isWhole).toBe(false);
  });

  it('takes duplicate names, deep white space and every number form', () => {
    expect(one(' { "a" : 1 , "a" : -0.5e+10 , "b" : [ 0 , 1E9 , 10.25 ] } \r\n').isWhole).toBe(true);
  });

  it('names the place of an error, never its text', () => {
    expect(one('{"key": oops}').error).toEqual({ offset: 8, reason: 'a value is missing' });
  });

  it('limits the depth', () => {
    expect(one('[[[]]]', { maxDepth: 3 }).isWhole).toBe(true);
    expect(one('[[[[]]]]', { maxDepth: 3 }).error).toEqual({ offset: 3, reason: 'it is nested too deeply' });
  });

  it('takes values that follow one another in a sequence only', () => {
    expect(one('{"a":1}\n{"b":2}\n', { isSequence: true }).isWhole).toBe(true);
    expect(one('{"a":1}\n{"b":', { isSequence: true }).isWhole).toBe(false);
    expect(one('\n', { isSequence: true }).isWhole).toBe(false);
  });

  it('reports the parts of a long string at places that do not depend on the chunks', () => {
    const text = JSON.stringify(`${'x'.repeat(30)}\n"\u{1f600}${'y'.repeat(30)}`);
    const parts = ({ events }: Result): readonly Event[] => events.filter(([kind]) => kind === 'part');

    expect(parts(one(text, { partBytes: 16 }))).toEqual(parts(tokenize(bytewise(text), { partBytes: 16 })));
    expect(parts(one(text, { partBytes: 16 }))).toHaveLength(4);
  });

  it('reports nothing more once it was stopped', () => {
    const events: Event[] = [];
    const handler = recorder(events);
    const tokenizer = new JsonTokenizer({ ...handler, string: () => tokenizer.stop() }, defaults);

    expect(tokenizer.push(Buffer.from('["a","b",1]'))).toBe(false);
    expect(events).toEqual([['[', 0]]);
  });

  it('keeps what is open from being settled', () => {
    const tokenizer = new JsonTokenizer(recorder([]), defaults);

    tokenizer.push(Buffer.from('{"a":"bcd'));
    expect([tokenizer.settled, tokenizer.openString]).toEqual([5, 5]);
    tokenizer.push(Buffer.from('"'));
    expect([tokenizer.settled, tokenizer.openString]).toEqual([10, undefined]);
  });

  it('agrees with JSON.parse on any text, whatever the chunks', () => {
    const anyText = fc.oneof(
      fc.json(),
      fc
        .tuple(fc.json(), fc.nat(), fc.constantFrom('"', '\\', '{', ']', ',', ':', '\n', 'u', '0', '-', '.', 'e'))
        .map(([text, at, char]) => text.slice(0, at % (text.length + 1)) + char + text.slice(at % (text.length + 1))),
      fc.string(),
    );
    fc.assert(
      fc.property(anyText, fc.nat({ max: 7 }), (text, size) => {
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        const bytes = Buffer.from(text);
        const chunks: Uint8Array[] = [];
        for (let at = 0; at < bytes.length; at += size + 1) chunks.push(bytes.subarray(at, at + size + 1));

        expect(tokenize([bytes]).isWhole).toBe(isJson);
        expect(tokenize(chunks)).toEqual(tokenize([bytes]));
      }),
      { numRuns: 3000 },
    );
  });

  it('finds the end of plain text at every alignment', () => {
    const bytes = Buffer.alloc(200, 0x61);
    for (let shift = 0; shift < 4; shift += 1) {
      for (let size = 60; size < 90; size += 1) {
        const chunk = bytes.subarray(shift, shift + size);
        const text = Buffer.from(chunk);
        text[0] = 0x22;
        text[size - 1] = 0x22;
        bytes.set(text, shift);
        expect(tokenize([bytes.subarray(shift, shift + size)]).events).toEqual([['string', 0, size, 0]]);
        bytes.fill(0x61);
      }
    }
  });
});
