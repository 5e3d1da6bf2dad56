import { describe, expect, it } from 'vitest';
import type { Spot } from '../../../../src/core/detector.ts';
import type { Range } from '../../../../src/body/range.ts';
import { Asking } from '../../../../src/inspect/detector/asking.ts';
import { answersTo, detectorParts, spotsOf } from '../../../helpers/fake-detector.ts';

const nowhere = (): readonly Range[] => [];
const seen = { 'Anna Schmidt': 'PERSON', Köln: 'LOCATION' };

/** What is found in a text once the detector has answered. */
function found(text: string | Uint8Array, spots?: (text: string) => readonly Spot[], ours = nowhere) {
  const asking = new Asking(detectorParts());
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  asking.hits(bytes, ours);
  const questions = asking.take();
  const look = spots ?? ((asked: string) => spotsOf(asked, seen));
  asking.answered({ spots: new Map(questions.map((question) => [question.key, look(question.text)])) });
  return asking.hits(bytes, ours).map((hit) => ({ ...hit, text: Buffer.from(hit.value).toString() }));
}

describe('asking a detector', () => {
  it('asks about a text once, and makes hits of what is said of it', () => {
    const asking = new Asking(detectorParts());
    const text = Buffer.from('Write to Anna Schmidt in Köln');
    expect(asking.hits(text, nowhere)).toEqual([]);
    expect(asking.hits(text, nowhere)).toEqual([]);

    const questions = asking.take();
    asking.answered(answersTo(questions, seen));

    expect(questions.map((question) => question.text)).toEqual(['Write to Anna Schmidt in Köln']);
    expect(asking.hits(text, nowhere)).toMatchObject([
      { ruleId: 'detector/person', start: 9, end: 21, confidence: 'probable', origin: 'rule' },
      { ruleId: 'detector/location', start: 25, end: 30 },
    ]);
    expect(asking.take()).toEqual([]);
  });

  it('does not ask about what another body was told before', () => {
    const parts = detectorParts();
    const text = Buffer.from('Write to Anna Schmidt');
    const first = new Asking(parts);
    first.hits(text, nowhere);
    first.answered(answersTo(first.take(), seen));

    const second = new Asking(parts);

    expect(second.hits(text, nowhere)).toHaveLength(1);
    expect(second.take()).toEqual([]);
  });

  it('keeps its own answers when the memory forgets them', () => {
    const forgetful = { get: () => undefined, add: () => undefined };
    const asking = new Asking(detectorParts({ memory: forgetful }));
    const text = Buffer.from('Write to Anna Schmidt');
    asking.hits(text, nowhere);
    asking.answered(answersTo(asking.take(), seen));

    expect(asking.hits(text, nowhere)).toHaveLength(1);
  });

  it('asks about long texts in pieces, and finds each name once and whole', () => {
    const asking = new Asking(detectorParts({ mostBytes: 256 }));
    const text = Buffer.from(`${'lorem ipsum '.repeat(20)}Anna Schmidt ${'dolor sit '.repeat(30)}Anna Schmidt`);
    asking.hits(text, nowhere);
    const questions = asking.take();
    asking.answered({
      // As a service sees names at the edges of what it is shown: in part.
      spots: new Map(
        questions.map((question) => [
          question.key,
          spotsOf(question.text, { 'Anna Schmidt': 'PERSON', Anna: 'PERSON', Schmidt: 'PERSON' }),
        ]),
      ),
    });

    const hits = asking.hits(text, nowhere);

    expect(questions.length).toBeGreaterThan(2);
    expect(hits.map(({ start, end }) => text.subarray(start, end).toString())).toEqual([
      'Anna Schmidt',
      'Anna Schmidt',
    ]);
  });

  it.each([
    ['a low score is a possible finding', 0.84, 'possible'],
    ['a high one a probable finding', 0.85, 'probable'],
    ['the highest is still only probable', 1, 'probable'],
  ])('%s', (_, score, confidence) => {
    expect(found('Write to Anna Schmidt', (text) => spotsOf(text, seen, score))).toMatchObject([{ confidence }]);
  });

  it.each([
    ['Description', 'possible'],
    ['Anna Schmidt', 'probable'],
    ['Anna\nSchmidt', 'probable'],
    ['王小明先生', 'probable'],
  ])('takes %j, a word or more, for a finding that is %s', (name, confidence) => {
    expect(found(`by ${name} today`, (text) => spotsOf(text, { [name]: 'PERSON' }, 1))).toMatchObject([{ confidence }]);
  });

  it('takes blanks off the ends of what is said', () => {
    expect(found('Anna Schmidt\n and', () => [{ label: 'PERSON', start: 0, end: 14, score: 1 }])).toMatchObject([
      { text: 'Anna Schmidt', start: 0, end: 12 },
    ]);
  });

  it('leaves placeholders out of a name, and keeps what stands beside them', () => {
    const text = 'SLUICE_X_abcdefgh Schmidt';
    const ours = (): readonly Range[] => [{ start: 0, end: 17 }];

    expect(found(text, () => [{ label: 'PERSON', start: 0, end: 25, score: 1 }], ours)).toMatchObject([
      { text: 'Schmidt', start: 18, end: 25 },
    ]);
    expect(found(text, () => [{ label: 'PERSON', start: 0, end: 17, score: 1 }], ours)).toEqual([]);
  });

  it('takes no notice of labels that nothing is said about', () => {
    expect(found('on Monday', () => [{ label: 'DATE_TIME', start: 3, end: 9, score: 1 }])).toEqual([]);
  });

  it('finds names in a text with half a character in it, at the bytes where they stand', () => {
    const text = Buffer.concat([Buffer.from('cut '), Buffer.from([0xed, 0xa0, 0xbd]), Buffer.from(' Anna Schmidt')]);

    expect(found(text)).toMatchObject([{ start: 8, end: 20, text: 'Anna Schmidt' }]);
  });

  it.each([
    ['short texts', 'abc'],
    ['signs', '---- **** ----'],
    ['encoded data', 'QUJDRA'.repeat(80)],
  ])('does not ask about %s', (_, text) => {
    const asking = new Asking(detectorParts());
    asking.hits(Buffer.from(text), nowhere);

    expect(asking.take()).toEqual([]);
    asking.close();
    expect(asking.failure).toBeUndefined();
  });

  it('says why not all of it was looked at, and asks no more', () => {
    const asking = new Asking(detectorParts());
    asking.hits(Buffer.from('Write to Anna Schmidt'), nowhere);
    asking.take();
    asking.answered({ spots: new Map(), failure: 'no answer within 10 ms' });
    asking.hits(Buffer.from('Write to Bernd Meier'), nowhere);

    expect(asking.take()).toEqual([]);
    expect(asking.failure).toBe('no answer within 10 ms');
  });

  it('tells a question that nobody asked from an answer', () => {
    const asking = new Asking(detectorParts());
    asking.hits(Buffer.from('Write to Anna Schmidt'), nowhere);
    asking.close();

    expect(asking.failure).toBe('it was not asked');
  });

  it('does not ask for ever', () => {
    const asking = new Asking(detectorParts());
    let rounds = 0;
    for (;;) {
      asking.hits(Buffer.from(`text number ${String(rounds)}`), nowhere);
      const questions = asking.take();
      if (questions.length === 0) break;
      rounds += 1;
      asking.answered(answersTo(questions, seen));
    }

    expect(rounds).toBeLessThan(10);
    expect(asking.failure).toContain('ever more questions');
  });
});
