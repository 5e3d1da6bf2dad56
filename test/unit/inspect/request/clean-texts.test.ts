import { describe, expect, it } from 'vitest';
import { Interned } from '../../../../src/body/interned.ts';
import { readJson } from '../../../../src/body/json-document.ts';
import { CleanTexts } from '../../../../src/inspect/request/clean-texts.ts';

/** The keys of a JSON text's names and strings, by their spelling. */
function keysOf(clean: CleanTexts, json: string): readonly (readonly [string, number])[] {
  const read = readJson(Buffer.from(json), { maxDepth: 8, isSequence: false, names });
  if (!read.ok) throw new Error(read.reason);
  const { document } = read;
  return [...document.nodes()].map((node) => [Buffer.from(document.raw(node)).toString(), clean.keyOf(document, node)]);
}

const names = new Interned();

describe('clean texts', () => {
  it('tells names, values, and values of other names apart', () => {
    const keys = keysOf(new CleanTexts(), '{"type":"type","kind":"type","list":["type"]}').map(([, key]) => key);

    expect(new Set(keys).size).toBe(6);
  });

  it('has one key for a value of the same name, in whatever text', () => {
    const clean = new CleanTexts();

    expect(keysOf(clean, '[{"type":"user"}]')).toEqual(keysOf(clean, '{"type":"user"}'));
  });

  it('knows from the start that a text of three bytes holds nothing', () => {
    const clean = new CleanTexts();

    for (const [, key] of keysOf(clean, '{"a":"xyz"}')) expect(clean.has(key)).toBe(true);
    clean.forget();
    for (const [, key] of keysOf(clean, '{"a":"xyz"}')) expect(clean.has(key)).toBe(true);
  });

  it.each([
    ['is long', '{"type":"sixteen letters."}', 1],
    ['has escapes', '{"type":"a line\\n"}', 1],
    ['has a name that has escapes', '{"ty\\u0070e":"a line"}', 1],
    ['has a name that is long', `{"${'n'.repeat(200)}":"a line"}`, 1],
    ['is a number', '{"type":1234567890}', 1],
    ['is a name with escapes', '{"ty\\u0070e":1}', 0],
  ])('does not remember what %s', (_what, json, index) => {
    const clean = new CleanTexts();
    const key = keysOf(clean, json)[index]?.[1] ?? 0;
    clean.add(key);

    expect(clean.has(key)).toBe(false);
  });

  it('remembers until it is told to forget', () => {
    const clean = new CleanTexts();
    const key = keysOf(clean, '{"type":"user"}')[1]?.[1] ?? 0;

    expect(clean.has(key)).toBe(false);
    clean.add(key);
    expect(clean.has(key)).toBe(true);
    clean.forget();
    expect(clean.has(key)).toBe(false);
  });
});
