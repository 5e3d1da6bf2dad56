/** Parses a rule's pattern (a subset of RE2's syntax) into a tree over bytes. */
import { utf8 } from '../../core/bytes.ts';
import {
  complementSet,
  emptyNode,
  foldSet,
  rangeSet,
  setOf,
  unionSet,
  wordSet,
  type Assertion,
  type ByteSet,
  type Node,
} from './syntax.ts';

/** Why a pattern cannot be used, with what to do instead. The loader adds the rule and the place. */
export class PatternError extends Error {
  /** The offset in the pattern's text. */
  readonly at: number;
  readonly fix: string;

  constructor(message: string, at: number, fix: string) {
    super(message);
    this.name = 'PatternError';
    this.at = at;
    this.fix = fix;
  }
}

/** The largest count a repeat may name (RE2's own limit). */
const maxRepeat = 1000;
/** The deepest nesting of groups. */
const maxDepth = 50;

const digitSet = rangeSet(0x30, 0x39);
const spaceSet = setOf(0x09, 0x0a, 0x0c, 0x0d, 0x20);
const anyByte = rangeSet(0, 255);
const anyButNewline = complementSet(setOf(0x0a));

const classEscapes: Readonly<Record<string, ByteSet>> = {
  d: digitSet,
  D: complementSet(digitSet),
  w: wordSet,
  W: complementSet(wordSet),
  s: spaceSet,
  S: complementSet(spaceSet),
};
const controlEscapes: Readonly<Record<string, number>> = { n: 0x0a, r: 0x0d, t: 0x09, f: 0x0c, v: 0x0b, a: 0x07 };
const upper = rangeSet(0x41, 0x5a);
const lower = rangeSet(0x61, 0x7a);
const posixClasses: Readonly<Record<string, ByteSet>> = {
  alnum: unionSet(digitSet, upper, lower),
  alpha: unionSet(upper, lower),
  digit: digitSet,
  lower,
  upper,
  punct: unionSet(rangeSet(0x21, 0x2f), rangeSet(0x3a, 0x40), rangeSet(0x5b, 0x60), rangeSet(0x7b, 0x7e)),
  space: unionSet(spaceSet, setOf(0x0b)),
  word: wordSet,
  xdigit: unionSet(digitSet, rangeSet(0x41, 0x46), rangeSet(0x61, 0x66)),
};

interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
}

/**
 * Parses a pattern. Groups other than `value` only group; classes and counts are about bytes.
 *
 * @throws PatternError for what RE2 does not have (look-around, back-references), for what has no meaning in text that
 * grows (`^` and `$` without `(?m)`), and for Unicode classes.
 */
export function parsePattern(pattern: string): Node {
  return createParser(pattern).parse();
}

function createParser(pattern: string) {
  let at = 0;
  let depth = 0;
  let values = 0;

  const fail = (message: string, fix: string, where = at): never => {
    throw new PatternError(message, where, fix);
  };
  const peek = (text: string): boolean => pattern.startsWith(text, at);
  const take = (text: string): boolean => {
    if (!peek(text)) return false;
    at += text.length;
    return true;
  };
  /** The next character as a whole code point. */
  const takeChar = (): string => {
    const code = pattern.codePointAt(at);
    if (code === undefined) return fail('the pattern ends too early', 'finish the escape or the class');
    const char = String.fromCodePoint(code);
    at += char.length;
    return char;
  };

  function parse(): Node {
    const { node } = alternation({ i: false, m: false, s: false });
    if (at < pattern.length) fail('a closing parenthesis without its opening one', 'escape it as \\) or remove it');
    return node;
  }

  function alternation(outer: Flags): { readonly node: Node } {
    let flags = outer;
    const branches: Node[] = [];
    let items: Node[] = [];
    while (at < pattern.length && !peek(')')) {
      if (take('|')) {
        branches.push(cat(items));
        items = [];
        continue;
      }
      const inline = /^\(\?([ims]*)(?:-([ims]+))?\)/.exec(pattern.slice(at, at + 12));
      if (inline !== null && inline[0].length > 3) {
        at += inline[0].length;
        flags = withFlags(flags, inline[1] ?? '', inline[2] ?? '');
        continue;
      }
      items.push(repeated(flags));
    }
    branches.push(cat(items));
    return { node: branches.length === 1 ? (branches[0] ?? emptyNode) : { kind: 'alt', items: branches } };
  }

  function repeated(flags: Flags): Node {
    const start = at;
    let node = atom(flags);
    for (;;) {
      const count = quantifier();
      if (count === undefined) return node;
      if (node.kind === 'assert') fail('a repeated assertion', 'repeat what stands beside it', start);
      const isGreedy = !take('?');
      if (peek('+')) fail('a possessive quantifier', 'remove the second +: matching is linear anyway');
      node = { kind: 'repeat', node, ...count, isGreedy };
    }
  }

  function quantifier(): { readonly min: number; readonly max: number } | undefined {
    if (take('*')) return { min: 0, max: Infinity };
    if (take('+')) return { min: 1, max: Infinity };
    if (take('?')) return { min: 0, max: 1 };
    const match = /^\{(\d{1,5})(,(\d{0,5}))?\}/.exec(pattern.slice(at, at + 16));
    if (match === null) return undefined;
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === '' ? Infinity : Number(match[3]);
    if (min > maxRepeat || (max !== Infinity && max > maxRepeat)) {
      fail(`a repeat of more than ${maxRepeat}`, `use {${Math.min(min, maxRepeat)},}`);
    }
    if (max < min) fail('a repeat whose bounds are reversed', `use {${max},${min}}`);
    at += match[0].length;
    return { min, max };
  }

  function atom(flags: Flags): Node {
    const start = at;
    const char = takeChar();
    switch (char) {
      case '(':
        return group(flags, start);
      case '[':
        return { kind: 'set', set: bracket(flags, start) };
      case '.':
        return { kind: 'set', set: flags.s ? anyByte : anyButNewline };
      case '^':
        return line('line-start', flags, start);
      case '$':
        return line('line-end', flags, start);
      case '\\':
        return escaped(flags, start);
      case '*':
      case '+':
      case '?':
        return fail('a quantifier with nothing before it', 'escape it with a backslash', start);
      default:
        return literal(char, flags);
    }
  }

  function line(assertion: Assertion, flags: Flags, start: number): Node {
    if (!flags.m)
      fail('an anchor at the start or end of the whole text', 'use \\b, or (?m)^ and (?m)$ for lines', start);
    return { kind: 'assert', assertion };
  }

  function group(flags: Flags, start: number): Node {
    if (++depth > maxDepth) fail(`groups nested deeper than ${maxDepth}`, 'flatten the pattern', start);
    const named = /^\?P?<([A-Za-z_]\w*)>/.exec(pattern.slice(at, at + 80));
    const flagged = /^\?([ims]*)(?:-([ims]+))?:/.exec(pattern.slice(at, at + 12));
    let inner = flags;
    let isValue = false;
    if (named !== null) {
      at += named[0].length;
      isValue = named[1] === 'value';
      if (isValue && ++values > 1) fail('a second group named value', 'keep one, and write the rest as (?:…)', start);
    } else if (flagged !== null) {
      at += flagged[0].length;
      inner = withFlags(flags, flagged[1] ?? '', flagged[2] ?? '');
    } else if (/^\?<?[=!]/.test(pattern.slice(at, at + 3))) {
      fail('a look-around', 'it cannot run in linear time: use \\b, or a group named value inside the whole', start);
    } else if (peek('?')) {
      fail('an unknown kind of group', 'use (?:…), (?<value>…) or (?i:…)', start);
    }
    const { node } = alternation(inner);
    if (!take(')')) fail('a group that is not closed', 'add the closing parenthesis', start);
    depth--;
    return isValue ? { kind: 'value', node } : node;
  }

  function escaped(flags: Flags, start: number): Node {
    const char = takeChar();
    if (char === 'b') return { kind: 'assert', assertion: 'word-boundary' };
    if (char === 'B') return { kind: 'assert', assertion: 'not-word-boundary' };
    const set = classEscapes[char];
    if (set !== undefined) return { kind: 'set', set };
    if (/[1-9k]/.test(char))
      fail('a back-reference', 'it cannot run in linear time: write the alternatives out', start);
    if (/[AzZG]/.test(char)) fail('an anchor at the start or end of the whole text', 'use \\b or (?m)^', start);
    if (/[pPX]/.test(char)) fail('a Unicode class', 'name the characters in an alternation', start);
    const code = codeEscape(char, start);
    return literal(String.fromCodePoint(code), flags);
  }

  /** The code point of an escape that stands for one character. */
  function codeEscape(char: string, start: number): number {
    if (char === 'x') {
      const hex = /^(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))/.exec(pattern.slice(at, at + 8));
      if (hex === null) return fail('a broken \\x escape', 'write \\xHH or \\x{HHHH}', start);
      at += hex[0].length;
      const code = Number.parseInt(hex[1] ?? hex[2] ?? '', 16);
      if (code > 0x10ffff) fail('a code point beyond Unicode', 'write one up to \\x{10FFFF}', start);
      return code;
    }
    const control = controlEscapes[char];
    if (control !== undefined) return control;
    if (char === '0') return 0;
    if (/[0-9A-Za-z]/.test(char)) return fail(`an unknown escape \\${char}`, 'remove the backslash', start);
    return char.codePointAt(0) ?? 0;
  }

  function bracket(flags: Flags, start: number): ByteSet {
    const isNegated = take('^');
    const sets: ByteSet[] = [];
    for (let isFirst = true; isFirst || !peek(']'); isFirst = false) {
      if (at >= pattern.length) fail('a class that is not closed', 'add the closing bracket', start);
      const posix = /^\[:(\^?)([a-z]+):\]/.exec(pattern.slice(at, at + 16));
      if (posix !== null) {
        const named = posixClasses[posix[2] ?? ''];
        if (named === undefined) return fail(`an unknown class [:${posix[2]}:]`, 'use alnum, alpha, digit …');
        at += posix[0].length;
        sets.push(posix[1] === '^' ? complementSet(named) : named);
        continue;
      }
      const first = classMember(start);
      if (typeof first !== 'number') {
        sets.push(first);
        continue;
      }
      if (peek('-') && pattern[at + 1] !== ']' && at + 1 < pattern.length) {
        at++;
        const last = classMember(start);
        if (typeof last !== 'number' || last < first)
          return fail('a range that does not ascend', 'order its ends', start);
        sets.push(rangeSet(first, last));
      } else {
        sets.push(setOf(first));
      }
    }
    at++;
    const union = unionSet(...sets);
    const folded = flags.i ? foldSet(union) : union;
    const set = isNegated ? complementSet(folded) : folded;
    if (!set.includes(1)) fail('a class that matches nothing', 'remove it', start);
    return set;
  }

  function classMember(start: number): number | ByteSet {
    const char = takeChar();
    let code = char.codePointAt(0) ?? 0;
    if (char === '\\') {
      const escape = takeChar();
      const set = classEscapes[escape];
      if (set !== undefined) return set;
      if (/[pP]/.test(escape)) fail('a Unicode class', 'name the characters in an alternation', start);
      code = escape === 'b' ? 0x08 : codeEscape(escape, start);
    }
    if (code > 0x7f) fail('a character beyond ASCII in a class', 'write an alternation: (?:ä|ö)', start);
    return code;
  }

  function literal(char: string, flags: Flags): Node {
    const bytes = Array.from(utf8(char));
    return cat(bytes.map((byte) => ({ kind: 'set', set: flags.i ? foldSet(setOf(byte)) : setOf(byte) })));
  }

  return { parse };
}

function withFlags(flags: Flags, on: string, off: string): Flags {
  const flag = (name: 'i' | 'm' | 's'): boolean => (flags[name] || on.includes(name)) && !off.includes(name);
  return { i: flag('i'), m: flag('m'), s: flag('s') };
}

function cat(items: readonly Node[]): Node {
  if (items.length === 0) return emptyNode;
  if (items.length === 1) return items[0] ?? emptyNode;
  return { kind: 'cat', items };
}
