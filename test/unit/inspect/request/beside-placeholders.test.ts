import { describe, expect, it } from 'vitest';
import type { Hit } from '../../../../src/inspect/request/hits.ts';
import { ruleHit } from '../../../../src/inspect/request/hits.ts';
import { besidePlaceholders, notNamedByPlaceholders } from '../../../../src/inspect/request/beside-placeholders.ts';
import { requestScan } from '../../../helpers/request-scan.ts';
import { plainRule } from '../../../helpers/rules.ts';

const scan = requestScan();
const placeholder = scan.placeholders.make('PASSWORD', Buffer.from('some value'));

/** What the matcher finds in a text, as hits. */
function hitsOf(text: Buffer): readonly Hit[] {
  return scan.matcher.scan(text, 0, true).matches.map((match) => ruleHit(match, text));
}

function besideIn(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  return besidePlaceholders(bytes, hitsOf(bytes), scan.placeholders.find(bytes), scan.matcher).map(({ value }) =>
    Buffer.from(value).toString(),
  );
}

describe('besidePlaceholders', () => {
  it.each([
    ['behind one', `password=${placeholder}correct-horse`, ['correct-horse']],
    ['before one', `password=correct-horse${placeholder}`, ['correct-horse']],
    ['around one, in parts', `password=correct${placeholder}horse`, ['correct', 'horse']],
    ['between two', `password=${placeholder}correct-horse${placeholder}`, ['correct-horse']],
  ])('finds what is written %s', (_place, text, values) => {
    expect(besideIn(text)).toEqual(values);
  });

  it.each([
    ['a placeholder alone', `password=${placeholder}`],
    ['two in a row', `password=${placeholder}${placeholder}`],
    ['too little for a finding', `password=${placeholder}abc`],
    ['a finding elsewhere', `password=correct-horse and ${placeholder}`],
  ])('finds nothing in %s', (_what, text) => {
    expect(besideIn(text)).toEqual([]);
  });
});

describe('notNamedByPlaceholders', () => {
  const left = (text: string): readonly string[] => {
    const bytes = Buffer.from(text);
    return notNamedByPlaceholders(bytes, hitsOf(bytes), scan.placeholders.find(bytes), scan.matcher).map(({ value }) =>
      Buffer.from(value).toString(),
    );
  };

  it('leaves out what only the kind within one names', () => {
    const named = plainRule('test-named', String.raw`PASSWORD[\w]{0,24}=(?<value>[a-z-]{8,20})`, { isGeneric: true });
    const other = requestScan({ rules: [named] });
    const bytes = Buffer.from(`${placeholder}=correct-horse`);
    const hits = other.matcher.scan(bytes, 0, true).matches.map((match) => ruleHit(match, bytes));
    expect(hits).toHaveLength(1);
    expect(notNamedByPlaceholders(bytes, hits, other.placeholders.find(bytes), other.matcher)).toEqual([]);
  });

  it.each([
    ['stands alone', 'password=correct-horse'],
    ['has a name of its own behind one', `${placeholder} password=correct-horse`],
  ])('keeps what %s', (_what, text) => {
    expect(left(text)).toEqual(['correct-horse']);
  });
});
