import { describe, expect, it } from 'vitest';
import { createAnswerMemory } from '../../../../src/inspect/detector/answer-memory.ts';

const spots = [{ label: 'PERSON', start: 0, end: 4, score: 0.85 }];

describe('what a detector said before', () => {
  it('is there again, also when it was nothing', () => {
    const memory = createAnswerMemory();
    memory.add('a', spots);
    memory.add('b', []);

    expect(memory.get('a')).toEqual(spots);
    expect(memory.get('b')).toEqual([]);
    expect(memory.get('c')).toBeUndefined();
  });

  it('is bounded: what was not asked for in a long time is forgotten, what was is kept', () => {
    const memory = createAnswerMemory(4);
    memory.add('kept', spots);
    memory.add('lost', spots);
    for (let round = 0; round < 20; round += 1) {
      memory.add(`other ${String(round)}`, []);
      memory.get('kept');
    }

    expect(memory.get('kept')).toEqual(spots);
    expect(memory.get('lost')).toBeUndefined();
  });

  it('does not keep an answer that is larger than the question is worth', () => {
    const memory = createAnswerMemory();
    memory.add(
      'a',
      Array.from({ length: 5000 }, (_, at) => ({ label: 'PERSON', start: at, end: at + 1, score: 1 })),
    );

    expect(memory.get('a')).toBeUndefined();
  });
});
