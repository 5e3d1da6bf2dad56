/** The check of what stands above a column: whether it names secrets. */
import { Buffer } from 'node:buffer';
import { rangeSet, setOf, unionSet, wordSet } from '../regex/syntax.ts';
import type { Candidate, Check } from './check.ts';
import { isNameOfSecret } from './secret-names.ts';

/** The check that the rule which finds headings requires: by it the rule is known. */
export const headingCheck = 'secret-heading';

/** Whether a heading names secrets, and not something about them or a key of any kind: `password`, `API key`. */
export function isSecretHeading(heading: string): boolean {
  return /^[A-Za-z][\w .-]*$/.test(heading) && isNameOfSecret(heading.replaceAll(/[ .-]+/g, '_'));
}

/** How far before a heading the delimiter is looked for that its cell begins with, in bytes. */
const cellReach = 120;
const backslash = 0x5c;
const delimiter = setOf(...Buffer.from(',;|\t'));
const quoteOrBlank = setOf(...Buffer.from('"\'`\\ '));
/** What stands in a cell of headings, with the quotes and blanks around it. */
const inCell = unionSet(wordSet, quoteOrBlank, setOf(...Buffer.from('.()/#*?%-')), rangeSet(0x80, 0xff));

/** Whether a text may stand in a cell: between delimiters, or between one and the beginning or the end of a line. */
function mayStandInCell({ text, start, end }: Omit<Candidate, 'value'>): boolean {
  const least = Math.max(0, start - cellReach);
  let at = start;
  while (at > least && inCell[text[at - 1] ?? 0] === 1 && !(text[at - 1] === 0x6e && text[at - 2] === backslash)) at--;
  // What stands farther before may be anything.
  if (at === least || delimiter[text[at - 1] ?? 0] === 1) return true;
  if (text[at - 1] !== 0x0a && text[at - 1] !== 0x6e) return false;
  let next = end;
  while (quoteOrBlank[text[next] ?? 0] === 1) next++;
  return delimiter[text[next] ?? 0] === 1;
}

export const headingChecks: readonly Check[] = [
  {
    name: headingCheck,
    about: 'as the heading of a column it names secrets; what stands in the column is judged as assigned to it',
    back: cellReach,
    test: (candidate) => mayStandInCell(candidate) && isSecretHeading(candidate.value),
    fix: () => 'password',
  },
];
