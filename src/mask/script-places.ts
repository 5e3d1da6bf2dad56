/** The literals of a program: for each, what becomes of values in it, by the calls that the program makes. */
import { isContent, isRemotePath, memberUse } from './call-members.ts';
import type { CallPlace } from './call-places.ts';
import { plainName } from './call-strings.ts';
import { programLinks } from './program-home.ts';
import { joinedText, memberBefore, scriptCalls, type ScriptCall } from './script-calls.ts';
import { createShellHome, type ShellHome } from './shell-home.ts';
import type { Setting } from './stays-home.ts';
import { decodeLiteral, scriptLiterals, type Literal } from './string-literals.ts';
import type { LeadsTo } from './text-links.ts';

/** How a program itself speaks to other machines, without a call. */
const speaksItself = /\b(?:fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|require|import)\s*\(/;
/** What a command line says where it speaks to others without a URL. */
const speakingCommand = /\b(?:git|gh|glab|dig|nslookup|host|ping|nc|ncat|scp|sftp|rsync|telnet|mail|sendmail)\b/;

const patchStart = '*** Begin Patch';

/** A call with the literals that are its arguments. */
interface Judged {
  readonly call: ScriptCall;
  readonly setting: Setting;
  readonly literals: readonly Literal[];
  readonly offsets: ReadonlyMap<number, number>;
  readonly line: string;
  home: ShellHome | undefined;
}

/** Lists the literals of a program. `settingOf`: that of a tool. */
export function scriptPlaces(text: string, settingOf: (tool: string) => Setting): CallPlace[] {
  const literals = scriptLiterals(text);
  const { calls, isWhole } = scriptCalls(text, literals);
  const textOf = ({ start, end }: Literal): string => decodeLiteral(text.slice(start, end)).text;

  function judge(call: ScriptCall): Judged {
    const own = literals.filter(({ start, end }) => call.start <= start && end <= call.end);
    const { line, offsets } = joinedText(text, own, own.map(textOf));
    const tool = settingOf(call.tool);
    const isRemote = own.some((literal) => {
      return !isContent(plainName(memberBefore(text, literal.start))) && isRemotePath(textOf(literal));
    });
    const isSent = (tool === 'file' || tool === 'unknown') && isRemote;
    return {
      call,
      setting: isSent ? 'network' : tool,
      literals: own,
      offsets: new Map(own.map(({ start }, i) => [start, offsets[i] ?? 0])),
      line,
      home: undefined,
    };
  }

  const judged = calls.map(judge);
  /** Where the program as a whole leads. */
  let all: LeadsTo | undefined;

  /** A literal outside all calls may go into each of them: the most careful of their settings counts. */
  function outside(literal: Literal): CallPlace {
    const settings = judged.map(({ setting }) => setting);
    if (!isWhole || settings.includes('network') || speaksItself.test(text)) return { ...literal, setting: 'network' };
    if (!settings.includes('shell')) return { ...literal, setting: 'file' };
    const leads = (): LeadsTo => (all ??= speakingCommand.test(text) ? 'unknown' : programLinks(text));
    const isPatch = textOf(literal).trimStart().startsWith(patchStart);
    return { ...literal, setting: isPatch ? 'file' : 'shell', leadsTo: leads };
  }

  function inside(literal: Literal, its: Judged): CallPlace {
    if (its.setting === 'shell') {
      const base = its.offsets.get(literal.start) ?? 0;
      return {
        ...literal,
        setting: 'shell',
        leadsTo: ({ start, end }) => {
          its.home ??= createShellHome(its.line);
          return its.home.leadsTo({ start: base + start, end: base + end });
        },
      };
    }
    if (its.setting !== 'unknown') return { ...literal, setting: its.setting };
    const use = memberUse([plainName(memberBefore(text, literal.start))]);
    return { ...literal, setting: use === 'content' || use === 'path' ? 'file' : 'network' };
  }

  return literals.map((literal) => {
    // Of calls inside calls the innermost is the literal's own, and the most careful of them counts.
    const around = judged.filter(({ call }) => call.start <= literal.start && literal.end <= call.end);
    const careful = around.find(({ setting }) => setting === 'network') ?? around.findLast(() => true);
    return careful === undefined ? outside(literal) : inside(literal, careful);
  });
}
