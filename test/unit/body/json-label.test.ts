import { describe, expect, it } from 'vitest';
import { isValueName, labelled, labelStrength } from '../../../src/body/json-label.ts';

describe('labels of JSON values', () => {
  it('tells names that say nothing from names that do', () => {
    expect(['value', 'Default', 'S'].map(isValueName)).toEqual([true, true, true]);
    expect(['password', 'text', 'data'].map(isValueName)).toEqual([false, false, false]);
    expect(['key', 'id', 'text'].map(labelStrength)).toEqual(['strong', 'weak', 'none']);
  });

  it.each([
    [{ strong: 'a', weak: 'b', around: 'c' }, 'a'],
    [{ strong: undefined, weak: 'b', around: 'c' }, 'b c'],
    [{ strong: undefined, weak: undefined, around: 'c' }, 'c'],
    [{ strong: undefined, weak: 'b', around: undefined }, 'b'],
    [{ strong: undefined, weak: undefined, around: undefined }, 'value'],
  ])('takes the best of %o', (labels, expected) => {
    expect(labelled('value', labels)).toBe(expected);
  });
});
