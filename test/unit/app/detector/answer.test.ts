import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../../../src/app/detector/answer.ts';

const wanted = { labels: new Set(['PERSON']), minScore: 0.5 };
const text = '🙂 Anna Schmidt, Köln';
const person = { entity_type: 'PERSON', start: 2, end: 14, score: 0.85 };

describe("a detector's answer", () => {
  it('gives the places that count, in bytes', () => {
    const answer = [person, { entity_type: 'LOCATION', start: 16, end: 20, score: 0.85 }];

    const spots = readAnswer(answer, text, wanted);

    expect(spots).toEqual([{ label: 'PERSON', start: 5, end: 17, score: 0.85 }]);
    expect(Buffer.from(text).subarray(5, 17).toString()).toBe('Anna Schmidt');
  });

  it('may say more than is asked for, and find nothing', () => {
    const explained = { ...person, analysis_explanation: null, recognition_metadata: { recognizer: 'x' } };

    expect(readAnswer([explained], text, wanted)).toHaveLength(1);
    expect(readAnswer([], text, wanted)).toEqual([]);
  });

  it.each([
    [0.49, 0],
    [0.5, 1],
  ])('with a score of %d counts %d times', (score, times) => {
    expect(readAnswer([{ ...person, score }], text, wanted)).toHaveLength(times);
  });

  it.each([
    ['text', 'nothing found'],
    ['an object', { results: [person] }],
    ['null', null],
    ['a list of something else', [1, 2]],
    ['a place without an end', [{ ...person, end: undefined }]],
    ['a place before the text', [{ ...person, start: -1 }]],
    ['a place behind the text', [{ ...person, end: 21 }]],
    ['a place that is empty', [{ ...person, end: 2 }]],
    ['a place that ends before it begins', [{ ...person, start: 14, end: 2 }]],
    ['half a place', [{ ...person, start: 2.5 }]],
    ['a wrong place of a label that does not count', [person, { ...person, entity_type: 'X', end: 99 }]],
    ['a score that is none', [{ ...person, score: 7 }]],
  ])('that is %s is none at all', (_, answer) => {
    expect(() => readAnswer(answer, text, wanted)).toThrow(expect.objectContaining({ kind: 'invalid' }));
  });

  it('that is wrong is never quoted', () => {
    expect(() => readAnswer([{ ...person, end: 'Anna Schmidt' }], text, wanted)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('Anna') }),
    );
  });
});
