/** The literals that a pattern cannot do without. */
import { factsOf } from './anchors-sets.ts';
import { spell } from './anchors-spellings.ts';
import type { Item } from './regex/program.ts';
import type { ByteSet } from './regex/syntax.ts';

/** The literals of which every match holds at least one, in lower case, from the cut that was chosen. */
export function keywordsAt(items: readonly Item[], cut: number): readonly string[] {
  const spellings = spell(items.slice(cut).map((item) => item.node));
  const runs = new Set(spellings.map(({ sets }) => longestLiteral(sets)));
  return runs.has('') ? [] : [...runs];
}

/** Whether every match holds one of the words, whatever its case. */
export function impliesKeywords(items: readonly Item[], words: readonly string[]): boolean {
  const folded = words.map((word) => word.toLowerCase());
  return items.some((_, cut) => {
    const spellings = spell(items.slice(cut).map((item) => item.node));
    return spellings.every(({ sets }) => {
      const text = literalText(sets);
      return folded.some((word) => text.includes(word));
    });
  });
}

function longestLiteral(sets: readonly ByteSet[]): string {
  return literalText(sets)
    .split('\0')
    .reduce((longest, run) => (run.length > longest.length ? run : longest), '');
}

/** The letters of a spelling in lower case, NUL where several bytes are possible. */
function literalText(sets: readonly ByteSet[]): string {
  return sets.map((set) => factsOf(set).letter ?? '\0').join('');
}
