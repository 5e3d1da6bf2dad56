/** Placeholders: a function of key and value, found wherever they stand, and never where their check fails. */
import { createPlaceholders, idLength, kindOf, prefixOf } from '../../../src/mask/placeholders.ts';
import { damaged, natural, oddText, oneOf, several } from '../generate.ts';
import { law, type Target } from '../target.ts';

const key = Buffer.alloc(32, 3);
const ours = createPlaceholders({ key, prefix: 'SLUICE' });
const theirs = createPlaceholders({ key: Buffer.alloc(32, 4), prefix: 'SLUICE' });
const kinds = ['SECRET', 'GITHUB_TOKEN', 'A', 'A1_B2', 'ABCDEFGHIJKLMNOPQRSTUVWX'];

/** Every place where a placeholder could stand, tried one by one; the check of one may hold by chance around another. */
function naive(text: string): readonly string[] {
  const ranges: string[] = [];
  for (let at = text.indexOf('SLUICE_'); at !== -1;) {
    const head = /^SLUICE_[A-Z0-9_]*?_(?=[a-z2-7])/.exec(text.slice(at, at + 64))?.[0];
    const end = at + (head?.length ?? 0) + idLength;
    const isOne = head !== undefined && ours.isValid(text.slice(at, end));
    if (isOne) ranges.push(`${at}-${end}`);
    at = text.indexOf('SLUICE_', isOne ? end : at + 1);
  }
  return ranges;
}

export const placeholders: Target = {
  name: 'placeholders',
  make(random) {
    const value = (): Buffer => Buffer.from(oddText(random) + String(natural(random, 1000)));
    const piece = (): string => {
      const made = oneOf(random, [ours, ours, ours, theirs]).make(oneOf(random, kinds), value());
      switch (natural(random, 5)) {
        case 0:
          return oddText(random, 2);
        case 1:
          return made.slice(0, natural(random, made.length));
        case 2:
          return Buffer.from(damaged(random, Buffer.from(made))).toString('latin1');
        default:
          return made;
      }
    };
    return Buffer.from(several(random, 8, piece).join(''), 'latin1');
  },
  check(input, random) {
    const text = Buffer.from(input).toString('latin1');
    const found = ours.find(input).map(({ start, end }) => `${start}-${end}`);
    law(found.join() === naive(text).join(), 'what is found is not what is valid');

    const kind = oneOf(random, kinds);
    const made = ours.make(kind, input);
    law(ours.make(kind, input) === made, 'the same value has two placeholders');
    law(ours.isValid(made) && kindOf(made) === kind && prefixOf(made) === 'SLUICE', 'a placeholder is not valid');
    law(ours.find(Buffer.from(`x${made}y`)).length === 1, 'a placeholder between letters is not found');
  },
};
