import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, utf8 } from '../../../src/core/bytes.ts';
import type { Frame } from '../../../src/body/frame.ts';
import { createJsonFramer } from '../../../src/body/json-frames.ts';

function frames(text: string, cuts: readonly number[] = []): Frame[] {
  const bytes = utf8(text);
  const framer = createJsonFramer();
  const all: Frame[] = [];
  let from = 0;
  for (const at of [...cuts, bytes.length].sort((a, b) => a - b)) {
    all.push(...framer.push(bytes.subarray(from, at)));
    from = at;
  }
  return [...all, ...framer.end()];
}

const dataOf = (all: readonly Frame[]): string[] => all.flatMap(({ data }) => (data === undefined ? [] : [data]));

describe('json framing', () => {
  it.each([
    ['one text', ' {"a":[1,{"b":2}]} ', ['{"a":[1,{"b":2}]}']],
    ['one a line', '{"a":1}\n{"b":2}\r\n', ['{"a":1}', '{"b":2}']],
    ['a list', '[{"a":1}\n,\r\n{"b":2}]\n', ['{"a":1}', '{"b":2}']],
    ['a list of lists', '[[1],[2]]', ['[1]', '[2]']],
    ['brackets in strings', '{"a":"}]\\"}"}{"b":"["}', ['{"a":"}]\\"}"}', '{"b":"["}']],
    ['only scalars', '"a" 1 null', []],
    ['what was cut off', '{"a":1}{"b"', ['{"a":1}']],
    ['brackets too many', '}]}{"a":1}', ['{"a":1}']],
  ])('reads %s', (_name, text, expected) => {
    const all = frames(text);

    expect(dataOf(all)).toEqual(expected);
    expect(concat(all.map(({ raw }) => raw))).toEqual(utf8(text));
  });

  it('hands a value on with its last byte', () => {
    const framer = createJsonFramer();
    expect(framer.push(utf8('[{"a"'))).toEqual([]);
    expect(dataOf(framer.push(utf8(':1}')))).toEqual(['{"a":1}']);
  });

  it('keeps every byte and reads the same, however the stream is cut', () => {
    const value = fc.json({ maxDepth: 3 });
    const list = fc.array(value, { maxLength: 4 });
    fc.assert(
      fc.property(list, fc.boolean(), fc.array(fc.nat(200), { maxLength: 6 }), (values, isList, cuts) => {
        const text = isList ? `[${values.join(' ,\n')}]` : values.join('\n');
        const length = utf8(text).length;
        const cut = frames(
          text,
          cuts.map((at) => at % (length + 1)),
        );

        expect(concat(cut.map(({ raw }) => raw))).toEqual(utf8(text));
        expect(dataOf(cut)).toEqual(dataOf(frames(text)));
      }),
      { numRuns: 1000 },
    );
  });
});
