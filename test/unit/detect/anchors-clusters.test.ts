import { describe, expect, it } from 'vitest';
import { chooseAnchoring } from '../../../src/detect/anchors.ts';
import { itemsOf } from '../../../src/detect/plan.ts';

/** Where a pattern is looked for: the clusters, as `kind offset`, or `windows`. */
function placesOf(pattern: string): readonly string[] {
  const { clusters } = chooseAnchoring(itemsOf(pattern));
  return clusters.length === 0 ? ['windows'] : clusters.map(({ kind, offset }) => `${kind} ${offset}`);
}

describe('clusters of a pattern', () => {
  it.each([
    [String.raw`\b\d{9}\b`, ['digit 0']],
    [String.raw`\b\d{3}[ -]?\d{3}[ -]?\d{3}\b`, ['digit 0']],
    [String.raw`\b[A-Z]{2}\d{6}\b`, ['digit 2']],
    [String.raw`\b[A-Z]{1,2}\d{6}\b`, ['digit 1', 'digit 2']],
    [String.raw`[A-Z]{2}\d{6}`, ['digit 2']],
    [String.raw`\b[A-HJ-NPR-Z0-9]{17}\b`, ['upper 0']],
    [String.raw`\b[0-9a-f]{32}\b`, ['alnum 0']],
    [String.raw`\bghp_[A-Za-z0-9]{36}\b`, ['windows']],
    [String.raw`(?i:ssn)[ :]{1,3}\d{9}\b`, ['windows']],
  ])('of %s', (pattern, places) => {
    expect(placesOf(pattern)).toEqual(places);
  });

  it('are none where a digit may stand before the first of a pattern that begins anywhere', () => {
    expect(() => chooseAnchoring(itemsOf(String.raw`\d{30,40}x`))).not.toThrow();
    expect(chooseAnchoring(itemsOf(String.raw`\d{30,40}x`)).clusters).toEqual([]);
  });
});
