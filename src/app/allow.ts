/** Exceptions for what a decision found: entries of `allow:` in the user's own file. */
import type { Decision } from '../core/decision.ts';
import { AppError } from '../core/errors.ts';
import { exceptionText, withException } from '../config/edit.ts';
import type { AllowEntry } from '../policy/schema.ts';

export interface AllowOptions {
  readonly reason: string;
  /** `YYYY-MM-DD`. */
  readonly expires?: string;
}

/**
 * The exceptions that let a decision's findings through: one for each value that was masked or blocked.
 * @throws AppError `ERR_INPUT_DATA` when nothing in the decision can be excepted
 */
export function exceptionsFor(decision: Decision, { reason, expires }: AllowOptions): readonly AllowEntry[] {
  const blocked = decision.findings.filter(({ action }) => action === 'block');
  const actedOn = blocked.length > 0 ? blocked : decision.findings.filter(({ action }) => action === 'mask');
  const fingerprints = [...new Set(actedOn.map(({ fingerprint }) => fingerprint))];
  if (fingerprints.length === 0) {
    throw new AppError('ERR_INPUT_DATA', `decision ${decision.id} holds no finding that was masked or blocked`, {
      hint: 'destinations, accounts and what cannot be read are changed in the configuration',
    });
  }
  return fingerprints.map((fingerprint) => ({ fingerprint, reason, ...(expires === undefined ? {} : { expires }) }));
}

/** The text of a configuration file with the exceptions appended; comments and other lines stay as they are. */
export function withExceptions(text: string, file: string, entries: readonly AllowEntry[]): string {
  return entries.reduce((edited, entry) => withException(edited, file, entry), text);
}

/** The exceptions as they would stand in the file. */
export function exceptionLines(entries: readonly AllowEntry[]): string {
  const [first = '', ...rest] = entries.map(exceptionText);
  return first + rest.map((text) => text.replace(/^allow:\n/, '')).join('');
}
