/** Puts values back where a reply holds their placeholders, escaped for every grammar they enter. */
import type { RestoreCounts } from '../core/decision.ts';
import type { Candidate, Finder } from './finder.ts';
import { createPatchWriter, type PatchWriter } from './patch.ts';
import { createShellReader, type ShellReader } from './shell.ts';
import { isRestored, settingOf, type CallUse, type RestoreRules, type Setting } from './stays-home.ts';
import { decodeLiteral, jsonLiterals, scriptLiterals, toJsonInside, toScriptInside } from './string-literals.ts';
import { urlAround } from './url-around.ts';
import { valueText } from './value-text.ts';
import type { VaultEntry } from './vault.ts';

/** A replacement in a text: `[start, end)` becomes `text`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

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
   * Restores in prose from `from` on; what stands before it is context.
   *
   * @returns `pending`: the offset from which the text may still grow into something (the length when complete).
   */
  prose(text: string, from: number, isComplete: boolean): Restoration & { readonly pending: number };
  /** Restores in the whole arguments of a call. */
  call(text: string, grammar: CallGrammar, tool: string, use: CallUse): Restoration;
  /** Restores in the whole content of a file. */
  file(text: string): Restoration;
}

/** A word as requests are searched for: letters, digits, underscores, hyphens, backslashes. */
const wordHere = /[\w\\-]{0,256}/y;

/** How deep JSON texts inside strings are followed. */
const maxDepth = 4;

/** A call that program text makes: `tools.name(` or `tools["name"](`. */
const scriptCall = /\btools\s*(?:\.\s*|\[\s*["'])([A-Za-z_$][\w$]*)["'\]\s]*\(/g;

/** A PEM text whose line breaks are already written as escapes: it came from inside a string as it is. */
function isEscapedPem(value: string): boolean {
  return value.startsWith('-----BEGIN ') && value.includes('\\n') && !value.includes('\n');
}

/** Whether a string holds a JSON text of its own. */
function isJsonText(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** One text in which candidates are judged. */
interface Ground {
  readonly text: string;
  readonly setting: Setting;
  /** How many layers of JSON stand around it. */
  readonly depth: number;
  /** Where a call's text may hold patches. */
  readonly patches?: PatchWriter;
  /** Where the text is a command. */
  readonly shell?: ShellReader;
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
  /** The text that an entry becomes at this place, or undefined when it stays a placeholder. */
  function valueAt({ text, setting, depth, patches, shell }: Ground, at: Candidate, entry: VaultEntry) {
    if (!isRestored(setting, rules)) return undefined;
    if (setting === 'prose' || setting === 'shell') {
      const place = urlAround(text, at.start, at.end, true, setting === 'shell');
      if (place.kind === 'url' && !entry.urlHosts.includes(place.host)) return undefined;
    }
    const value = valueText(entry.value);
    const written = patches?.valueAt(at.start, value) ?? value;
    if (shell?.staysOneLiteral(at.start, written) === false) return undefined;
    return depth > 1 && isEscapedPem(written) ? written.replaceAll('\\n', '\n') : written;
  }

  /** The edits of a text that holds its values plainly. */
  function plain(text: string, setting: Setting, tally: Tally, depth: number): Edit[] {
    const { candidates } = finder.scan(text, 0, true);
    if (candidates.length === 0) return [];
    const shell = setting === 'shell' ? { shell: createShellReader(text) } : {};
    const ground: Ground = { text, setting, depth, patches: createPatchWriter(text), ...shell };
    return candidates.flatMap((at) => judge(ground, at, tally));
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
    return [{ start: at.start, end: at.end, text: value }];
  }

  /** The edits of a string that a call holds: a JSON text is followed, unless a shell is to read it. */
  function inString(text: string, setting: Setting, tally: Tally, depth: number): Edit[] {
    if (setting !== 'shell' && depth < maxDepth && isJsonText(text)) return inJson(text, setting, tally, depth + 1);
    return plain(text, setting, tally, depth);
  }

  /** The edits of a JSON text, in its own offsets. */
  function inJson(text: string, setting: Setting, tally: Tally, depth: number): Edit[] {
    return jsonLiterals(text).flatMap((literal) => {
      const raw = text.slice(literal.start, literal.end);
      if (!finder.mayHold(raw)) return [];
      const decoded = decodeLiteral(raw);
      return inString(decoded.text, setting, tally, depth).map((edit) => ({
        start: literal.start + (decoded.offsets[edit.start] ?? 0),
        end: literal.start + (decoded.offsets[edit.end] ?? 0),
        text: toJsonInside(edit.text),
      }));
    });
  }

  /** The edits of a program: only inside its literals, each judged by the call that it is an argument of. */
  function inScript(text: string, tally: Tally): Edit[] {
    const calls = [...text.matchAll(scriptCall)].map((found) => ({ at: found.index, tool: found[1] ?? '' }));
    const settings = calls.map(({ tool }) => settingOf(tool, useOf(tool), rules));
    // A literal before any call may go into each of them: the most careful of their settings counts.
    const strictest = (['network', 'shell'] as const).find((setting) => settings.includes(setting)) ?? 'unknown';
    let last = -1;
    return scriptLiterals(text).flatMap((literal) => {
      while ((calls[last + 1]?.at ?? Infinity) < literal.start) last += 1;
      const raw = text.slice(literal.start, literal.end);
      if (!finder.mayHold(raw)) return [];
      const decoded = decodeLiteral(raw);
      const setting = settings[last] ?? strictest;
      const isPatch = decoded.text.includes('*** Begin Patch');
      return plain(decoded.text, isPatch && setting === 'shell' ? 'file' : setting, tally, 1).map((edit) => ({
        start: literal.start + (decoded.offsets[edit.start] ?? 0),
        end: literal.start + (decoded.offsets[edit.end] ?? 0),
        text: toScriptInside(edit.text, literal.quote),
      }));
    });
  }

  return {
    prose(text, from, isComplete) {
      const tally = new Tally();
      const { candidates, pending } = finder.scan(text, from, isComplete);
      const edits: Edit[] = [];
      for (const at of candidates) {
        // Whether it may stand in a URL depends on the host, which may come after it.
        if (urlAround(text, at.start, at.end, isComplete, false).kind === 'open') {
          return { ...tally.result(edits), pending: at.start };
        }
        edits.push(...judge({ text, setting: 'prose', depth: 0 }, at, tally));
      }
      return { ...tally.result(edits), pending };
    },
    call(text, grammar, tool, use) {
      const tally = new Tally();
      const setting = settingOf(tool, use, rules);
      switch (grammar) {
        case 'json':
        case 'object':
          return tally.result(inJson(text, setting, tally, 1));
        case 'source':
          return tally.result(inScript(text, tally));
        case 'freeform':
          return tally.result(plain(text, setting, tally, 1));
      }
    },
    file(text) {
      const tally = new Tally();
      return tally.result(inString(text, 'file', tally, 0));
    },
  };
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
