import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/bytes.ts';
import type { Candidate, Check } from '../../../src/detect/checks/check.ts';
import { Verdicts } from '../../../src/detect/verdicts.ts';

/** A check that counts how often it is asked, and holds for values that begin with a capital. */
function counting(): { readonly check: Check; readonly asked: () => number } {
  let asked = 0;
  const test = ({ value }: Candidate): boolean => {
    asked++;
    return /^[A-Z]/.test(value);
  };
  return { check: { name: 'counting', about: '', test }, asked: () => asked };
}

function candidate(text: string, start: number, end: number): Candidate {
  return { text: utf8(text), start, end, value: text.slice(start, end) };
}

describe('verdicts', () => {
  it('asks a check once about a range', () => {
    const verdicts = new Verdicts();
    const { check, asked } = counting();

    expect(verdicts.holds(check, candidate('ab Cd', 3, 5))).toBe(true);
    expect(verdicts.holds(check, candidate('ab Cd', 3, 5))).toBe(true);
    expect(asked()).toBe(1);
  });

  it('asks again about another range, and each check for itself', () => {
    const verdicts = new Verdicts();
    const { check } = counting();
    const other = counting().check;

    expect(verdicts.holds(check, candidate('ab Cd', 3, 5))).toBe(true);
    expect(verdicts.holds(check, candidate('ab Cd', 0, 2))).toBe(false);
    expect(verdicts.holds(other, candidate('Ab Cd', 0, 2))).toBe(true);
  });

  it('forgets what it said of another text', () => {
    const verdicts = new Verdicts();
    const { check } = counting();

    expect(verdicts.holds(check, candidate('ab', 0, 2))).toBe(false);
    verdicts.begin();
    expect(verdicts.holds(check, candidate('Ab', 0, 2))).toBe(true);
  });
});
