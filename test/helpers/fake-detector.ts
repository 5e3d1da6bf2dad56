/** A detector for tests: it sees the words that it is told of, wherever they stand. */
import type { Answers, Question, Spot } from '../../src/core/detector.ts';
import { createAnswerMemory } from '../../src/inspect/detector/answer-memory.ts';
import { detectorPack, type DetectorParts } from '../../src/inspect/detector/asking.ts';
import type { Rule } from '../../src/detect/rule.ts';
import { plainRule } from './rules.ts';

/** What `PERSON` and `LOCATION` come to: masked, and recorded. */
export const detectorRules: readonly Rule[] = [
  plainRule('detector/person', '', {
    pack: detectorPack,
    category: 'regulated',
    regimes: ['GDPR'],
    kind: 'PERSON_NAME',
    title: 'a name',
  }),
  plainRule('detector/location', '', {
    pack: detectorPack,
    category: 'regulated',
    kind: 'LOCATION',
    title: 'a place',
    action: 'forward',
  }),
];

/** The parts of an exchange that has a detector. */
export function detectorParts(changes: Partial<DetectorParts> = {}): DetectorParts {
  const [person, location] = detectorRules;
  const rules = new Map<string, Rule>();
  if (person !== undefined) rules.set('PERSON', person);
  if (location !== undefined) rules.set('LOCATION', location);
  return { rules, memory: createAnswerMemory(), onFailure: 'block', leastBytes: 4, mostBytes: 4096, ...changes };
}

/** Words by the label that they are seen as. */
export type Seen = Readonly<Record<string, string>>;

/** Where the words stand in a text, in bytes. */
export function spotsOf(text: string, seen: Seen, score = 0.85): readonly Spot[] {
  return Object.entries(seen).flatMap(([word, label]) => {
    const spots: Spot[] = [];
    for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
      const start = Buffer.byteLength(text.slice(0, at));
      spots.push({ label, start, end: start + Buffer.byteLength(word), score });
    }
    return spots;
  });
}

export function answersTo(questions: readonly Question[], seen: Seen): Answers {
  return { spots: new Map(questions.map(({ key, text }) => [key, spotsOf(text, seen)])) };
}
