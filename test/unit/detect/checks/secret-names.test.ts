import { describe, expect, it } from 'vitest';
import { findCheck } from '../../../../src/detect/checks/registry.ts';

/** Whether the value behind a text is that of a name that says secret. */
function isNamed(before: string): boolean {
  const value = 'a8Kq2mZx';
  const text = Buffer.from(before + value);
  const start = text.length - value.length;
  return findCheck('secret-name')?.test({ text, start, end: text.length, value }) ?? false;
}

describe('names that say secret', () => {
  it.each([
    ['password1: ', true],
    ['password20261121: ', true],
    ['API_KEY_PROD_2=', true],
    ['api_key_12345_old=', true],
    ['total12=', false],
  ])('are known by what they end in: %s', (before, expected) => {
    expect(isNamed(before)).toBe(expected);
  });

  it.each(['1', '12_', '_1', 'value', 'old1', '_', 'a1', 'key_', 'prod'])(
    'are read at once, whatever repeats: %s',
    (unit) => {
      const before = `${unit.repeat(130).slice(0, 130)}x=`;
      const began = process.cpuUsage();
      for (let times = 0; times < 20; times += 1) isNamed(before);
      const { user } = process.cpuUsage(began);

      expect(user / 1000).toBeLessThan(400);
    },
  );
});
