/** Tells at once which rules cannot find a word of theirs near a place: most numbers stand near none. */
import { Buffer, isAscii } from 'node:buffer';
import { headingsFor, type ContextRule } from './context.ts';
import { keySetOf, keysOfWords, someBeginning } from './context-words.ts';
import { Headings } from './headings.ts';

/** A rule as the gate knows it. */
export interface GatedRule {
  readonly context: ContextRule | undefined;
  /** The most bytes that a match takes from its anchor. */
  readonly reach: number;
  /** The most bytes from the anchor to the value. */
  readonly lead: number;
  /** Whether the value begins before the anchor. */
  readonly startsBefore: boolean;
}

export interface ContextGate {
  /** Whether a rule may find what it asks for around a value whose anchor is at `at`. Never wrong when it says no. */
  mayHold(rule: number, text: Uint8Array, at: number, isOpen: boolean): boolean;
  /** Forgets the text that it has looked at. To be called before each text. */
  begin(): void;
}

/** Rules that look farther than this, or take more, are not held back. */
const mostWithin = 60;
const mostReach = 64;

/** Whether a rule is held back where none of its words can stand. */
export function isHeldBack({ context, reach, lead, startsBefore }: GatedRule): boolean {
  return context !== undefined && context.within <= mostWithin && reach <= mostReach && lead === 0 && !startsBefore;
}

/**
 * The keys of three letters with which a rule's words begin, for the kernel, which looks for them too; undefined for a
 * rule that is not held back.
 */
export function wordKeysOf(rule: GatedRule): readonly number[] | undefined {
  return isHeldBack(rule) ? keysOfWords(rule.context?.words ?? []) : undefined;
}

/** Builds the gate for rules by their number. @param headings of the text that is looked at */
export function createContextGate(rules: readonly GatedRule[], headings = new Headings()): ContextGate {
  const isGated = rules.map(isHeldBack);
  const byKey = new Map<number, number[]>();
  for (const [index, rule] of rules.entries()) {
    for (const key of wordKeysOf(rule) ?? []) {
      const own = byKey.get(key);
      if (own === undefined) byKey.set(key, [index]);
      else own.push(index);
    }
  }
  const keys = keySetOf([...byKey.keys()]);
  /** The look in which a word of a rule was last seen to begin. */
  const seen = new Uint32Array(rules.length);
  let look = 0;
  let place = -1;
  let isAnything = false;

  const see = (key: number): boolean => {
    for (const rule of byKey.get(key) ?? []) seen[rule] = look;
    return false;
  };
  const read = (bytes: Uint8Array, from: number, to: number): void => {
    if (isAscii(bytes.subarray(from, to))) someBeginning(bytes, from, to, keys, see);
    else isAnything = true;
  };
  const lookAround = (text: Uint8Array, at: number, isOpen: boolean): void => {
    look++;
    place = at;
    const to = at + mostReach + mostWithin;
    isAnything = isOpen && to + 3 > text.length;
    if (isAnything) return;
    read(text, Math.max(0, at - mostWithin), Math.min(text.length, to));
    for (const heading of isAnything ? [] : headingsFor(text, at, mostReach, headings)) {
      const bytes = Buffer.from(heading);
      read(bytes, 0, bytes.length);
    }
  };

  const mayHold = (rule: number, text: Uint8Array, at: number, isOpen: boolean): boolean => {
    if (isGated[rule] !== true) return true;
    if (at !== place) lookAround(text, at, isOpen);
    return (
      isAnything || seen[rule] === look || (rules[rule]?.context?.isAloneEnough === true && isBlankBefore(text, at))
    );
  };
  return {
    mayHold,
    begin: () => {
      place = -1;
    },
  };
}

/** Whether only white space stands before a place, near the start of its text. */
function isBlankBefore(text: Uint8Array, at: number): boolean {
  for (let i = at - 1; i >= 0; i--) {
    const byte = text[i] ?? 0;
    if (at - i > mostWithin || (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d)) return false;
  }
  return true;
}
