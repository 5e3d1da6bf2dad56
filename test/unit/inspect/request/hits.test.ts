import { describe, expect, it } from 'vitest';
import { hexView } from '../../../../src/body/views.ts';
import {
  eachHit,
  hasHits,
  hitsApart,
  mergeViews,
  outerHits,
  outerRanges,
  withWords,
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

  it('tells the values of a view in their places', () => {
    expect(outerHits(viewed(hit(1, 3)))).toEqual([{ start: 2, end: 6, value: Buffer.from('v') }]);
  });

  it('leaves out of a view what is known to be harmless there, and the view where nothing is left', () => {
    const [left] = hitsApart(viewed(hit(1, 3), hit(4, 5, 'b')), ({ end }) => end <= 6);

    expect(left?.inner.hits.map(({ ruleId }) => ruleId)).toEqual(['b']);
    expect(hitsApart(viewed(hit(1, 3)), () => true)).toEqual([]);
  });

  it('keeps what goes further in a percent-encoded word than as it stands', () => {
    const words = [viewed(hit(1, 3)), viewed(hit(2, 8, 'longer'))];

    const kept = withWords([], words, [hit(2, 6)]);

    expect(kept.flatMap(({ inner }) => inner.hits.map(({ ruleId }) => ruleId))).toEqual(['longer']);
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
