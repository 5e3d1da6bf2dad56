import { describe, expect, it } from 'vitest';
import { outcomeEntry } from '../../../src/inspect/entries.ts';

const ending = {
  status: 200,
  responseBytes: 7,
  requestBytes: 9,
  addedMs: 1.23456,
  time: '2026-01-02T03:04:05.000Z',
};
const coverage = { opaque: 0, read: 9, unread: 0 };
const nothing = { id: 'x', action: undefined, reason: undefined, coverage, late: undefined, restored: undefined };

describe('the entry of an exchange that has ended', () => {
  it('says how it ended, in canonical order', () => {
    const entry = outcomeEntry(ending, nothing);

    expect(entry).toEqual({
      addedMs: 1.235,
      coverage,
      id: 'x',
      requestBytes: 9,
      response: { bytes: 7, status: 200 },
      time: ending.time,
    });
    expect(Object.keys(entry)).toEqual(Object.keys(entry).toSorted());
  });

  it('says what has changed since its decision, in canonical order', () => {
    const late = {
      findings: [],
      unlisted: [{ action: 'mask', category: 'secret', count: 3, rule: 'a-rule' }],
    } as const;
    const entry = outcomeEntry(ending, {
      ...nothing,
      action: 'error',
      reason: 'client gone',
      late,
      restored: undefined,
    });

    expect(entry).toMatchObject({ action: 'error', reason: 'client gone', findings: [], unlisted: late.unlisted });
    expect(entry).not.toHaveProperty('restored');
    expect(Object.keys(entry)).toEqual(Object.keys(entry).toSorted());
  });
});
