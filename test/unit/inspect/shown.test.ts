import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/finding.ts';
import { Shown } from '../../../src/inspect/shown.ts';

const finding = (start: number, where: string): Finding => ({
  rule: 'a-rule',
  category: 'secret',
  severity: 'high',
  start,
  end: start + 4,
  where,
  fingerprint: 'hmac:x:y',
  action: 'mask',
  confidence: 'certain',
});

describe('what a request showed', () => {
  it('is listed from where it is asked for, without a value in any place', () => {
    const shown = new Shown();
    shown.add([finding(1, '/a'), finding(2, '/my-value-1/b')]);
    shown.mention(Buffer.from('my-value-1'), []);

    expect(shown.listed(0).findings.map(({ where }) => where)).toEqual(['/a', '/*/b']);
    expect(shown.listed(1).findings.map(({ start }) => start)).toEqual([2]);
    expect(shown.hideInPath('/v1/my-value-1?x')).toBe('/v1/*?x');
  });

  it('is listed as it was found where no value is known', () => {
    const shown = new Shown();
    shown.add([finding(1, '/a')]);

    expect(shown.listed(0)).toEqual({ findings: [finding(1, '/a')] });
    expect(shown.hideInPath('/v1')).toBe('/v1');
  });
});
