/** Turns a pattern in Go's syntax (RE2), as other scanners write it, into patterns as rules here hold them. */

/** One pattern, and what it means differently from what it was made of. */
export interface TranslatedPattern {
  readonly pattern: string;
  readonly notes: readonly string[];
}

type Token =
  | { readonly kind: 'open'; readonly text: string; readonly isCapture: boolean }
  | { readonly kind: 'close' | 'or' | 'line' | 'other'; readonly text: string };

/** A group that captures: `(` alone, or with a name in either spelling. */
const groupStart = /^\((?:\?P?<(?![=!])[^>]*>)?/;

/** Cuts a pattern into what matters here: groups, alternatives, anchors; everything else is passed on. */
function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < source.length;) {
    const rest = source.slice(at);
    const token = tokenAt(rest);
    tokens.push(token.token);
    at += token.length;
  }
  return tokens;
}

function tokenAt(rest: string): { readonly token: Token; readonly length: number } {
  const plain = (kind: 'close' | 'or' | 'line' | 'other', text: string, length = text.length) => ({
    token: { kind, text },
    length,
  });
  const [first = ''] = rest;
  if (first === '\\') return escapeAt(rest, plain);
  if (first === '[') return plain('other', classAt(rest));
  if (first === '(') {
    const flags = /^\(\?[a-zA-Z-]*[:)]/.exec(rest)?.[0];
    if (flags?.endsWith(')') === true) return plain('other', flags);
    if (flags !== undefined) return { token: { kind: 'open', text: flags, isCapture: false }, length: flags.length };
    const text = groupStart.exec(rest)?.[0] ?? first;
    return { token: { kind: 'open', text, isCapture: true }, length: text.length };
  }
  if (first === ')') return plain('close', first);
  if (first === '|') return plain('or', first);
  return plain(first === '^' || first === '$' ? 'line' : 'other', first);
}

function escapeAt(
  rest: string,
  plain: (kind: 'line' | 'other', text: string, length?: number) => { readonly token: Token; readonly length: number },
): { readonly token: Token; readonly length: number } {
  const quoted = /^\\Q([\s\S]*?)(?:\\E|$)/.exec(rest);
  if (quoted !== null)
    return plain('other', (quoted[1] ?? '').replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&'), quoted[0].length);
  if (rest.startsWith('\\A')) return plain('line', '^', 2);
  if (rest.startsWith('\\z')) return plain('line', '$', 2);
  return plain('other', rest.slice(0, 2));
}

/** A character class from its `[` to its `]`; a `]` right behind the beginning is a member, as in `[]a]`. */
function classAt(rest: string): string {
  const head = /^\[\^?\]?/.exec(rest)?.[0] ?? '[';
  let at = head.length;
  while (at < rest.length && rest[at] !== ']') {
    const named = /^\[:\^?[a-z]+:\]/.exec(rest.slice(at))?.[0];
    at += named?.length ?? (rest[at] === '\\' ? 2 : 1);
  }
  return rest.slice(0, at + 1);
}

/** The alternatives of the pattern's top level; flags at its very beginning hold for each. */
function alternativesOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const alternatives: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'open') depth++;
    if (token.kind === 'close') depth--;
    if (token.kind === 'or' && depth === 0) alternatives.push([]);
    else alternatives.at(-1)?.push(token);
  }
  const [first] = tokens;
  const isFlag = first?.kind === 'other' && first.text.startsWith('(?');
  return alternatives.map((alternative, index) => (isFlag && index > 0 ? [first, ...alternative] : alternative));
}

/** Writes tokens with one group named `value`: that of the number given, counted from 1, or none. */
function write(tokens: readonly Token[], valueGroup: number | undefined): string {
  let group = 0;
  const body = tokens.map((token) => {
    if (token.kind !== 'open' || !token.isCapture) return token.text;
    group++;
    return group === valueGroup ? '(?<value>' : '(?:';
  });
  const hasLines = tokens.some(({ kind }) => kind === 'line');
  return (hasLines ? '(?m)' : '') + body.join('');
}

function countGroups(tokens: readonly Token[]): number {
  return tokens.filter((token) => token.kind === 'open' && token.isCapture).length;
}

/**
 * Translates a pattern. What is masked is the group of that number, else the first group, else the whole match; a
 * pattern whose alternatives have groups of their own becomes one pattern for each.
 *
 * @param secretGroup its number, from 1; 0 where none is named.
 */
export function translatePattern(source: string, secretGroup: number): readonly TranslatedPattern[] {
  const tokens = tokensOf(source);
  const notes = tokens.some(({ kind }) => kind === 'line')
    ? ['`^` and `$` stand for the ends of a line, not of the text']
    : [];
  const alternatives = alternativesOf(tokens);
  const isSplit = secretGroup === 0 && alternatives.length > 1 && countGroups(tokens) > 0;
  if (!isSplit) {
    const group = secretGroup > 0 ? secretGroup : countGroups(tokens) > 0 ? 1 : undefined;
    return [{ pattern: write(tokens, group), notes }];
  }
  return alternatives.map((alternative) => ({
    pattern: write(alternative, countGroups(alternative) > 0 ? 1 : undefined),
    notes,
  }));
}
