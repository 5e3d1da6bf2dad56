import { styleText } from 'node:util';
import { describe, expect, it } from 'vitest';
import { visible } from '../../../src/cli/visible.ts';

describe('text for a terminal', () => {
  it.each([
    ['a\u001b]0;title\u0007b', 'a\\u001b]0;title\\u0007b'],
    ['\u001b[2J', '\\u001b[2J'],
    ['\u001b[8mhidden\u001b[0m', '\\u001b[8mhidden\\u001b[0m'],
    ['\u009b2J', '\\u009b2J'],
    ['a\rb\u0008', 'a\\u000db\\u0008'],
    ['\u202etxt.exe', '\\u202etxt.exe'],
  ])('has its controls shown, not obeyed: %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it.each([
    'plain\ttext\nin lines',
    'naïve 文字 👩‍👩‍👧',
    ...(['bold', 'dim', 'red', 'cyan'] as const).map((style) => styleText(style, 'x', { validateStream: false })),
  ])('stays as it is otherwise: %j', (text) => {
    expect(visible(text)).toBe(text);
  });
});
