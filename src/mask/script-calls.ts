/** The calls that a program makes (`tools.name(…)`), and the command line that a call's literals make together. */
import type { Literal } from './string-literals.ts';

/** A call in program text. */
export interface ScriptCall {
  readonly tool: string;
  /** Behind its opening parenthesis, and at its closing one. */
  readonly start: number;
  readonly end: number;
}

/** A call that program text makes: `tools.name(` or `tools["name"](`. */
const scriptCall = /\btools\s*(?:\??\.\s*|(?:\?\.)?\[\s*["'`])([A-Za-z_$][\w$]*)["'`\]\s]*(?:\?\.)?\(/g;

/** Any other way to reach the tools, by which calls are made that cannot be told. */
const otherUse = /\btools\b(?!\s*(?:\??\.\s*[A-Za-z_$]|(?:\?\.)?\[\s*["'`][A-Za-z_$][\w$]*["'`]\s*\]))/;

/** A program with more calls is nobody's honest work, and would cost time. */
const mostCalls = 256;

/** What stands in a command line for what the program puts in there when it runs. */
const unknownPart = '$_';

/** Lists the calls of a program in order; `isWhole` is false where there are others that cannot be read. */
export function scriptCalls(
  text: string,
  literals: readonly Literal[],
): { readonly calls: readonly ScriptCall[]; readonly isWhole: boolean } {
  const found = [...text.matchAll(scriptCall)];
  if (found.length > mostCalls) return { calls: [], isWhole: false };
  const calls = found.map((call): ScriptCall => {
    const start = call.index + call[0].length;
    return { tool: call[1] ?? '', start, end: closingParenthesis(text, start, literals) };
  });
  const code = withoutLiterals(text, literals);
  return { calls, isWhole: !otherUse.test(code) };
}

/** The program with the insides of its literals blanked, at the same offsets; names in brackets are left. */
function withoutLiterals(text: string, literals: readonly Literal[]): string {
  let code = '';
  let at = 0;
  for (const { start, end } of literals) {
    const inside = text.slice(start, end);
    const isName = /^[A-Za-z_$][\w$]*$/.test(inside) && text[start - 2] === '[';
    code += text.slice(at, start) + (isName ? inside : ' '.repeat(end - start));
    at = end;
  }
  return code + text.slice(at);
}

/** The offset of the parenthesis that closes the one before `from`; the text's length when none does. */
function closingParenthesis(text: string, from: number, literals: readonly Literal[]): number {
  let next = literals.findIndex(({ start }) => start >= from);
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    while (next !== -1 && (literals[next]?.end ?? Infinity) < at) next += 1;
    const literal = next === -1 ? undefined : literals[next];
    if (literal !== undefined && at === literal.start) at = literal.end;
    const char = text[at];
    if (char === '(') depth += 1;
    else if (char === ')') {
      depth -= 1;
      if (depth < 0) return at;
    }
  }
  return text.length;
}

/** The name of the member whose value begins at `at`; empty when it is no member's. */
export function memberBefore(text: string, at: number): string {
  return /([\w$-]+)["'`]?\s*:\s*["'`]$/.exec(text.slice(Math.max(0, at - 80), at))?.[1] ?? '';
}

/** What joins two literals that are parts of one text (of one template, or added up); undefined where they are not. */
function joint(between: string): string | undefined {
  if (/^["'`]\s*\+\s*["'`]$/.test(between)) return '';
  const isAdded = /^["'`]\s*\+[^,;]*\+\s*["'`]$/.test(between);
  return isAdded || between.startsWith('${') || between.endsWith('}') ? unknownPart : undefined;
}

/** The texts of literals as one: parts of one text joined, others each on a line of its own. */
export function joinedText(
  text: string,
  literals: readonly Literal[],
  decoded: readonly string[],
): { readonly line: string; readonly offsets: readonly number[] } {
  let line = '';
  const offsets: number[] = [];
  literals.forEach((literal, i) => {
    const before = literals[i - 1];
    if (before !== undefined) line += joint(text.slice(before.end, literal.start)) ?? '\n';
    // A text to which something is added in front begins with what is not known.
    else if (/\+\s*["'`]$/.test(text.slice(Math.max(0, literal.start - 8), literal.start))) line += unknownPart;
    offsets.push(line.length);
    line += decoded[i] ?? '';
  });
  return { line, offsets };
}
