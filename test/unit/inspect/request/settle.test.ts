import { describe, expect, it } from 'vitest';
import { ruleHit, type TextHits } from '../../../../src/inspect/request/hits.ts';
import { TextReader } from '../../../../src/inspect/request/read-text.ts';
import { isMaskable, longestMasked, Settler, worst, type Place } from '../../../../src/inspect/request/settle.ts';
import type { RequestScan } from '../../../../src/inspect/request/scan.ts';
import { requestScan, token } from '../../../helpers/request-scan.ts';
import { plainRule } from '../../../helpers/rules.ts';

const place: Place = {
  where: '/a',
  kind: 'body',
  meaning: 'prose',
  toOuter: (start, end) => ({ start: start + 100, end: end + 100 }),
};
const read = (scan: RequestScan, text: string): TextHits =>
  new TextReader(scan, scan.known).read(Buffer.from(text), undefined, 0);

describe('settling hits', () => {
  it('reports ranges where the place says, and splices in the text', () => {
    const scan = requestScan();

    const { findings, splices } = new Settler(scan).settle(read(scan, `x ${token('a')}`), place);

    expect(findings).toMatchObject([{ start: 102, end: 130, where: '/a', action: 'mask', confidence: 'probable' }]);
    expect(splices).toMatchObject([{ start: 2, end: 30 }]);
  });

  it('never puts a value into a finding', () => {
    const scan = requestScan({ protect: ['my-protected-value'] });

    const { findings } = new Settler(scan).settle(read(scan, `${token('a')} my-protected-value`), place);

    expect(findings).toHaveLength(2);
    expect(JSON.stringify(findings)).not.toMatch(/tkn_|my-protected/);
  });

  it('names the variable of a protected value', () => {
    const scan = requestScan({ protect: ['my-protected-value'] });

    const { findings } = new Settler(scan).settle(read(scan, 'my-protected-value'), place);

    expect(findings).toMatchObject([{ rule: 'protected-value', confidence: 'certain', reason: 'the value of NAME' }]);
  });

  it('spreads found values of some confidence, not recorded ones', () => {
    const scan = requestScan();
    const settler = new Settler(scan);
    const spread = (text: string, meaning: Place['meaning']): readonly string[] =>
      settler.spreading(read(scan, text), { kind: 'body', meaning }).map(({ value }) => Buffer.from(value).toString());

    expect(spread(`${token('a')} someone@example.test`, 'prose')).toEqual([token('a')]);
    expect(spread(token('a'), 'structural')).toEqual([]);
    expect(spread(token('a'), 'signed')).toEqual([]);
  });

  it('does not look elsewhere for a value that is long', () => {
    const settler = new Settler(requestScan());
    const rule = plainRule('test-long', 'x');
    const spread = (length: number): number => {
      const text = Buffer.alloc(length, 'x');
      const hits = [ruleHit({ rule, confidence: 'probable', start: 0, end: length }, text)];
      return settler.spreading({ text, hits, views: [] }, { kind: 'body', meaning: 'prose' }).length;
    };

    expect([spread(100), spread(16 * 1024), spread(16 * 1024 + 1)]).toEqual([1, 1, 0]);
  });

  it.each([
    [longestMasked, 'prose', 'mask'],
    [longestMasked + 1, 'prose', 'block'],
    [longestMasked + 1, 'signed', 'forward'],
  ] as const)('makes of a value of %i bytes in %s: %s', (length, meaning, action) => {
    const scan = requestScan();
    const text = Buffer.alloc(length, 'x');
    const rule = plainRule('test-long', 'x');
    const found = { text, hits: [ruleHit({ rule, confidence: 'probable', start: 0, end: length }, text)], views: [] };

    expect(new Settler(scan).settle(found, { ...place, meaning }).findings).toMatchObject([{ action }]);
  });

  it('orders actions by severity', () => {
    expect(worst([])).toBe('forward');
    const scan = requestScan({ judge: () => ({ action: 'block', as: 'placeholder', by: 'policy[0]' }) });
    expect(worst(new Settler(scan).settle(read(scan, token('a')), place).findings)).toBe('block');
  });

  it('knows which places may be changed', () => {
    const meanings = ['prose', 'tool-input', 'file', 'unknown', 'structural', 'opaque', 'signed'] as const;

    expect(meanings.map((meaning) => isMaskable(meaning))).toEqual([true, true, true, true, false, false, false]);
  });
});
