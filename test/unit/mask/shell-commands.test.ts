import { describe, expect, it } from 'vitest';
import { shellPipelines } from '../../../src/mask/shell-commands.ts';

/** Pipelines as lists of commands' words. */
function read(line: string): readonly (readonly string[])[][] {
  return (shellPipelines(line) ?? []).map(({ commands }) => commands.map(({ words }) => words.map(({ text }) => text)));
}

describe('pipelines of a command line', () => {
  it.each<[string, readonly (readonly string[])[][]]>([
    ['a b | c; d && e || f & g', [[['a', 'b'], ['c']], [['d']], [['e']], [['f']], [['g']]]],
    [`a "b c" 'd e' f\\ g h"i"'j'`, [[['a', 'b c', 'd e', 'f g', 'hij']]]],
    ["a $'b c'", [[['a', 'b c']]]],
    ['a # b\nc', [[['a']], [['c']]]],
    ['a \\\n b', [[['a', 'b']]]],
    [
      'a $(b c)',
      [
        [['b', 'c']],
        [
          ['b', 'c'],
          ['a', '$(b c)'],
        ],
      ],
    ],
    ['(a; b) | c', [[['a']], [['b']], [['a'], ['b'], ['c']]]],
    ['{ a; b; } | c', [[['a'], ['b'], ['c']]]],
    ['if a; then b; fi; c', [[['a'], ['b']], [['c']]]],
    ['f() { a; }', [[['f()'], ['a']]]],
    ['a 2>&1 >f <g', [[['a']]]],
    ['', []],
  ])('%s', (line, expected) => {
    expect(read(line)).toEqual(expected);
  });

  it('have the inputs and files of their commands', () => {
    const [first] = shellPipelines(`a <<E <<< "b c" > f\nx\ny\nE\nd`) ?? [];
    const [command] = first?.commands ?? [];
    expect(command?.inputs.map(({ text }) => text).toSorted()).toEqual(['b c', 'x\ny\n']);
    expect(command?.redirects.map(({ text }) => text)).toEqual(['f']);
  });

  it('know which words are what a command gets', () => {
    const [first] = shellPipelines(`a 'b$' c$d e* {f,g} "h"`) ?? [];
    expect(first?.commands[0]?.words.map(({ isLiteral }) => isLiteral)).toEqual([
      true,
      true,
      false,
      false,
      false,
      true,
    ]);
  });

  it('are not followed when nested too deep', () => {
    expect(shellPipelines('$('.repeat(50))).toBeUndefined();
    expect(shellPipelines('('.repeat(50))).toBeUndefined();
  });

  it.each(['"a', "'a", '`a', '$(a', 'a <<E\nb', '|', '&&', ')', 'a)b', '<', 'case x in a) b;; esac', '<<<', "$'"])(
    'are read to the end of %j',
    (line) => {
      expect(() => shellPipelines(line)).not.toThrow();
    },
  );
});
