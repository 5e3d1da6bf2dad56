import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Match, Matcher } from '../../../src/detect/match.ts';
import { createMatcher } from '../../../src/detect/matcher.ts';
import { rememberTexts } from '../../../src/detect/remembering-matcher.ts';
import { plainRule } from '../../helpers/rules.ts';

const bytes = (text: string): Buffer => Buffer.from(text);
const rule = plainRule('test-token', 'tok_[a-z0-9]{12}');

/** A matcher that counts how often it is asked. */
function counted(): { readonly matcher: Matcher; readonly scanned: string[] } {
  const inner = createMatcher([rule]);
  const scanned: string[] = [];
  const scan: Matcher['scan'] = (text, from, isComplete) => {
    scanned.push(Buffer.from(text).toString());
    return inner.scan(text, from, isComplete);
  };
  return { matcher: { ...inner, scan, classify: (value) => inner.classify(value) }, scanned };
}

describe('rememberTexts', () => {
  const clean = 'nothing to be found in these words';
  const dirty = 'the token is tok_abcdef123456, says the log';

  it('scans a text once, whether it held anything or not', () => {
    const { matcher, scanned } = counted();
    const remembering = rememberTexts(matcher);
    const results = [clean, dirty, clean, dirty].map((text) => remembering.scan(bytes(text), 0, true));
    expect(scanned).toEqual([clean, dirty]);
    expect(results[2]).toEqual(results[0]);
    expect(results[3]).toEqual(results[1]);
    expect(results[3]?.matches).toMatchObject([{ start: 13, end: 29 }]);
  });

  it('reads anew what differs in one byte, grows, or is short', () => {
    const { matcher, scanned } = counted();
    const remembering = rememberTexts(matcher);
    for (const text of [clean, `${clean}.`, 'abc', 'abc']) remembering.scan(bytes(text), 0, true);
    remembering.scan(bytes(clean), 0, false);
    remembering.scan(bytes(clean), 4, true);
    expect(scanned).toEqual([clean, `${clean}.`, 'abc', 'abc', clean, clean]);
  });

  it('forgets what was not asked for lately', () => {
    const { matcher, scanned } = counted();
    const remembering = rememberTexts(matcher, 2);
    const texts = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(40));
    for (const text of [...texts, texts[4], texts[0]]) remembering.scan(bytes(text ?? ''), 0, true);
    expect(scanned).toEqual([...texts, texts[0]]);
  });

  it('finds what the matcher finds, in any order of texts', () => {
    const plain = createMatcher([rule]);
    const remembering = rememberTexts(createMatcher([rule]), 3);
    const places = (matches: readonly Match[]): unknown => matches.map(({ start, end }) => [start, end]);
    const text = fc.array(fc.constantFrom(clean, ' tok_abcdef123456', ' tok_zz', '\n', 'é'), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 12 }), (texts) => {
        for (const parts of texts) {
          const read = bytes(parts.join(''));
          expect(places(remembering.scan(read, 0, true).matches)).toEqual(places(plain.scan(read, 0, true).matches));
        }
      }),
      { numRuns: 1000 },
    );
  });
});
