/** Puts values back where a reply holds their placeholders, escaped for every grammar they enter. */
import { append } from '../core/append.ts';
import { Inflation } from '../body/inflated.ts';
import type { RestoreCounts } from '../core/decision.ts';
import type { Candidate, Finder } from './finder.ts';
import { callPlaces, freeformPlace, type CallPlace } from './call-places.ts';
import { judgeLinks } from './destination.ts';
import type { Edit } from './edit.ts';
import { encodedEdits, inflationLimits, mayHoldEncoded } from './encoded-edits.ts';
import { isEscapedPem, isJsonText, timesEscaped } from './json-inside.ts';
import { createPatchWriter, type PatchWriter } from './patch.ts';
import { createProseLinks, type ProseLinks } from './prose-links.ts';
import { scriptPlaces } from './script-places.ts';
import { createShellReader, type ShellReader } from './shell.ts';
import { isRestored, settingOf, type CallUse, type RestoreRules, type Setting } from './stays-home.ts';
import { decodeLiteral, toJsonInside, toScriptInside } from './string-literals.ts';
import type { LeadsTo } from './text-links.ts';
import { valueText } from './value-text.ts';
import type { VaultEntry } from './vault.ts';

/** What is to be done with a text. */
export interface Restoration {
  /** In order, without overlaps. */
  readonly edits: readonly Edit[];
  readonly counts: RestoreCounts;
  /** Something was meant to be a placeholder and cannot be resolved: a call with it must not be carried out. */
  readonly isUnresolvable: boolean;
}

/** The grammar of a call's arguments, as the providers name it. */
export type CallGrammar = 'json' | 'source' | 'freeform' | 'object';

interface RestorerOptions {
  readonly finder: Finder;
  readonly rules: RestoreRules;
  /** What a tool does, by its name: for calls that program text makes. */
  readonly useOf: (tool: string) => CallUse;
  /** Whether a damaged placeholder stood in the request's own text: then the model repeats what it read. */
  readonly stoodInRequest: (text: string) => boolean;
}

export interface Restorer {
  /**
   * Restores in prose from `from` on; what stands before it is context, and is what `links` have read.
   *
   * @param links of the same text, which have read up to `from` and then read on up to `pending`; new ones by default
   * @returns `pending`: the offset from which the text may still grow into something (the length when complete).
   */
  prose(
    text: string,
    from: number,
    isComplete: boolean,
    links?: ProseLinks,
  ): Restoration & { readonly pending: number };
  /** Restores in the whole arguments of a call. */
  call(text: string, grammar: CallGrammar, tool: string, use: CallUse): Restoration;
  /** Restores in the whole content of a file. */
  file(text: string): Restoration;
}

/** A word as requests are searched for: letters, digits, underscores, hyphens, backslashes. */
const wordHere = /[\w\\-]{0,256}/y;

/** How deep JSON texts inside strings are followed. */
const maxDepth = 4;

/** One text in which candidates are judged. */
interface Ground {
  readonly text: string;
  readonly setting: Setting;
  /** Where a value at a place of the text would lead. */
  readonly leadsTo: (at: Candidate) => LeadsTo;
  /** How many layers of JSON stand around it, with that of the call itself. */
  readonly depth: number;
  /** Where a call's text may hold patches. */
  readonly patches?: PatchWriter;
  /** Where the text is a command. */
  readonly shell?: ShellReader;
}

/** A text of which nothing is sent on. */
const nowhere = (): LeadsTo => [];

/** How a value was written where it was masked, when it stands behind the same character here: a quote, an equals sign. */
function spelledAt(text: string, at: number, { spellings = [] }: VaultEntry): string | undefined {
  const behind = text[at - 1] ?? ' ';
  return behind.trim() === '' ? undefined : spellings.find((one) => one.behind === behind)?.text;
}

/** Tells for the places of a text, asked for in order, where the links of prose around them lead. */
function proseLeads(text: string): (at: Candidate) => LeadsTo {
  const links = createProseLinks();
  let read = 0;
  return (at) => {
    links.read(text.slice(read, at.start));
    read = at.start;
    const verdict = judgeLinks(links.open(), text, at, true);
    return verdict === 'open' ? 'unknown' : verdict;
  };
}

/** Collects what a run over one text decides. */
class Tally {
  restored = 0;
  heldBack = 0;
  unresolved = 0;
  isUnresolvable = false;

  result(edits: readonly Edit[]): Restoration {
    const { restored, heldBack, unresolved, isUnresolvable } = this;
    return { edits, counts: { restored, heldBack, unresolved }, isUnresolvable };
  }
}

/** Makes the restorer of one reply. */
export function createRestorer({ finder, rules, useOf, stoodInRequest }: RestorerOptions): Restorer {
  /** Encodings around the text that is being read, and what is left to inflate for all of them. */
  let nesting = 0;
  let inflation = new Inflation(inflationLimits);

  /** What an entry becomes at this place, or undefined when it stays a placeholder. */
  function valueAt(
    { text, setting, leadsTo, depth, patches, shell }: Ground,
    at: Candidate,
    entry: VaultEntry,
  ): Pick<Edit, 'text' | 'escaped'> | undefined {
    if (!isRestored(setting, rules)) return undefined;
    const hosts = leadsTo(at);
    if (hosts === 'unknown' || !hosts.every((host) => entry.urlHosts.includes(host))) return undefined;
    const value = valueText(entry.value);
    const spelled = depth > 1 ? undefined : spelledAt(text, at.start, entry);
    const own = entry.written ?? value;
    const written = spelled ?? patches?.valueAt(at.start, own) ?? own;
    if (shell?.staysOneLiteral(at.start, written) === false) return undefined;
    if (entry.written !== undefined) return { text: written, escaped: timesEscaped(entry.written, value, depth - 1) };
    return { text: depth > 1 && isEscapedPem(written) ? written.replaceAll('\\n', '\n') : written };
  }

  /** The edits of a text: of what it holds plainly, and of what stands encoded in it. */
  function plain(text: string, place: CallPlace, tally: Tally, depth: number): Edit[] {
    const { candidates } = finder.scan(text, 0, true);
    const coded = encoded(text, place, tally, candidates, false);
    if (candidates.length === 0) return coded;
    const { setting, leadsTo } = place;
    const shell = setting === 'shell' ? { shell: createShellReader(text) } : {};
    const leads = leadsTo ?? (setting === 'agent' ? proseLeads(text) : nowhere);
    const ground: Ground = { text, setting, leadsTo: leads, depth, patches: createPatchWriter(text), ...shell };
    const edits = candidates.flatMap((at) => judge(ground, at, tally));
    return inOrder(edits, coded);
  }

  /** The edits of what stands encoded in a text, beside the candidates: a value leads where its encoding does. */
  function encoded(
    text: string,
    { setting, leadsTo }: CallPlace,
    tally: Tally,
    candidates: readonly Candidate[],
    isJson: boolean,
  ): Edit[] {
    if (nesting >= maxDepth || !isRestored(setting, rules)) return [];
    if (nesting === 0) inflation = new Inflation(inflationLimits);
    nesting += 1;
    const edits = encodedEdits(text, inflation, isJson, (decoded, range) => {
      if (candidates.some((at) => at.start < range.end && at.end > range.start)) return [];
      const leads = leadsTo ?? (setting === 'agent' ? proseLeads(text) : undefined);
      const inside: CallPlace = {
        start: 0,
        end: decoded.length,
        quote: '"',
        setting: setting === 'shell' ? 'file' : setting,
      };
      const verdict = leads?.({ state: 'near', ...range });
      return inString(decoded, verdict === undefined ? inside : { ...inside, leadsTo: () => verdict }, tally, 1);
    });
    nesting -= 1;
    return edits;
  }

  /** Whether something damaged stood in the request: as it is, or as the whole word that begins there. */
  function isRepeated(text: string, at: Candidate): boolean {
    wordHere.lastIndex = at.start;
    return stoodInRequest(text.slice(at.start, at.end)) || stoodInRequest(wordHere.exec(text)?.[0] ?? '');
  }

  function judge(ground: Ground, at: Candidate, tally: Tally): Edit[] {
    if (!('entry' in at)) {
      tally.unresolved += 1;
      const isCall = ground.setting !== 'prose' && isRestored(ground.setting, rules);
      if (at.state === 'near' && isCall && !isRepeated(ground.text, at)) tally.isUnresolvable = true;
      return [];
    }
    const value = valueAt(ground, at, at.entry);
    if (value === undefined) {
      tally.heldBack += 1;
      return [];
    }
    tally.restored += 1;
    return [{ start: at.start, end: at.end, ...value }];
  }

  /** The edits of a string that a call holds: a JSON text is followed, unless a shell is to read it. */
  function inString(text: string, place: CallPlace, tally: Tally, depth: number): Edit[] {
    const isFollowed = place.leadsTo === undefined && depth < maxDepth && isJsonText(text);
    if (!isFollowed) return plain(text, place, tally, depth);
    const inStrings = inJson(text, callPlaces(text, place.setting, true), tally, depth + 1);
    return inOrder(inStrings, encoded(text, place, tally, [], true));
  }

  /** The edits of a JSON text, in its own offsets. */
  function inJson(text: string, places: Iterable<CallPlace>, tally: Tally, depth: number): Edit[] {
    const edits: Edit[] = [];
    for (const place of places) {
      const raw = text.slice(place.start, place.end);
      if (!finder.mayHold(raw) && !mayHoldEncoded(raw)) continue;
      const decoded = decodeLiteral(raw);
      for (const { start, end, text: put, escaped = 0 } of inString(decoded.text, place, tally, depth)) {
        edits.push({
          start: place.start + (decoded.offsets[start] ?? 0),
          end: place.start + (decoded.offsets[end] ?? 0),
          text: escaped > 0 ? put : toJsonInside(put),
          escaped: Math.max(0, escaped - 1),
        });
      }
    }
    return edits;
  }

  /** The edits of a program: only inside its literals, each judged by the call that it is an argument of. */
  function inScript(text: string, tally: Tally): Edit[] {
    const places = scriptPlaces(text, (tool) => settingOf(tool, useOf(tool), rules, useOf));
    return places.flatMap((place) => {
      const raw = text.slice(place.start, place.end);
      if (!finder.mayHold(raw) && !mayHoldEncoded(raw)) return [];
      const decoded = decodeLiteral(raw);
      return plain(decoded.text, place, tally, 1).map((edit) => ({
        start: place.start + (decoded.offsets[edit.start] ?? 0),
        end: place.start + (decoded.offsets[edit.end] ?? 0),
        text: toScriptInside(edit.text, place.quote),
      }));
    });
  }

  return {
    prose(text, from, isComplete, links = createProseLinks()) {
      const tally = new Tally();
      const { candidates, pending } = finder.scan(text, from, isComplete);
      const edits: Edit[] = [];
      let read = from;
      for (const at of candidates) {
        links.read(text.slice(read, at.start));
        read = at.start;
        const verdict = judgeLinks(links.open(), text, at, isComplete);
        // Whether it may stand in a URL depends on the host, which may come after it.
        if (verdict === 'open') return { ...tally.result(edits), pending: read };
        append(edits, judge({ text, setting: 'prose', depth: 0, leadsTo: () => verdict }, at, tally));
      }
      links.read(text.slice(read, pending));
      return { ...tally.result(edits), pending };
    },
    call(text, grammar, tool, use) {
      const tally = new Tally();
      const setting = settingOf(tool, use, rules, useOf);
      switch (grammar) {
        case 'json':
        case 'object':
          return tally.result(inJson(text, callPlaces(text, setting, false), tally, 1));
        case 'source':
          return tally.result(inScript(text, tally));
        case 'freeform':
          return tally.result(plain(text, freeformPlace(text, setting), tally, 1));
      }
    },
    file(text) {
      const tally = new Tally();
      return tally.result(inString(text, { start: 0, end: text.length, quote: '"', setting: 'file' }, tally, 1));
    },
  };
}

function inOrder(some: Edit[], others: readonly Edit[]): Edit[] {
  return others.length === 0 ? some : [...some, ...others].sort((a, b) => a.start - b.start);
}

/** Applies edits to a text. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of edits) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}
