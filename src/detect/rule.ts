/** A detection rule as data: what the loader of `rules/` hands to the matcher. */
import type { Action, Category, Severity } from '../core/finding.ts';

export interface Rule {
  /** Kebab-case, unique over all packs. */
  readonly id: string;
  readonly title: string;
  /** The pack it came from, e.g. `secrets/github`. */
  readonly pack: string;
  readonly category: Category;
  readonly severity: Severity;
  /** Laws it is about, e.g. `GDPR`, `PCI-DSS`; orientation, not legal advice. */
  readonly regimes: readonly string[];
  /** Literals of which every match contains at least one; derived from the pattern when the pack gives none. */
  readonly keywords: readonly string[];
  /** A regular expression in RE2's syntax; the group named `value` (else the whole match) is what gets masked. */
  readonly pattern: string;
  /**
   * Where words are given, one of them must stand within so many bytes of the match or in the heading of its column;
   * with `alone`, a value that is all its text holds needs none.
   */
  readonly context: { readonly words: readonly string[]; readonly within: number; readonly alone?: boolean };
  /** Names of checks that must hold (see `checks/`). */
  readonly require: readonly string[];
  /** Names of checks that raise the confidence to `certain`. */
  readonly confirm: readonly string[];
  /** The least Shannon entropy of the value, in bits per character. */
  readonly entropy?: number;
  /** The placeholder's kind: upper-case letters, digits, single underscores, at most 24. */
  readonly kind: string;
  readonly action: Action;
  /** A generic rule (assignments, URLs) gives way to a specific one on the same range and never names a kind. */
  readonly isGeneric: boolean;
}
