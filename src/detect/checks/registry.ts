/** The named checks that rules can `require` or `confirm` with. */
import { AppError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { checksumChecks } from './checksums.ts';
import { pemChecks } from './pem.ts';
import { plausibilityChecks } from './plausibility.ts';
import { publishedChecks } from './published.ts';
import { regulatedChecks } from './regulated.ts';
import { headingChecks } from './secret-headings.ts';
import { nameChecks } from './secret-names.ts';
import { structureChecks } from './structure.ts';
import type { Check } from './check.ts';

export type { Check } from './check.ts';

const all: readonly Check[] = [
  ...checksumChecks,
  ...structureChecks,
  ...pemChecks,
  ...publishedChecks,
  ...plausibilityChecks,
  ...nameChecks,
  ...headingChecks,
  ...regulatedChecks,
];
const byName = new Map(all.map((check) => [check.name, check]));

/** Every check's name with its one-line description, for the schema and the README. */
export const checkTable: readonly { readonly name: string; readonly about: string }[] = all.map(({ name, about }) => ({
  name,
  about,
}));

/** Looks up a check. @throws AppError `ERR_RULES_INVALID` when there is none of that name. */
export function checkNamed(name: string, ruleId: string): Check {
  const check = byName.get(name);
  if (check !== undefined) return check;
  throw new AppError('ERR_RULES_INVALID', `rule ${ruleId}: no check is named ${name}`, {
    hint: hintForCheck(name),
  });
}

/** What to write in place of a name that no check has: there are too many to list. */
export function hintForCheck(unknown: string): string {
  const near = nearest(unknown, [...byName.keys()]);
  return `${near === undefined ? '' : `did you mean ${near}? `}rules/README.md and rules/schema.json list all checks`;
}

/** The check of a name, if there is one. */
export function findCheck(name: string): Check | undefined {
  return byName.get(name);
}
