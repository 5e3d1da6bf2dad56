import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readYaml } from '../../../src/config/place.ts';

const schema = z
  .strictObject({
    name: z.string(),
    list: z.array(z.strictObject({ size: z.int(), kind: z.enum(['a', 'b']) })),
    any: z.json(),
  })
  .partial();
const read = (text: string, maxAliases?: number) =>
  readYaml(text, 'f.yaml', schema, maxAliases === undefined ? {} : { maxAliases });

describe('reading YAML', () => {
  it('gives the value, and the place of any part of it', () => {
    const { value, placeOf } = read('name: x\nlist:\n  - size: 1\n    kind: a\n');

    expect(value).toEqual({ name: 'x', list: [{ size: 1, kind: 'a' }] });
    expect(placeOf(['list', 0, 'kind'])).toBe('f.yaml:4:11');
    expect(placeOf(['list', 0, 'gone'])).toBe('f.yaml:3:5');
    expect(placeOf(['gone'])).toBe('f.yaml:1:1');
  });

  it('names every problem, in the order of the file', () => {
    const text = 'list:\n  - size: many\n    kind: c\nname: 1\nnmae: x\n';

    expect(() => read(text)).toThrow(
      [
        'f.yaml:2:11: list[0].size: expected number, received string',
        'f.yaml:3:11: list[0].kind: expected one of "a"|"b"',
        'f.yaml:4:7: name: expected string, received number',
        'f.yaml:5:1: unknown key "nmae"; did you mean "name"?',
      ].join('\n'),
    );
  });

  it('shows a bounded number of problems', () => {
    const text = Array.from({ length: 50 }, (_, i) => `zzzzzz${i}: 1`).join('\n');

    expect(() => read(text)).toThrow(/… and 30 more$/);
  });

  it('takes a few aliases where they are allowed', () => {
    const text = 'any: [&a {x: 1}, *a]';

    expect(read(text).value).toEqual({ any: [{ x: 1 }, { x: 1 }] });
    expect(() => read(text, 0)).toThrow(/f\.yaml:1:18: aliases are not allowed here/);
    expect(() => read(`any: [&a 1, ${'*a, '.repeat(21)}]`)).toThrow(/more than 20 aliases/);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('refuses the key %s, however deep', (key) => {
    expect(() => read(`any: { x: [{ ${key}: 1 }] }`)).toThrow(`the key "${key}" is not allowed`);
  });
});
