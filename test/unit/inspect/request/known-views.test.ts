import { describe, expect, it } from 'vitest';
import { applySplices } from '../../../../src/body/splice.ts';
import { createKnownValues } from '../../../../src/detect/known-values.ts';
import type { Hit } from '../../../../src/inspect/request/hits.ts';
import { knownBase64, knownHexView } from '../../../../src/inspect/request/known-views.ts';

const value = 'a-known-value-of-mine';
const others = ['another value: 7 of 9', 'short-one-22', 'k9/aB+c3==/Zx81-qq'];
const known = createKnownValues();
for (const text of [value, ...others]) known.add({ bytes: Buffer.from(text), rule: 'x', isProtected: true });

/** The occurrences in base64, as the known values find them. */
function hitsIn(text: string): readonly Hit[] {
  const { matches } = known.scan(Buffer.from(text), 0, true);
  return matches.map(({ value: { bytes }, start, end, encoding }) => ({
    start,
    end,
    value: bytes,
    ruleId: 'x',
    rule: undefined,
    confidence: 'probable',
    reason: undefined,
    origin: 'known',
    layers: encoding,
  }));
}

/** The text with each value replaced. */
function replaced(text: string, by = 'X'): string {
  const { views } = knownBase64(Buffer.from(text), hitsIn(text));
  const splices = views.flatMap(({ view, inner }) =>
    view.toSplices(inner.hits.map(({ start, end }) => ({ start, end, replacement: Buffer.from(by) }))),
  );
  return Buffer.concat([...applySplices([Buffer.from(text)], splices)]).toString();
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const bare = (text: string): string => base64(text).replace(/=+$/, '');

describe('known values in encoded forms', () => {
  it('finds the alignment behind other text of the same alphabet, and stays valid', () => {
    const changed = replaced(`abc/${base64(`x ${value} y`)}`);

    expect(changed.startsWith('abc/')).toBe(true);
    expect(Buffer.from(changed.slice(4), 'base64').toString()).toBe('x X y');
  });

  it.each([
    ['two of one value', [value, `${value}.`]],
    ['two of one value, the first with text behind it', [`${value} and more`, `see ${value}`]],
    ['values of several lengths', [value, ...others, value]],
    ['each alignment', [`${value}1`, `${value}12`, value, `1${value}`, `12${value}3`]],
  ])('replaces every value in base64 texts that touch: %s', (_what, texts) => {
    for (const lead of ['', 'a', 'ab', 'abc/']) {
      const text = lead + texts.map(bare).join('');

      const { rest } = knownBase64(Buffer.from(text), hitsIn(text));
      const changed = replaced(text, 'SLUICE_X_aaaaaaaaaaaaaaaa');

      expect(rest).toEqual([]);
      expect(hitsIn(changed)).toEqual([]);
    }
  });

  it('leaves what stands between two texts as it is', () => {
    const changed = replaced(`${bare(`${value}12 between`)}${bare(`${value}!`)}`, 'Y'.repeat(value.length));

    expect(changed).toBe(`${bare(`${'Y'.repeat(value.length)}12 between`)}${bare(`${'Y'.repeat(value.length)}!`)}`);
  });

  it('finds a value as it stands where a neighbour holds some of its bits', () => {
    const inner = base64(`1${value}`).slice(2, -4);
    const text = `."${inner}".`;
    const hit = { ...(hitsIn(bare(`1${value}`))[0] ?? fail()), start: 2, end: 2 + inner.length };

    expect(knownBase64(Buffer.from(text), [hit])).toMatchObject({
      views: [],
      rest: [{ start: 2, end: 2 + inner.length, value: Buffer.from(inner) }],
    });
  });

  it('gives hex its whole range', () => {
    const text = Buffer.from(`0x${Buffer.from(value).toString('hex')}`);
    const hit = { ...(hitsIn(text.toString())[0] ?? fail()), start: 2, end: text.length };

    const { view, inner } = knownHexView(text, hit);

    expect(inner.hits).toMatchObject([{ start: 0, end: value.length, layers: [] }]);
    expect(view.toOuter(0, value.length)).toEqual({ start: 2, end: text.length });
  });
});

function fail(): never {
  throw new Error('no occurrence');
}
