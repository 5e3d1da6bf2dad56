/** The strings of a call's arguments, each with the names of the members that hold it. */
import { jsonLiterals, type Literal } from './string-literals.ts';

/** A string of a JSON text. */
export interface CallString extends Literal {
  /** It is the name of a member. */
  readonly isName: boolean;
  /** The names of the members around it, outermost first, as {@link plainName} writes them. */
  readonly names: readonly string[];
  /** Which object or array holds it, and which holds that one; 0 and -1 at the top. */
  readonly holder: number;
  readonly above: number;
  /** It is an element of an array. */
  readonly isElement: boolean;
}

/** A member's name without case, `_`, `-` and the like: clients write one name in many ways. */
export function plainName(name: string): string {
  return name.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();
}

interface Holder {
  readonly id: number;
  readonly isArray: boolean;
  readonly names: readonly string[];
  /** The member being read. */
  name: string | undefined;
}

/** Lists the strings of a JSON text in order. Lenient: a text that was cut or broken is read as far as it goes. */
export function callStrings(text: string): CallString[] {
  const strings: CallString[] = [];
  const open: Holder[] = [{ id: 0, isArray: true, names: [], name: undefined }];
  let last = 0;
  let at = 0;

  const namesHere = ({ names, name }: Holder): readonly string[] => (name === undefined ? names : [...names, name]);

  /** Reads the punctuation before `end`. */
  function readUpTo(end: number): void {
    for (; at < end; at++) {
      const char = text[at];
      const top = open.at(-1);
      if (top === undefined) continue;
      if (char === '{' || char === '[') {
        last += 1;
        open.push({ id: last, isArray: char === '[', names: namesHere(top), name: undefined });
      } else if (char === '}' || char === ']') {
        if (open.length > 1) open.pop();
      } else if (char === ',' && !top.isArray) top.name = undefined;
    }
  }

  for (const literal of jsonLiterals(text)) {
    readUpTo(literal.start - 1);
    at = literal.end + 1;
    const holder = open.at(-1);
    if (holder === undefined) continue;
    const isName =
      !holder.isArray && holder.name === undefined && /^"?\s*:/.test(text.slice(literal.end, literal.end + 64));
    const { id, isArray } = holder;
    strings.push({
      ...literal,
      isName,
      names: namesHere(holder),
      holder: id,
      above: open.at(-2)?.id ?? -1,
      isElement: isArray,
    });
    if (isName) holder.name = plainName(text.slice(literal.start, literal.end));
  }
  return strings;
}
