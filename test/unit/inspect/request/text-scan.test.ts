import { describe, expect, it } from 'vitest';
import type { ViewHits } from '../../../../src/inspect/request/hits.ts';
import { scanText, whole, wholeUnmatched, type Extent } from '../../../../src/inspect/request/text-scan.ts';
import { requestScan, token } from '../../../helpers/request-scan.ts';

const value = 'db_pa55word_of_mine';
const scan = requestScan({ protect: [value] });
const scanned = (text: string, extent: Extent) => {
  const views: ViewHits[] = [];
  const { hits, settled } = scanText(scan, scan.known, Buffer.from(text), extent, views);
  return { values: hits.map((hit) => Buffer.from(hit.value).toString()), views, settled };
};

describe('scanning a text', () => {
  it('finds what rules name and what is known, and known values alone where rules do not count', () => {
    const text = `${value} and ${token('a')}`;

    expect(scanned(text, whole).values.toSorted()).toEqual([value, token('a')].toSorted());
    expect(scanned(text, wholeUnmatched).values).toEqual([value]);
  });

  it.each(['base64', 'hex'] as const)('gives a known value in %s as a view', (encoding) => {
    const { values, views } = scanned(`x ${Buffer.from(`it is ${value}!`).toString(encoding)} y`, whole);

    expect(values).toEqual([]);
    expect(views.map(({ view }) => view.encoding)).toEqual([encoding]);
  });

  it('leaves out what begins before its extent, and holds back what may go on', () => {
    const text = `${value} and ${value.slice(0, 10)}`;

    expect(scanned(text, { from: 1, isComplete: false, isMatched: false }).values).toEqual([]);
    expect(scanned(text, { from: 0, isComplete: false, isMatched: false }).settled).toBeLessThan(text.length);
    expect(scanned(text, whole).settled).toBe(text.length);
  });
});
