import { describe, expect, it } from 'vitest';
import { TextReader } from '../../../../src/inspect/request/read-text.ts';
import { acrossSeam, seamBefore } from '../../../../src/inspect/request/seams.ts';
import { requestScan, token } from '../../../helpers/request-scan.ts';

const scan = requestScan();
const reader = new TextReader(scan, scan.known);
const { matcher } = scan;
const filler = 'plain words '.repeat(4000);
const base64 = (text: string): Buffer => Buffer.from(Buffer.from(text).toString('base64'));

describe('seams', () => {
  it('stand at whole groups of characters, counted from where the run begins', () => {
    const text = base64(filler);

    expect((seamBefore(text, 5, 1003, matcher) - 5) % 4).toBe(0);
    expect(seamBefore(text, 5, 1003, matcher)).toBe(1001);
  });

  it('leave what a match may need behind them', () => {
    const text = base64(filler);
    const seam = seamBefore(text, 0, text.length, matcher);

    expect(((text.length - seam) / 4) * 3).toBeGreaterThanOrEqual(matcher.lookAhead);
  });

  it('stand between two characters', () => {
    const text = base64('ab漢字'.repeat(9000));
    for (const cut of [1000, 1004, 1008, 1012]) {
      const seam = seamBefore(text, 0, cut, matcher);
      const [next = 0] = Buffer.from(text.toString('latin1', seam, seam + 4), 'base64');

      expect(next & 0xc0).not.toBe(0x80);
      expect(cut - seam).toBeLessThan(12);
    }
  });

  it.each([
    ['across it', -9, true],
    ['before it', -200, false],
    ['behind it', 200, false],
  ])('show a match that lies %s: %i bytes from it', (_where, by, isShown) => {
    const seam = 30_000;
    const bytes = Buffer.from(filler);
    bytes.write(` ${token('q')} `, (seam / 4) * 3 + by);
    const across = acrossSeam(reader, Buffer.from(bytes.toString('base64')), { start: 0, seam }, matcher);

    expect(across?.inner.hits.map(({ value }) => Buffer.from(value).toString())).toEqual(
      isShown ? [token('q')] : undefined,
    );
  });
});
