import { describe, expect, it, vi } from 'vitest';
import type { Finding } from '../../../../src/core/finding.ts';
import { StreamOutlet } from '../../../../src/inspect/request/stream-outlet.ts';

const finding = (action: Finding['action']): Finding => ({
  rule: 'r',
  category: 'secret',
  severity: 'high',
  start: 5,
  end: 9,
  fingerprint: 'hmac:0:0',
  action,
  confidence: 'certain',
});
const splice = (start: number, end: number) => ({ start, end, replacement: Buffer.from('x') });

describe('stream outlet', () => {
  it('gives findings at once, and splices when their bytes may leave', () => {
    const outlet = new StreamOutlet(() => undefined);
    outlet.settle(0, { findings: [finding('mask')], splices: [] }, [splice(5, 9), splice(20, 30)], false);

    expect(outlet.takeFindings()).toHaveLength(1);
    expect(outlet.takeFindings()).toEqual([]);
    expect(outlet.takeSplices(8)).toEqual([]);
    expect(outlet.isChanged).toBe(false);
    expect(outlet.takeSplices(25)).toEqual([splice(5, 9)]);
    expect(outlet.isChanged).toBe(true);
    expect(outlet.takeSplices(30)).toEqual([splice(20, 30)]);
  });

  it.each([
    ['a finding is blocked', 'block', [], false],
    ['a finding stands in binary data', 'mask', [splice(5, 9)], true],
  ] as const)('stops where the text begins when %s, for good', (_what, action, splices, isBinary) => {
    const onHalt = vi.fn<() => void>();
    const outlet = new StreamOutlet(onHalt);
    outlet.settle(3, { findings: [finding(action)], splices: [] }, splices, isBinary);
    outlet.halt('limit', 'something else', 40);

    expect(outlet.stopped?.kind).toBe('blocked');
    expect(outlet.stoppedAt).toBe(3);
    expect(onHalt).toHaveBeenCalledTimes(1);
  });
});
