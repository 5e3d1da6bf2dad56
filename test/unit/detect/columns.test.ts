/** Secrets in columns of tables: which tables are read, which cells are found, and that growing text changes nothing. */
import { describe, expect, it } from 'vitest';
import { createMatcher } from '../../../src/detect/matcher.ts';
import type { Matcher } from '../../../src/detect/match.ts';
import { loadPackRules } from '../../../src/rules/load.ts';
import { randomFrom } from '../../../src/rules/examples.ts';

const matcher = createMatcher(loadPackRules(['secrets/generic', 'secrets/github']).map(({ rule }) => rule));
const strong = (seed: number): string => {
  const random = randomFrom(seed);
  const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  return `q7${Array.from({ length: 22 }, () => letters[Math.floor(random() * letters.length)]).join('')}`;
};

function found(text: string, by: Matcher = matcher): readonly string[] {
  const bytes = Buffer.from(text);
  return by
    .scan(bytes, 0, true)
    .matches.map(({ rule, start, end }) => `${rule.id} ${bytes.toString('utf8', start, end)}`);
}

const [a, b] = [strong(1), strong(2)];

describe('columns that secrets stand in', () => {
  it.each([
    ['CSV', `user,api_key,role\nann,${a},admin\nbob,${b},ops\n`],
    ['CSV without a last line break', `user,api_key,role\nann,${a},admin\nbob,${b},ops`],
    ['CSV with quotes and Windows line breaks', `"user","api_key"\r\n"ann, dr","${a}"\r\n"bob","${b}"\r\n`],
    ['CSV in the first column', `api_key,user\n${a},ann\n${b},bob\n`],
    ['semicolons', `user;api key\nann;${a}\nbob;${b}\n`],
    ['TSV', `user\tapi_key\nann\t${a}\nbob\t${b}\n`],
    ['Markdown', `| user | API key |\n| --- | :-: |\n| ann | \`${a}\` |\n| bob | ${b} |\n`],
    ['psql', ` user | api_key \n------+---------\n ann  | ${a}\n bob  | ${b}\n(2 rows)\n`],
    ['a MySQL box', `+-----+----+\n| u | api_key |\n+-----+----+\n| ann | ${a} |\n| bob | ${b} |\n+-----+----+\n`],
    ['line breaks that are escaped', `{"stdout":"2 rows\\nuser,api_key\\nann,${a}\\nbob,${b}\\n"}`],
    ['letters beyond ASCII in other cells', `имя,api_key\nАнна,${a}\nБоб,${b}\n`],
  ])('are read in %s', (_, text) => {
    expect(found(text)).toEqual([`secret-column ${a}`, `secret-column ${b}`]);
  });

  it.each([
    ['plain words as passwords', 'user,password\nann,quietlyplum\n', ['secret-column quietlyplum']],
    ['none of another column', `user,api_key,commit\nann,none,${a}\n`, []],
    ['no types and placeholders', '| field | password |\n| --- | --- |\n| a | string |\n| b | <password> |\n', []],
    ['no digests', `user,password_hash\nann,${a}\n`, []],
    ['nothing beyond an empty line', `user,api_key\n\nann,${a}\n`, []],
    ['nothing beyond a row of other cells', `user,api_key\nann\nbob,${a}\n`, []],
    ['nothing below prose', `Rotate the key, then the token\nand put ${a}, or so\n`, []],
    ['nothing far below', `user,token\n${'ann,none\n'.repeat(300)}bob,${a}\n`, []],
  ])('hold %s', (_, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('name a token of a vendor by its own rule', () => {
    const token = ['ghp', 'q7Kx9vR2mZ4nB8tLp3Wd5Fh6Jc1Ys0aEuGoI'].join('_');

    expect(found(`user,token\nann,${token}\n`)).toEqual([`github-pat ${token}`]);
  });

  it('are read alike however the text grows', () => {
    const text = Buffer.from(
      `x\nuser,api_key,n\nann,${a},1\n\nid\ttoken\tsecret\n1\t${b}\t${strong(3)}\ntoken,user\n${strong(4)},bob\n${'z,y\n'.repeat(40)}`,
    );
    const whole = matcher.scan(text, 0, true).matches.map(({ rule, start, end }) => `${rule.id} ${start} ${end}`);
    for (const step of [1, 7, 64]) {
      const seen = new Set<string>();
      let from = 0;
      for (let length = step; from < text.length; length += step) {
        const isComplete = length >= text.length;
        const kept = text.subarray(0, Math.min(length, text.length));
        const { matches, resume } = matcher.scan(kept, from, isComplete);
        for (const { rule, start, end } of matches) {
          expect(start).toBeGreaterThanOrEqual(from - matcher.lookBehind);
          seen.add(`${rule.id} ${start} ${end}`);
        }
        if (isComplete) break;
        from = resume;
      }

      expect([...seen].toSorted()).toEqual([...whole].toSorted());
    }
    expect(whole).toHaveLength(4);
  });

  it('are read in linear time where every row is a heading', () => {
    const rows = (count: number): Buffer => Buffer.from('token,secret\n'.repeat(count));
    const cost = (text: Buffer): number => {
      const before = process.cpuUsage();
      matcher.scan(text, 0, true);
      const { user } = process.cpuUsage(before);
      return user;
    };
    cost(rows(2000));
    const few = cost(rows(4000));

    expect(cost(rows(16_000))).toBeLessThan(Math.max(few, 20_000) * 12);
  });
});
