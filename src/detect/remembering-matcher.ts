/** A matcher that knows again what it has read: an assistant sends the whole conversation with every request. */
import { hash } from 'node:crypto';
import type { Match, Matcher, ScanResult } from './match.ts';

/** Results in each of two generations; at some 150 bytes each, 5 MB in all. */
const generationSize = 16_384;
/** Texts with more matches are rare, and cheap to scan beside what is made of their matches. */
const mostMatches = 32;
/** Shorter texts hold nothing that a rule could name. */
const leastBytes = 4;

const noMatches: readonly Match[] = [];

/**
 * Wraps a matcher: a whole text that was scanned before is not scanned again. What is kept of it is a digest and the
 * places of its matches, never its bytes; SHA-256, so that no text can be made to pass for one that held nothing.
 */
export function rememberTexts(matcher: Matcher, size = generationSize): Matcher {
  let young = new Map<string, readonly Match[]>();
  let old = new Map<string, readonly Match[]>();

  function keep(key: string, matches: readonly Match[]): void {
    if (young.size >= size) {
      old = young;
      young = new Map();
    }
    young.set(key, matches.length === 0 ? noMatches : matches);
  }

  function scanWhole(text: Uint8Array): ScanResult {
    const key = hash('sha256', text, 'binary');
    const known = young.get(key) ?? old.get(key);
    const matches = known ?? matcher.scan(text, 0, true).matches;
    if (matches.length <= mostMatches && !young.has(key)) keep(key, matches);
    return { matches, resume: text.length };
  }

  return {
    lookBehind: matcher.lookBehind,
    lookAhead: matcher.lookAhead,
    classify: (value) => matcher.classify(value),
    ...(matcher.screen === undefined ? {} : { screen: matcher.screen }),
    scan: (text, from, isComplete) =>
      isComplete && from === 0 && text.length >= leastBytes ? scanWhole(text) : matcher.scan(text, from, isComplete),
  };
}
