import { describe, expect, it } from 'vitest';
import type { Hit, TextHits } from '../../../../src/inspect/request/hits.ts';
import { uncovered } from '../../../../src/inspect/request/uncovered.ts';
import { TextReader } from '../../../../src/inspect/request/read-text.ts';
import { requestScan, token } from '../../../helpers/request-scan.ts';
import { plainRule } from '../../../helpers/rules.ts';

const scan = requestScan();
const reader = new TextReader(scan, scan.known);
const read = (text: string): TextHits => reader.read(Buffer.from(text), undefined, 0);
const ranges = (hits: readonly Hit[]): readonly (readonly number[])[] => hits.map(({ start, end }) => [start, end]);

describe('what masking uncovers', () => {
  it('finds a neighbour that only shows beside the placeholder, at its place in the text', () => {
    // Glued to a word the second token has no boundary; the splice gives it one.
    const text = `${token('a')} gl${token('b')} end`;
    const found = read(text);
    const splices = [{ start: 0, end: 31, replacement: Buffer.from('short ') }];

    const hits = uncovered(found, splices);

    expect(ranges(found.hits)).toEqual([[0, 28]]);
    expect(ranges(hits)).toEqual([[31, 59]]);
  });

  it('finds one that goes on further than any context reaches', () => {
    const long = requestScan({ rules: [plainRule('test-long', String.raw`key=P (?<value>[a-z]{1000,})`)] });
    const again = (changed: Uint8Array): readonly Hit[] =>
      new TextReader(long, long.known).readAgain(changed, undefined, false, 0);
    const text = Buffer.from(`key=some-value ${'x'.repeat(3000)} and more`);

    const hits = uncovered({ text, hits: [], views: [], again }, [
      { start: 4, end: 14, replacement: Buffer.from('P') },
    ]);

    expect(ranges(hits)).toEqual([[15, 3015]]);
  });

  it('reports nothing that was spliced, nor what a cut makes', () => {
    const far = 'x'.repeat(3000);
    const text = `${token('a')} ${far}${token('b')}`;

    expect(uncovered(read(text), [{ start: 0, end: 28, replacement: Buffer.from('P') }])).toEqual([]);
    expect(uncovered({ text: Buffer.from(text), hits: [], views: [] }, [])).toEqual([]);
  });
});
