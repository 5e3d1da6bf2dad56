import { describe, expect, it } from 'vitest';
import { readAcross } from '../../../../src/inspect/request/across.ts';
import { outerRanges } from '../../../../src/inspect/request/hits.ts';
import { TextReader } from '../../../../src/inspect/request/read-text.ts';
import { requestScan } from '../../../helpers/request-scan.ts';

const value = 'pw=1&2 three+four';
const scan = requestScan({ protect: [value, 'db_password_1'] });

/** What stands where a known value was found. */
function found(text: string, exempt: readonly { start: number; end: number }[] = []): readonly string[] {
  const views = readAcross(new TextReader(scan, scan.known), Buffer.from(text), [], exempt);
  return views.flatMap(outerRanges).map(({ start, end }) => text.slice(start, end));
}

describe('known values across the parts of a text', () => {
  it.each([
    ['as they are', 'a=pw=1&2%20three+four&b', ['pw=1&2%20three+four']],
    ['as a form writes them', 'a=pw%3D1%262+three%2Bfour&b', ['pw%3D1%262+three%2Bfour']],
    [
      'twice, once in each way',
      'pw=1&2%20three+four&pw=1&2+three%2Bfour',
      ['pw=1&2%20three+four', 'pw=1&2+three%2Bfour'],
    ],
    ['behind a percent sign that makes an escape of them', 'a=%db_password_1&%20', ['db_password_1']],
    ['nowhere', 'a=pw=1&b=2', []],
  ])('are found %s', (_what, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('are left out where they stand in what is exempt, and only there', () => {
    const text = 'k=pw=1&2%20three+four&pw=1&2%20three+four';

    expect(found(text, [{ start: 2, end: 21 }])).toEqual(['pw=1&2%20three+four']);
    expect(found(text, [{ start: 2, end: 10 }])).toHaveLength(2);
  });

  it('cost nothing where none is known', () => {
    const reader = new TextReader(scan, []);

    expect(readAcross(reader, Buffer.from(value), [], [])).toEqual([]);
  });
});
