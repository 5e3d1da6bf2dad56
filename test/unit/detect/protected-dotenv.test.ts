import { describe, expect, it } from 'vitest';
import { parseDotenv } from '../../../src/detect/protected-dotenv.ts';

const pairs = (text: string) => parseDotenv(text).map(({ name, value }) => [name, value]);

describe('dotenv parsing', () => {
  it.each([
    ['a plain value', 'A=one two', [['A', 'one two']]],
    ['blanks around the sign', '  A =  one  ', [['A', 'one']]],
    ['export', 'export A=1', [['A', '1']]],
    ['a colon', 'A: one', [['A', 'one']]],
    [
      'an empty value',
      'A=\nB=2',
      [
        ['A', ''],
        ['B', '2'],
      ],
    ],
    [
      'comments',
      '# A=1\nB=2 # three\nC=#4\nD=x#y',
      [
        ['B', '2'],
        ['C', ''],
        ['D', 'x#y'],
      ],
    ],
    ['single quotes', String.raw`A='one \n # two'`, [['A', String.raw`one \n # two`]]],
    ['double quotes', String.raw`A="one\n\"two\" \\ \$x" # c`, [['A', 'one\n"two" \\ $x']]],
    ['backticks', 'A=`it\'s "so"`', [['A', 'it\'s "so"']]],
    [
      'several lines in quotes',
      'A="one\ntwo"\nB=3',
      [
        ['A', 'one\ntwo'],
        ['B', '3'],
      ],
    ],
    [
      'a quote that never closes',
      'A="one\nB=2',
      [
        ['A', '"one'],
        ['B', '2'],
      ],
    ],
    [
      'CRLF and a byte order mark',
      '\u{feff}A=1\r\nB="2"\r\n',
      [
        ['A', '1'],
        ['B', '2'],
      ],
    ],
    [
      'a name that comes twice',
      'A=1\nA=2',
      [
        ['A', '1'],
        ['A', '2'],
      ],
    ],
    ['what is no assignment', 'hello\n=1\n1A=2\nif [ x ]; then', []],
    [
      'expansion and commands as text',
      'A=${HOME}\nB=$(id)\nC="`id`"',
      [
        ['A', '${HOME}'],
        ['B', '$(id)'],
        ['C', '`id`'],
      ],
    ],
    [
      'JavaScript names as names',
      '__proto__=x\nconstructor=y',
      [
        ['__proto__', 'x'],
        ['constructor', 'y'],
      ],
    ],
  ])('reads %s', (_, text, expected) => {
    expect(pairs(text)).toEqual(expected);
  });

  it('reads no more than a bounded number of variables', () => {
    expect(parseDotenv('A=1\n'.repeat(20_000))).toHaveLength(10_000);
  });

  it('takes time linear in the text', () => {
    const quotes = 'A="\n'.repeat(20_000);

    expect(parseDotenv(quotes).length).toBeGreaterThan(0);
  });
});
