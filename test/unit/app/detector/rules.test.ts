import { describe, expect, it } from 'vitest';
import { detectorDigest, detectorParts, detectorRules } from '../../../../src/app/detector/rules.ts';
import { detectorSchema } from '../../../../src/config/detector.ts';
import { createAnswerMemory } from '../../../../src/inspect/detector/answer-memory.ts';

const config = detectorSchema.parse({
  url: 'http://127.0.0.1:1/analyze',
  entities: { PERSON: { kind: 'PERSON_NAME', action: 'block', regimes: ['GDPR'] }, US_SSN: { kind: 'SSN' } },
});

describe("a detector's labels as rules", () => {
  it('have ids, kinds and actions as the configuration says', () => {
    const { rules, onFailure, mostBytes } = detectorParts(config, createAnswerMemory());

    expect([...rules]).toMatchObject([
      [
        'PERSON',
        { id: 'detector/person', category: 'regulated', kind: 'PERSON_NAME', action: 'block', regimes: ['GDPR'] },
      ],
      ['US_SSN', { id: 'detector/us-ssn', kind: 'SSN', action: 'mask', severity: 'medium' }],
    ]);
    expect([onFailure, mostBytes]).toEqual(['block', 16_384]);
  });

  it('are in force where a detector is', () => {
    expect(detectorRules({ detector: config }).map(({ id }) => id)).toEqual(['detector/person', 'detector/us-ssn']);
    expect(detectorRules({})).toEqual([]);
  });

  it('have another digest once anything about them changes', () => {
    expect(detectorDigest({ ...config })).toBe(detectorDigest(config));
    expect(detectorDigest({ ...config, minScore: 0.6 })).not.toBe(detectorDigest(config));
  });
});
