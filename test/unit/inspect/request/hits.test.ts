import { describe, expect, it } from 'vitest';
import { hexView } from '../../../../src/body/views.ts';
import {
  eachHit,
  hasHits,
  mergeViews,
  outerRanges,
  type Hit,
  type ViewHits,
} from '../../../../src/inspect/request/hits.ts';

const hit = (start: number, end: number, ruleId = 'a'): Hit => ({
  start,
  end,
  value: Buffer.from('v'),
  ruleId,
  rule: undefined,
  confidence: 'certain',
  reason: undefined,
  origin: 'rule',
  layers: [],
});
const outer = Buffer.from(Buffer.from('some text').toString('hex'));
const viewed = (...hits: Hit[]): ViewHits => {
  const view = hexView(outer, { start: 0, end: outer.length });
  return { view, inner: { text: view.text, hits, views: [] } };
};

describe('hits', () => {
  it('maps the hits of a view to the text around it', () => {
    expect(outerRanges(viewed(hit(1, 3), hit(4, 5)))).toEqual([
      { start: 2, end: 6 },
      { start: 8, end: 10 },
    ]);
  });

  it('puts views of one range together, each hit once', () => {
    const merged = mergeViews([viewed(hit(1, 3)), viewed(hit(1, 3), hit(1, 3, 'b'))]);

    expect(merged).toHaveLength(1);
    expect(merged[0]?.inner.hits.map(({ ruleId }) => ruleId)).toEqual(['a', 'b']);
  });

  it('visits every hit, views included', () => {
    const seen: string[] = [];
    const found = { text: outer, hits: [hit(0, 1, 'own')], views: [viewed(hit(1, 2, 'inner'))] };

    eachHit(found, ({ ruleId }) => seen.push(ruleId));

    expect(seen).toEqual(['own', 'inner']);
    expect([hasHits(found), hasHits({ text: outer, hits: [], views: [] })]).toEqual([true, false]);
  });
});
