/** Known values beside a naive search, and however a text grows. */
import { createKnownValues } from '../../../src/detect/known-values.ts';
import { formsOf } from '../../../src/detect/known-values-forms.ts';
import type { KnownMatch, KnownValues } from '../../../src/detect/match.ts';
import type { Random } from '../../../src/rules/examples.ts';
import { cutBytes, natural, oddText, oneOf, several } from '../generate.ts';
import { law, type Target } from '../target.ts';

/** Few values, so that an input that was made with one is checked with it too. */
const values = [
  'pr0tected "quoted" value\\42',
  'db_pa55word_of_mine',
  'aaaaaaaaaaaaaaaaaaaa1',
  'abababababababab/abab+ab9',
  'Grüße-漢字-😀-2026-x',
  '-----BEGIN X-----\nAAAA\nBBBB\n-----END X-----',
  'f00d'.repeat(40),
].map((value) => Buffer.from(value));

const known = createKnownValues();
for (const bytes of values) known.add({ bytes, rule: 'fuzz', isProtected: true });
const forms = values.flatMap((value) => formsOf(value).map(({ bytes }) => Buffer.from(bytes)));

function grown(set: KnownValues, random: Random, text: Uint8Array): readonly KnownMatch[] {
  const matches: KnownMatch[] = [];
  let length = 0;
  let resume = 0;
  for (const chunk of cutBytes(random, text)) {
    length += chunk.length;
    const step = set.scan(text.subarray(0, length), resume, false);
    law(step.resume >= resume && step.resume <= length, 'a scan resumes outside of what it was given');
    matches.push(...step.matches);
    resume = step.resume;
  }
  return [...matches, ...set.scan(text, resume, true).matches];
}

const listed = (matches: readonly KnownMatch[]): string =>
  matches
    .map(({ start, end, encoding }) => `${start}-${end} ${encoding.join('+')}`)
    .toSorted()
    .join('\n');

export const knownValues: Target = {
  name: 'known-values',
  make(random) {
    const piece = (): Buffer => {
      const form = oneOf(random, forms);
      switch (natural(random, 4)) {
        case 0:
          return form.subarray(0, natural(random, form.length));
        case 1:
          return Buffer.from(oddText(random));
        default:
          return form;
      }
    };
    return Buffer.concat(several(random, 8, piece));
  },
  check(input, random) {
    const { matches } = known.scan(input, 0, true);
    law(listed(grown(known, random, input)) === listed(matches), 'matches depend on how the text grew');
    const text = Buffer.from(input);
    for (const form of forms) {
      for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + 1)) {
        const isCovered = matches.some(({ start, end }) => start <= at && end >= at + form.length);
        law(isCovered, 'an occurrence that a naive search finds is missed');
      }
    }
  },
};
