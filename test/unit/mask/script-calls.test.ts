import { describe, expect, it } from 'vitest';
import { joinedText, memberBefore, scriptCalls } from '../../../src/mask/script-calls.ts';
import { scriptLiterals } from '../../../src/mask/string-literals.ts';

function calls(text: string): readonly [string, string][] {
  return scriptCalls(text, scriptLiterals(text)).calls.map(({ tool, start, end }) => [tool, text.slice(start, end)]);
}

function joined(text: string): string {
  const literals = scriptLiterals(text);
  return joinedText(
    text,
    literals,
    literals.map(({ start, end }) => text.slice(start, end)),
  ).line;
}

describe('the calls of a program', () => {
  it('are found with their arguments', () => {
    expect(calls('a(); tools.x({b: ")", c: f(1)}); tools["y"](`)`)')).toEqual([
      ['x', '{b: ")", c: f(1)}'],
      ['y', '`)`'],
    ]);
  });

  it.each(['const t = tools; t.x("a")', 'tools[name]("a")', 'const {x} = tools; x("a")', 'f(tools)'])(
    'are not all of them: %s',
    (text) => {
      expect(scriptCalls(text, scriptLiterals(text)).isWhole).toBe(false);
    },
  );

  it('are all of them where the tools are only called', () => {
    const text = 'await tools.x("tools"); tools["y"](1) // mytools';
    expect(scriptCalls(text, scriptLiterals(text)).isWhole).toBe(true);
  });

  it('are too many to be told apart', () => {
    const text = 'tools.x(1);'.repeat(300);
    expect(scriptCalls(text, [])).toEqual({ calls: [], isWhole: false });
  });
});

describe('the literals of a call', () => {
  it.each([
    ['"a" + "b"', 'ab'],
    ['"a" + x + "b"', 'a$_b'],
    ['`a${x}b`', 'a$_b'],
    ['`a${""}b`', 'a$_$_b'],
    ['x + "a"', '$_a'],
    ['{c: "a", d: "b"}', 'a\nb'],
  ])('%s are one text', (text, line) => {
    expect(joined(text)).toBe(line);
  });

  it('know their member', () => {
    expect(memberBefore('{content: "a"}', 11)).toBe('content');
    expect(memberBefore('{"new-text" : "a"}', 15)).toBe('new-text');
    expect(memberBefore('f("a")', 3)).toBe('');
  });
});
