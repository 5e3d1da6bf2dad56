/** The gate before context: it lets through whatever could find a word, and little else. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/bytes.ts';
import { createContextGate, type GatedRule } from '../../../src/detect/context-gate.ts';
import { fold } from '../../../src/detect/context-words.ts';
import { contextAround } from '../../../src/detect/context.ts';

const rule = (words: readonly string[], isAloneEnough = false): GatedRule => ({
  context: { words: words.map(fold), within: 40, isAloneEnough },
  reach: 9,
  lead: 0,
  startsBefore: false,
});

/** Whether the first of some rules is let through for the value between guillemets. */
function passes(marked: string, rules: readonly GatedRule[], isOpen = false): boolean {
  const [before = ''] = marked.split('«');
  return createContextGate(rules).mayHold(0, utf8(marked.replaceAll(/[«»]/g, '')), utf8(before).length, isOpen);
}

describe('the gate before context', () => {
  it.each([
    ['a word before', 'ssn: «123456789»'],
    ['a word after, in capitals', '«123456789» is my SSN'],
    ['letters that no table of ASCII knows', 'é «123456789»'],
    ['a heading', `id,ssn\n${'x'.repeat(90)},«123456789»`],
    ['a heading of the first column', `ssn,id\n«123456789»,${'x'.repeat(150)}`],
  ])('lets through %s', (_, text) => {
    expect(passes(text, [rule(['ssn'])])).toBe(true);
  });

  it.each([
    ['no word', 'order: «123456789» of 3'],
    ['a word of another rule', 'pan: «123456789»'],
    ['a word that is too far', `ssn ${'.'.repeat(140)} «123456789»`],
  ])('holds back %s', (_, text) => {
    expect(passes(text, [rule(['ssn']), rule(['pan'])])).toBe(false);
  });

  it('lets through what may be alone, where that is enough', () => {
    expect(passes(' «123456789»', [rule(['ssn'], true)])).toBe(true);
    expect(passes(' «123456789»', [rule(['ssn'])])).toBe(false);
    expect(passes('x «123456789»', [rule(['ssn'], true)])).toBe(false);
  });

  it('lets through everything while bytes that decide are to come', () => {
    expect(passes('«123456789» ', [rule(['ssn'])], true)).toBe(true);
  });

  it('lets through rules whose value it cannot place', () => {
    expect(passes('«123456789»', [{ ...rule(['ssn']), lead: 4 }])).toBe(true);
    expect(passes('«123456789»', [{ ...rule(['ssn']), startsBefore: true }])).toBe(true);
    expect(passes('«123456789»', [{ ...rule(['ssn']), context: undefined }])).toBe(true);
  });

  it('never holds back what finds a word', () => {
    const words = ['ssn', 'nn', 'tax id', 'id no', 'número', 'ИНН', '身份证', 'a.k.', 'card'];
    const part = fc.constantFrom(
      ...words,
      'id_no',
      'idNo',
      'a-k',
      'ak',
      'Card',
      'NUMERO',
      'x',
      ',',
      '\n',
      ' ',
      '"',
      '1',
      'é',
      '\t',
      ';',
    );
    const text = fc.array(part, { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, fc.constantFrom(...words), fc.boolean(), (before, after, word, isAloneEnough) => {
        const gated = rule([word], isAloneEnough);
        const bytes = utf8(`${before}123456789${after}`);
        const start = utf8(before).length;
        const context = gated.context ?? { words: [], within: 0, isAloneEnough };
        const found = contextAround(bytes, start, start + 9, false, context);

        const isHeldBack = !createContextGate([gated]).mayHold(0, bytes, start, false);
        expect(isHeldBack && found !== 'none').toBe(false);
      }),
      { numRuns: 3000 },
    );
  });
});
