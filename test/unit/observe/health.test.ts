import { describe, expect, it } from 'vitest';
import { createHealth } from '../../../src/observe/health.ts';

const fine = () => ({ ok: true, finding: 'fine' });

describe('readiness', () => {
  it('holds when every check does', async () => {
    const health = createHealth({ a: fine, b: async () => fine() });

    await expect(health.ready()).resolves.toEqual({
      ok: true,
      checks: [
        { id: 'a', status: 'ok', finding: 'fine' },
        { id: 'b', status: 'ok', finding: 'fine' },
      ],
    });
  });

  it.each([
    ['says no', () => ({ ok: false, finding: 'draining' }), 'draining'],
    ['rejects', () => Promise.reject(new Error('canary')), 'the check itself failed'],
    [
      'throws',
      () => {
        throw new Error('canary');
      },
      'the check itself failed',
    ],
    ['hangs', () => new Promise<never>(() => undefined), 'no answer within 5 ms'],
  ])('does not hold when a check %s', async (_name, check, finding) => {
    const health = createHealth({ a: fine, b: check }, { waitMs: 5 });

    await expect(health.ready()).resolves.toEqual({
      ok: false,
      checks: [
        { id: 'a', status: 'ok', finding: 'fine' },
        { id: 'b', status: 'fail', finding },
      ],
    });
  });
});
