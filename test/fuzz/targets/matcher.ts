/** The matcher with every rule that ships: however a text grows, the matches are the same. */
import type { Match } from '../../../src/detect/match.ts';
import { createMatcher } from '../../../src/detect/matcher.ts';
import { fillExample } from '../../../src/rules/examples.ts';
import { loadPackRules } from '../../../src/rules/load.ts';
import { cutBytes, damaged, natural, oddText, oneOf, several } from '../generate.ts';
import { law, type Target } from '../target.ts';

const packs = loadPackRules(['secrets', 'regulated/*']);
const rules = packs.map(({ rule }) => rule);
const matcher = createMatcher(rules);
/** The same without WebAssembly. */
const twin = createMatcher(rules, false);
/** The kernel is made for the first text of some length: here at once, so that it judges the short ones too. */
matcher.scan(new Uint8Array(4096), 0, true);

function listed(matches: readonly Match[], shift: number): readonly string[] {
  return matches.map(({ rule, start, end, confidence }) => `${rule.id} ${start + shift}-${end + shift} ${confidence}`);
}

export const matcherTarget: Target = {
  name: 'matcher',
  make(random) {
    const piece = (): string => {
      const { rule, examples } = oneOf(random, packs);
      const example = [...examples.match, ...examples.ignore];
      return natural(random, 3) === 0
        ? oddText(random)
        : fillExample(oneOf(random, example.length === 0 ? [''] : example), rule, random);
    };
    const bytes = Buffer.from(several(random, 6, piece).join(natural(random, 2) === 0 ? ' ' : ''));
    return natural(random, 3) === 0 ? damaged(random, bytes) : bytes;
  },
  check(input, random) {
    const whole = matcher.scan(input, 0, true);
    law(whole.resume === input.length, 'a whole text is not scanned to its end');
    const plain = twin.scan(input, 0, true);
    law(listed(plain.matches, 0).join('\n') === listed(whole.matches, 0).join('\n'), 'the kernel finds something else');
    const grown: string[] = [];
    let length = 0;
    let resume = 0;
    const chunks = cutBytes(random, input);
    for (const [index, chunk] of [...chunks, new Uint8Array(0)].entries()) {
      length += chunk.length;
      const from = Math.max(0, resume - matcher.lookBehind);
      const step = matcher.scan(input.subarray(from, length), resume - from, index === chunks.length);
      law(from + step.resume >= resume, 'a scan resumes before where it began');
      law(length - from - step.resume <= matcher.lookAhead, 'more is held back than the matcher says');
      grown.push(...listed(step.matches, from));
      resume = from + step.resume;
    }
    law(
      grown.toSorted().join('\n') === listed(whole.matches, 0).toSorted().join('\n'),
      'matches depend on how the text grew',
    );
    for (const { start, end } of whole.matches) law(start < end && end <= input.length, 'a match has no proper range');
  },
};
