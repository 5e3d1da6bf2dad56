import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/bytes.ts';
import { createRepetition, type Repetition } from '../../../src/detect/repetition.ts';

/** Asks about every place of a word, as a scan does; returns those that are settled. */
function settled(repetition: Repetition, text: string, word: string, found: readonly number[] = []): readonly number[] {
  repetition.begin();
  const places: number[] = [];
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    if (repetition.isSettled(utf8(text), at, 0)) places.push(at);
    else if (found.includes(at)) repetition.foundAt(at);
  }
  return places;
}

describe('a text that repeats itself', () => {
  const flood = 'key=abc;'.repeat(20);

  it('is settled once as much has repeated as a rule looks at before and after', () => {
    const places = settled(createRepetition([12], 6), flood, 'key=');

    expect(places).toEqual(Array.from({ length: 17 }, (_, index) => 16 + index * 8).filter((at) => at + 12 <= 160));
  });

  it('is not settled where anything that is looked at after a window differs', () => {
    const at = 80;
    const changed = `${flood.slice(0, at + 4)}Z${flood.slice(at + 5)}`;

    expect(settled(createRepetition([13], 6), changed, 'key=')).not.toContain(at);
    expect(settled(createRepetition([13], 6), changed, 'key=')).not.toContain(at - 8);
  });

  it('is not settled where anything that is looked at before a window differs', () => {
    const at = 80;
    const changed = `${flood.slice(0, at - 3)}Z${flood.slice(at - 2)}`;

    expect(settled(createRepetition([12], 6), changed, 'key=')).not.toContain(at);
  });

  it('is not settled by a place that led to something', () => {
    expect(settled(createRepetition([12], 6), flood, 'key=', [0, 8, 16])).not.toContain(16);
    expect(settled(createRepetition([4], 0), 'key='.repeat(6), 'key=', [0, 4])).toEqual([12, 16, 20]);
  });

  it('is not settled before a place whose surroundings reach beyond the text', () => {
    expect(settled(createRepetition([200], 6), flood, 'key=')).toEqual([]);
  });

  it('knows nothing of the text before', () => {
    const repetition = createRepetition([4], 0);
    settled(repetition, flood, 'key=');

    expect(settled(repetition, 'key=', 'key=')).toEqual([]);
  });
});
