/** Tells where the values in a command line lead: to hosts, or nowhere but this machine. */
import { append } from '../core/append.ts';
import { programLinks } from './program-home.ts';
import { interpreterNames, namedOneOf, shellNames } from './program-names.ts';
import { shellPipelines, type Pipeline, type ShellCommand, type ShellWord } from './shell-commands.ts';
import { awayFrom, sentTo } from './shell-senders.ts';
import { textLinks, type LeadsTo } from './text-links.ts';

/** A place in a command line. */
interface Place {
  readonly start: number;
  readonly end: number;
}

export interface ShellHome {
  /** Where a value at a place of the command line leads. */
  leadsTo(place: Place): LeadsTo;
}

const shells = namedOneOf(shellNames);
const interpreters = namedOneOf(interpreterNames);
/** Commands that give names to what follows `=` in their words. */
const declaring = /^(?:export|declare|typeset|local|readonly|env|set)$/;
const assignment = /^([A-Za-z_]\w*)\+?=/;

/** How deep program text inside program text is followed. */
const maxDepth = 4;
/** The longest argument that Linux hands to a program (MAX_ARG_STRLEN): a longer command does not run anyway. */
const longestCommand = 131_072;
/** So many values in one command line are nobody's honest work, and would cost time. */
const mostPlaces = 1000;
/** Names that a value can be given in turn, one from the other. */
const maxNames = 64;

/** The names that hold what stands at a place: variables given it in this command, or read from its input. */
function namesGiven({ words, inputs }: ShellCommand, { start, end }: Place): readonly string[] {
  const holds = (part: Place): boolean => part.start < end && start < part.end;
  const verb = words.find(({ text }) => !assignment.test(text))?.text;
  const names: string[] = [];
  for (const [i, word] of words.entries()) {
    if (!holds(word)) continue;
    const name = assignment.exec(word.text)?.[1];
    const isGiven = words.slice(0, i).every(({ text }) => assignment.test(text)) || declaring.test(verb ?? '');
    if (name !== undefined && isGiven) names.push(name);
    // `for name in …`: the keyword is not among the words.
    else if (words[1]?.text === 'in') names.push(words[0]?.text ?? '');
  }
  if (/^(?:read|mapfile|readarray)$/.test(verb ?? '') && inputs.some(holds)) {
    for (const { text } of words.slice(1)) if (!text.startsWith('-')) names.push(text);
    names.push('REPLY', 'MAPFILE');
  }
  return names;
}

/** Names of functions and aliases that a command line defines. */
function ownNames(all: readonly Pipeline[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { words } of all.flatMap(({ commands }) => commands)) {
    const [first, ...rest] = words;
    if (first?.text.endsWith('()') === true) names.add(first.text.slice(0, -2).toLowerCase());
    else if (first?.text === 'function') names.add((rest[0]?.text ?? '').replace(/\(\)$/, '').toLowerCase());
    else if (first?.text === 'alias')
      for (const { text } of rest) names.add((text.split('=', 1)[0] ?? '').toLowerCase());
  }
  return names;
}

/** Whether a text mentions one of the variables. */
function mentions(text: string, names: ReadonlySet<string>): boolean {
  for (const [, braced, bare] of text.matchAll(/\$(?:\{[#!]?(\w+)|(\w+))/g)) {
    if (names.has(braced ?? bare ?? '')) return true;
  }
  return false;
}

/** Every place of a value in a text. */
function placesOf(value: string, text: string): Place[] {
  const places: Place[] = [];
  for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + value.length)) {
    places.push({ start: at, end: at + value.length });
  }
  return places;
}

/** What all of several verdicts say. */
function together(verdicts: Iterable<LeadsTo | undefined>): LeadsTo {
  const hosts: string[] = [];
  for (const verdict of verdicts) {
    if (verdict === 'unknown') return verdict;
    append(hosts, verdict ?? []);
  }
  return hosts;
}

/** Makes the reader of a command line. `depth`: how much program text it stands in. */
export function createShellHome(line: string, depth = 0): ShellHome {
  const all = line.length > longestCommand ? undefined : shellPipelines(line);
  const own = ownNames(all ?? []);
  /** It opens a connection by its name as a file, to which any of its commands may then write. */
  const hasSocket = /\/dev\/(?:tcp|udp)\//.test(line);
  /** Answers given for variables: many a value is given to one. */
  const asked = new Map<string, LeadsTo>();
  const sent = new Map<Pipeline, LeadsTo>();
  let places = 0;

  /** Where a pipeline sends what passes through it. */
  function sentBy(pipeline: Pipeline): LeadsTo {
    const known = sent.get(pipeline);
    if (known !== undefined) return known;
    const leads = together(pipeline.commands.map((command) => sentTo(command, -1, own)));
    sent.set(pipeline, leads);
    return leads;
  }

  /** Where a text that a command reads leads: a command line, a program, or plain text for a file. */
  function inputLeadsTo(command: ShellCommand, text: string, place: Place): LeadsTo {
    const [first, ...rest] = command.words;
    const name = first?.text ?? '';
    const value = text.slice(place.start, place.end);
    if (interpreters.test(name)) return programLinks(text);
    if (shells.test(name) && rest.every(({ text: option }) => option.startsWith('-'))) return inner(text, value);
    return textLinks(text, place);
  }

  /** Where a value leads, wherever it stands in a command line that stands in this one. */
  function inner(text: string, value: string): LeadsTo {
    if (depth >= maxDepth) return 'unknown';
    const home = createShellHome(text, depth + 1);
    return together(placesOf(value, text).map((place) => home.leadsTo(place)));
  }

  /** Where a value leads as part of a word. */
  function wordLeadsTo(command: ShellCommand, word: ShellWord, value: string): LeadsTo {
    const [first] = command.words;
    const before = command.words.slice(0, command.words.indexOf(word));
    const runs = before.some(({ text }) => shells.test(text)) || first?.text === 'eval' || first?.text === 'trap';
    if (runs && word !== first) {
      const found = inner(word.text, value);
      if (found === 'unknown' || found.length > 0) return found;
    }
    if (
      before.some(({ text }) => interpreters.test(text)) &&
      before.some(({ text }) => /^-\w*[cepr]$|^--eval$|^-Command$/i.test(text))
    ) {
      return programLinks(word.text);
    }
    return together(placesOf(value, word.text).map((place) => textLinks(word.text, place)));
  }

  /** Where what a name holds is sent, and the names that take it over. */
  function namedLeadsTo(lines: readonly Pipeline[], given: ReadonlySet<string>): LeadsTo {
    const key = [...given].join(' ');
    const known = key === '' ? [] : asked.get(key);
    if (known !== undefined) return known;
    const leads = asked.size > maxNames ? 'unknown' : followNames(lines, new Set(given));
    asked.set(key, leads);
    return leads;
  }

  function followNames(lines: readonly Pipeline[], names: Set<string>): LeadsTo {
    for (let known = -1; names.size > known && names.size < maxNames;) {
      known = names.size;
      for (const { text } of lines.flatMap(({ commands }) => commands.flatMap(({ words }) => words))) {
        const name = mentions(text, names) ? assignment.exec(text)?.[1] : undefined;
        if (name !== undefined) names.add(name);
      }
    }
    if (names.size >= maxNames) return 'unknown';
    return together(
      lines.flatMap(({ commands }) => {
        const texts = commands.flatMap(({ words, inputs }) => [...words, ...inputs].map(({ text }) => text));
        const mentioning = texts.filter((text) => mentions(text, names));
        if (mentioning.length === 0) return [];
        return [
          ...commands.map((command) => sentTo(command, -1, own)),
          ...mentioning.map((text) => textLinks(text, { start: text.search(/\$/), end: text.length })),
        ];
      }),
    );
  }

  return {
    leadsTo(place) {
      places += 1;
      if (all === undefined || hasSocket || places > mostPlaces) return 'unknown';
      const value = line.slice(place.start, place.end);
      const holds = (part: Place): boolean => part.start < place.end && place.start < part.end;
      const verdicts: (LeadsTo | undefined)[] = [];
      const given = new Set<string>();
      let isFound = false;
      for (const pipeline of all) {
        const { commands } = pipeline;
        if (!holds(pipeline) && !commands.some(({ inputs }) => inputs.some(holds))) continue;
        verdicts.push(sentBy(pipeline));
        for (const command of commands) {
          if (![...command.words, ...command.redirects, ...command.inputs].some(holds)) continue;
          verdicts.push(sentTo(command, place.start, own));
          const words = [...command.words, ...command.redirects].filter(holds);
          const inputs = command.inputs.filter(holds);
          for (const word of words) verdicts.push(wordLeadsTo(command, word, value));
          for (const input of inputs) {
            const within = { start: place.start - input.start, end: place.end - input.start };
            const isPlain = input.text.length === input.end - input.start;
            verdicts.push(isPlain ? inputLeadsTo(command, input.text, within) : inner(input.text, value));
          }
          for (const name of namesGiven(command, place)) given.add(name);
          isFound ||= words.length + inputs.length > 0;
        }
      }
      // In a comment, or where this reader lost its way: by the text around it.
      if (!isFound) verdicts.push(textLinks(line, place));
      const leads = together([...verdicts, namedLeadsTo(all, given)]);
      return leads === 'unknown' ? leads : awayFrom(leads);
    },
  };
}
