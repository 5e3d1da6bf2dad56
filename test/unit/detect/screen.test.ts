import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/bytes.ts';
import { createMatcher } from '../../../src/detect/matcher.ts';
import type { Screen } from '../../../src/detect/match.ts';
import { plainRule } from '../../helpers/rules.ts';

const rule = plainRule('plain', String.raw`\bxqz-[0-9A-Za-z]{20}\b`);
const value = `xqz-${'A1'.repeat(10)}`;
const manyBytes = 100_000;

function screenOf(matcher = createMatcher([rule])): Screen {
  if (matcher.screen === undefined) throw new Error('the matcher has no screen');
  // The kernel comes with the first long text, and knows of an automaton what a scan has seen of it.
  matcher.scan(utf8('.'.repeat(2000)), 0, true);
  for (const text of [value, value.slice(0, -1), value.slice(0, 8)]) matcher.scan(utf8(text), 0, true);
  return matcher.screen;
}

function suspects(screen: Screen, texts: readonly string[], bytes = manyBytes): readonly number[] {
  screen.begin(bytes);
  for (const text of texts) expect(screen.add(utf8(text))).toBe(true);
  return [...screen.run()];
}

describe('looking at many texts', () => {
  it.each([
    ['nothing', 'nothing at all', 0],
    ['a value', value, 1],
    ['a value at the end', `see ${value}`, 1],
    ['a value cut short', value.slice(0, -1), 0],
    ['no text', '', 0],
  ])('suspects %s as a scan does', (_what, text, expected) => {
    expect(suspects(screenOf(), ['before', text, 'after'])).toEqual([0, expected, 0]);
  });

  it('takes no value for one whose halves are of two texts', () => {
    expect(suspects(screenOf(), [value.slice(0, 8), value.slice(8)])).toEqual([0, 0]);
  });

  it('suspects a text that holds what stands between texts, and not those around it', () => {
    const texts = ['\0', 'one', 'x\n\0\n', '\n\0', 'two', '\0\n'];

    expect(suspects(screenOf(), texts)).toEqual([1, 0, 1, 1, 0, 1]);
  });

  it('gives what it told back as something of its own', () => {
    const screen = screenOf();
    const first = suspects(screen, [value]);

    expect(suspects(screen, ['nothing'])).toEqual([0]);
    expect(first).toEqual([1]);
  });

  it.each([1000, 1021, 997, 512, 64])('takes no more texts of %i bytes than there is room for', (length) => {
    const screen = screenOf();
    screen.begin(manyBytes);
    const text = utf8('x'.repeat(length));
    let taken = 0;
    while (screen.add(text)) taken++;

    expect(taken).toBeGreaterThan(60_000 / length);
    expect(taken).toBeLessThan(70_000 / length);
    expect(screen.run()).toEqual(new Uint8Array(taken));
  });

  it('takes no more than so many', () => {
    const screen = screenOf();
    screen.begin(manyBytes);
    let taken = 0;
    while (screen.add(utf8('x'))) taken++;

    expect(taken).toBe(4096);
  });

  it('suspects every text once another was scanned in between', () => {
    const matcher = createMatcher([rule]);
    const screen = screenOf(matcher);
    screen.begin(manyBytes);
    screen.add(utf8('one'));
    matcher.scan(utf8('x'.repeat(3000)), 0, true);

    expect(screen.add(utf8('two'))).toBe(false);
    expect([...screen.run()]).toEqual([1]);
  });

  it('suspects every text where there is no kernel', () => {
    expect(suspects(screenOf(createMatcher([rule], false)), ['nothing', value])).toEqual([1, 1]);
  });
});
