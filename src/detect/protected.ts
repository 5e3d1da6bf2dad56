/** Protected values: which variables are chosen, and which of their values may be masked everywhere. */
import { utf8 } from '../core/bytes.ts';
import type { KnownValue } from './match.ts';
import type { Variable } from './protected-dotenv.ts';
import { everydayReason, secretParts } from './protected-words.ts';

/** The rule reported for a protected value. */
const protectedRule = 'protected-value';

/** Variables from one place. */
export interface VariableSource {
  /** e.g. `environment`, `.env.local`: for messages. */
  readonly from: string;
  readonly variables: readonly Variable[];
}

/** A value that matches only as its own variable's value, or as a URL's userinfo. */
export interface WeakValue extends KnownValue {
  readonly name: string;
  /** Whether the variable's name says secret; else only the userinfo form counts. */
  readonly isNamed: boolean;
}

/** A variable and what became of it, without its value. */
interface Ignored {
  readonly name: string;
  readonly from: string;
  readonly reason: string;
}

/** The values of `protect:`, by strength. */
export interface ProtectedValues {
  /** Masked wherever they occur. */
  readonly strong: readonly (KnownValue & { readonly name: string })[];
  readonly weak: readonly WeakValue[];
  readonly ignored: readonly Ignored[];
}

/** Names that say their value is a secret. */
const secretName =
  /(^|[_.-])(pass|passwd|password|passphrase|pwd|secret|secrets|token|tokens|key|apikey|auth|credential|credentials|cred|creds|private|salt|pin|dsn|cookie|session|signature|webhook)([_.-]|$)|(password|passwd|secret|token|apikey|api_?key|credential)s?$/i;

/** Whether a variable's name says that its value is a secret. */
export function saysSecret(name: string): boolean {
  return secretName.test(name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2'));
}

/** Whether a name matches a pattern of `*` and `?`: one pass with one place to go back to, whatever the pattern. */
function matchesName(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let mark = 0;
  let next = 0;
  while (at < name.length) {
    if (next < pattern.length && pattern[next] !== '*' && (pattern[next] === '?' || pattern[next] === name[at])) {
      at++;
      next++;
    } else if (pattern[next] === '*') {
      star = next++;
      mark = at;
    } else if (star !== -1) {
      next = star + 1;
      at = ++mark;
    } else return false;
  }
  while (pattern[next] === '*') next++;
  return next === pattern.length;
}

/** Picks the variables of an environment whose names match a pattern of `*` and `?`. */
export function selectVariables(
  environment: Readonly<Record<string, string | undefined>>,
  patterns: readonly string[],
  ignoreCase = false,
): readonly Variable[] {
  const fold = (text: string): string => (ignoreCase ? text.toUpperCase() : text);
  const folded = patterns.map(fold);
  return Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && folded.some((pattern) => matchesName(pattern, fold(name))) ? [{ name, value }] : [],
  );
}

/** Longer values are files, not secrets. */
const charactersAtMost = 16 * 1024;
/** All values together: a cloned repository's files are not to cost us memory and time without end. */
const valuesAtMost = 2_000;
const allCharactersAtMost = 1024 * 1024;

/**
 * Sorts the values of variables by strength. Strong: from 12 characters, or 8 that mix letters and digits, and neither
 * a number, boolean, path, region, host name, plain URL, nor only words and short numbers. Weak: whatever else a
 * variable holds whose name says secret. Parts of a URL (password, secret parameters) count for themselves. What comes
 * first counts where there is more than can be protected: name the most trusted source first.
 */
export function sortProtected(sources: readonly VariableSource[]): ProtectedValues {
  const strong = new Map<string, KnownValue & { readonly name: string }>();
  const weak = new Map<string, WeakValue>();
  const ignored: Ignored[] = [];

  const known = (name: string, value: string) => ({ bytes: utf8(value), rule: protectedRule, name, isProtected: true });
  const addStrong = (name: string, value: string): void => {
    if (!strong.has(value)) strong.set(value, known(name, value));
  };
  const addWeak = (name: string, value: string, isNamed: boolean): void => {
    weak.set(`${isNamed ? name : ''}=${value}`, { ...known(name, value), isNamed });
  };

  let room = allCharactersAtMost;
  for (const { from, variables } of sources) {
    for (const { name, value } of variables) {
      const text = value.trim();
      if (strong.size + weak.size >= valuesAtMost || text.length > room) {
        ignored.push({ name, from, reason: 'more than can be protected' });
        continue;
      }
      if (text === '' || text.length > charactersAtMost) {
        ignored.push({ name, from, reason: text === '' ? 'empty' : 'too large' });
        continue;
      }
      room -= text.length;
      const reason = everydayReason(text);
      if (reason === undefined) addStrong(name, text);
      else if (saysSecret(name)) addWeak(name, text, true);
      else ignored.push({ name, from, reason });
      for (const part of secretParts(text) ?? []) {
        if (everydayReason(part) === undefined) addStrong(name, part);
        else addWeak(name, part, false);
      }
    }
  }
  return { strong: [...strong.values()], weak: [...weak.values()], ignored };
}
