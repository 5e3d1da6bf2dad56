import { describe, expect, it } from 'vitest';
import { applySplices } from '../../../../src/body/splice.ts';
import type { Hit } from '../../../../src/inspect/request/hits.ts';
import { knownBase64Views, knownHexView } from '../../../../src/inspect/request/known-views.ts';

const value = 'a-known-value-of-mine';
const hit = (start: number, end: number): Hit => ({
  start,
  end,
  value: Buffer.from(value),
  ruleId: 'x',
  rule: undefined,
  confidence: 'probable',
  reason: undefined,
  origin: 'known',
  layers: ['base64'],
});

describe('known values in encoded forms', () => {
  it('finds the alignment behind other text of the same alphabet, and stays valid', () => {
    const run = Buffer.from(`x ${value} y`).toString('base64');
    const text = Buffer.from(`abc/${run}`.slice(0));
    const at = 4 + Math.floor(2 / 3) * 4;

    const [found] = knownBase64Views(text, hit(at + 4, at + 20));
    const inner = found?.inner.hits[0];
    const splices = found?.view.toSplices([
      { start: inner?.start ?? 0, end: inner?.end ?? 0, replacement: Buffer.from('X') },
    ]);
    const changed = Buffer.concat([...applySplices([text], splices ?? [])]).toString();

    expect(Buffer.from(changed.slice(4), 'base64').toString()).toBe('x X y');
  });

  it('gives nothing where the value does not show', () => {
    expect(knownBase64Views(Buffer.from('QUJDREVGR0hJSktM'), hit(0, 8))).toEqual([]);
  });

  it('gives hex its whole range', () => {
    const text = Buffer.from(`0x${Buffer.from(value).toString('hex')}`);

    const { view, inner } = knownHexView(text, hit(2, text.length));

    expect(inner.hits).toMatchObject([{ start: 0, end: value.length, layers: [] }]);
    expect(view.toOuter(0, value.length)).toEqual({ start: 2, end: text.length });
  });
});
