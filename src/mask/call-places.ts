/** The strings of a call's arguments: for each, what becomes of values in it and where they would lead. */
import { isAddressee, isContent, isRemotePath, memberUse } from './call-members.ts';
import { callStrings, type CallString } from './call-strings.ts';
import { programLinks } from './program-home.ts';
import { createShellHome } from './shell-home.ts';
import type { Setting } from './stays-home.ts';
import { decodeLiteral, type Literal } from './string-literals.ts';
import type { LeadsTo } from './text-links.ts';

/** A string of a call, by the offsets of its inside. */
export interface CallPlace extends Literal {
  readonly setting: Setting;
  /** Where a value at a place of the decoded string would lead; absent where the setting says it all. */
  readonly leadsTo?: (at: { readonly start: number; readonly end: number }) => LeadsTo;
}

/** A whole text as the argument of a tool. */
export function freeformPlace(text: string, setting: Setting): CallPlace {
  const place: CallPlace = { start: 0, end: text.length, quote: '"', setting };
  // A tool that nobody knows, and no member whose name would say what its argument is for.
  if (setting === 'unknown') return { ...place, setting: 'network' };
  return setting === 'shell' ? { ...place, leadsTo: lazily(() => createShellHome(text)) } : place;
}

/** Reads a command line when it is first asked for: most hold no values. */
function lazily(make: () => ReturnType<typeof createShellHome>): NonNullable<CallPlace['leadsTo']> {
  let home: ReturnType<typeof createShellHome> | undefined;
  return (at) => {
    home ??= make();
    return home.leadsTo(at);
  };
}

/** Members of which each element is a command line of its own. */
const manyLines = /^(?:commands|cmds|lines|scripts)$/;
/** Members that name the program of which a sibling lists the arguments. */
const programMember = /^(?:command|cmd|program|executable|bin|binary|name)$/;

/** Whether a member holds variables for the command, which may send what they hold. */
const isEnvironment = (name: string): boolean => /^env(?:ironment|vars)?$/.test(name);

/** Writes words as a command line that has them as they are. */
function quoted(word: string): string {
  return word.replaceAll("'", `'\\''`);
}

/** Lists the strings of a call's JSON. `isInside`: it is the text of a member, whose setting holds for all of it. */
export function callPlaces(text: string, setting: Setting, isInside: boolean): CallPlace[] {
  const strings = callStrings(text);
  const textOf = ({ start, end }: Literal): string => decodeLiteral(text.slice(start, end)).text;
  /** Command lines by the array that holds their words. */
  const lines = new Map<
    number,
    { readonly home: ReturnType<typeof createShellHome>; readonly starts: Map<number, number> }
  >();

  /** Whether the call goes to somebody: a member names one, or a file turns out to be a URL. */
  function isSent(): boolean {
    return strings.some((string) => {
      if (string.isName) return setting === 'unknown' && isAddressee(plainNameOf(string));
      if (string.names.some(isContent)) return false;
      return isRemotePath(textOf(string));
    });
  }

  function plainNameOf(string: CallString): string {
    return textOf(string)
      .replace(/[^\p{L}\p{N}]/gu, '')
      .toLowerCase();
  }

  /** The command line that an array's elements are, after the program that a sibling names. */
  function lineOf({ holder, above }: CallString): NonNullable<ReturnType<typeof lines.get>> {
    const known = lines.get(holder);
    if (known !== undefined) return known;
    const program = strings.find(
      (other) =>
        !other.isElement && !other.isName && other.holder === above && programMember.test(other.names.at(-1) ?? ''),
    );
    const words = strings.filter((other) => other.holder === holder);
    const starts = new Map<number, number>();
    let line = program === undefined ? '' : `${textOf(program)} `;
    for (const word of words) {
      starts.set(word.start, line.length + 1);
      line += `'${quoted(textOf(word))}' `;
    }
    const made = { home: createShellHome(line), starts };
    lines.set(holder, made);
    return made;
  }

  function commandPlace(string: CallString): CallPlace {
    const decoded = textOf(string);
    const place: CallPlace = { ...string, setting: 'shell' };
    if (!string.isElement || manyLines.test(string.names.at(-1) ?? '')) {
      return { ...place, leadsTo: lazily(() => createShellHome(decoded)) };
    }
    return {
      ...place,
      leadsTo: ({ start, end }) => {
        const { home, starts } = lineOf(string);
        const first = (starts.get(string.start) ?? 0) + quoted(decoded.slice(0, start)).length;
        return home.leadsTo({ start: first, end: first + quoted(decoded.slice(start, end)).length });
      },
    };
  }

  const isAway = !isInside && (setting === 'unknown' || setting === 'file') && isSent();

  function placeOf(string: CallString): CallPlace {
    if (isAway) return { ...string, setting: 'network' };
    if (setting === 'shell')
      return string.names.some(isEnvironment) ? { ...string, setting: 'network' } : commandPlace(string);
    if (setting !== 'unknown') return { ...string, setting };
    switch (string.isName ? 'other' : memberUse(string.names)) {
      case 'content':
      case 'path':
        return { ...string, setting: 'file' };
      case 'command':
        return commandPlace(string);
      case 'program':
        return { ...string, setting: 'file', leadsTo: () => programLinks(textOf(string)) };
      case 'other':
        return { ...string, setting: 'network' };
    }
  }

  return strings.map(placeOf);
}
