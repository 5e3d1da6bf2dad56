import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locate, replaceSpans } from '../../../src/body/json-locate.ts';
import type { JsonPath } from '../../../src/body/json-path.ts';

const at = (text: string, path: JsonPath): string | undefined => {
  const span = locate(text, path);
  return span === undefined ? undefined : text.slice(span.start, span.end);
};

describe('locating values', () => {
  it.each<[string, JsonPath, string | undefined]>([
    ['{"a":1}', [], '{"a":1}'],
    [' { "a" : [ 1 , { "b" : "c" } ] } ', ['a', 1, 'b'], '"c"'],
    ['{"a":"x\\"y\\\\","b":2}', ['b'], '2'],
    ['{"a":{"b":1},"b":2}', ['b'], '2'],
    ['{"a":1,"a":2}', ['a'], '2'],
    ['{"\\u0061":1}', ['a'], '1'],
    ['[1,[2,3],4]', [2], '4'],
    ['{}', ['a'], undefined],
    ['[]', [0], undefined],
    ['[1]', [1], undefined],
    ['{"a":1}', ['a', 'b'], undefined],
    ['{"a":1}', [0], undefined],
  ])('in %s at %j', (text, path, expected) => {
    expect(at(text, path)).toBe(expected);
  });

  it('agrees with a parser about every value', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.boolean(), (json, isSpaced) => {
        const text = isSpaced ? JSON.stringify(JSON.parse(json), undefined, 2) : json;
        const walk = (value: unknown, path: JsonPath): void => {
          expect(JSON.parse(at(text, path) ?? 'nothing')).toEqual(value);
          if (Array.isArray(value)) value.forEach((item, i) => walk(item, [...path, i]));
          else if (typeof value === 'object' && value !== null) {
            for (const [key, item] of Object.entries(value)) walk(item, [...path, key]);
          }
        };
        walk(JSON.parse(text), []);
      }),
      { numRuns: 1000 },
    );
  });

  it('replaces spans and keeps the rest', () => {
    const text = '{"a": 1, "b": [2, 3]}';
    const changes = [
      { start: 6, end: 7, json: '"x"' },
      { start: 18, end: 19, json: '{}' },
    ];
    expect(replaceSpans(text, changes)).toBe('{"a": "x", "b": [2, {}]}');
  });
});
