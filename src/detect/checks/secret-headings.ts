/** The check of what stands above a column: whether it names secrets. */
import type { Check } from './check.ts';
import { isNameOfSecret } from './secret-names.ts';

/** The check that the rule which finds headings requires: by it the rule is known. */
export const headingCheck = 'secret-heading';

/** Whether a heading names secrets, and not something about them or a key of any kind: `password`, `API key`. */
export function isSecretHeading(heading: string): boolean {
  return /^[A-Za-z][\w .-]*$/.test(heading) && isNameOfSecret(heading.replaceAll(/[ .-]+/g, '_'));
}

export const headingChecks: readonly Check[] = [
  {
    name: headingCheck,
    about: 'as the heading of a column it names secrets; what stands in the column is judged as assigned to it',
    test: ({ value }) => isSecretHeading(value),
    fix: () => 'password',
  },
];
