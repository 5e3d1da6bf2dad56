/** The matcher's interface: what a scan kernel takes and gives, whatever it is made of. */
import type { Confidence } from '../core/finding.ts';
import type { Rule } from './rule.ts';

/** One match: the range of the value in the text's bytes. */
export interface Match {
  readonly rule: Rule;
  readonly start: number;
  readonly end: number;
  readonly confidence: Confidence;
  /** Why the confidence is what it is, e.g. `checksum github-crc32 holds`. */
  readonly reason?: string;
}

/** What one scan call found. */
export interface ScanResult {
  /** Ordered by start; ranges may overlap. */
  readonly matches: readonly Match[];
  /**
   * The offset from which the next call (on a text that has grown at its end) must resume. Equal to the text's length
   * when `isComplete`. No match reported later starts before `resume - lookBehind`.
   */
  readonly resume: number;
}

/**
 * Finds every rule's matches in text. Pure, linear in the text's length, and chunk-invariant: for any way of letting a
 * text grow, the union of the reported matches is the same.
 *
 * Text is the decoded value (UTF-8). Boundaries understand that it may itself be escaped text: a literal `\n`, `\t`,
 * `\"`, `\uXXXX` before a token is a boundary, not a word character.
 */
export interface Matcher {
  /** How many bytes before `resume` a caller must keep for the next call, and must not have released. */
  readonly lookBehind: number;
  /** How many bytes after an anchor may be needed to settle it: the most that a stream holds back. */
  readonly lookAhead: number;
  /** Scans `text` for matches whose anchor is at `from` or later. */
  scan(text: Uint8Array, from: number, isComplete: boolean): ScanResult;
  /** The most specific rule that the bare value matches from end to end, if any. */
  classify(value: Uint8Array): Rule | undefined;
  /** Without it, every text is to be scanned. */
  readonly screen?: Screen;
}

/**
 * Tells which of many texts hold nothing, at a fraction of what scanning each of them costs. It knows one set of texts at
 * a time, and only until the matcher scans something.
 */
export interface Screen {
  /** Forgets the texts before. @param bytes about how many are to come */
  begin(bytes: number): void;
  /** Takes a whole text; false where there is no room for it. */
  add(text: Uint8Array): boolean;
  /** For each text added, in order, 0 where a scan of it as a whole text would find nothing: else there may be something. */
  run(): Uint8Array;
}

/** An occurrence of a known value. */
export interface KnownMatch {
  readonly value: KnownValue;
  readonly start: number;
  readonly end: number;
  /** Layers by which the occurrence is encoded, outermost first; empty when it stands as it is. */
  readonly encoding: readonly string[];
}

/** A value that is masked wherever it occurs. */
export interface KnownValue {
  readonly bytes: Uint8Array;
  /** The rule reported for it: that which first found it, or `protected-value`. */
  readonly rule: string;
  /** For a protected value, the name of its variable. */
  readonly name?: string;
  /** Whether it came from `protect:`; such a value is also checked for in opaque fields. */
  readonly isProtected: boolean;
}

/**
 * A growing set of exact values, searched in all their escaped and encoded forms (JSON escapes once and twice,
 * base64 at each alignment, base64url, hex, percent-encoding).
 */
export interface KnownValues {
  readonly size: number;
  add(value: KnownValue): void;
  /** As {@link Matcher.scan}; `resume` and chunk invariance work the same way. */
  scan(
    text: Uint8Array,
    from: number,
    isComplete: boolean,
  ): { readonly matches: readonly KnownMatch[]; readonly resume: number };
  /** The longest occurrence in bytes: what a stream holds back for it. */
  readonly longest: number;
}
