/** What a tool does, by its name: the names are those of the clients' own tools. */
import type { ToolUse } from './provider.ts';

/** Names without case, `_` and `-`, of tools that read or write on this machine, or only talk to the person. */
const fileTools = new Set(
  (
    'read write edit multiedit notebookedit notebookread view create insert editor ls list glob grep grepsearch ' +
    'searchcodebase strreplace strreplaceeditor strreplacebasededittool strreplaceinfile texteditor applypatch ' +
    'applydiff patch replace replaceinfile writefile writetofile readfile readfiles readmanyfiles listdirectory ' +
    'listfiles listdir deletefile movefile createfile editfile savefile findandreplace searchfiles todowrite ' +
    'todoread updateplan updatetopic savememory memory plan exitplanmode enterplanmode askuserquestion askquestion ' +
    'viewimage'
  ).split(' '),
);

/** Names of tools that run a command. */
const shellTools = new Set(
  (
    'bash shell localshell execcommand runshellcommand runcommand runcommands executecommand execute ' +
    'runinterminal runterminalcmd terminal launchprocess writestdin powershell writebash containerexec'
  ).split(' '),
);

/** Names of tools that send what they are given to somebody else. */
const networkTools = new Set(
  (
    'webfetch websearch fetch fetchwebcontent googlewebsearch googlesearch urlcontext browser browseraction ' +
    'webrun webbrowser fetchurl fetchcopilotclidocumentation generateimage imagegeneration'
  ).split(' '),
);

/** Parts of other names that give a sender away. */
const networkWords =
  /^mcp[_-]|__|-mcp-|(?:^|[_-])(?:web|http|url|browse|browser|fetch|navigate|upload|download|email|mail|slack|tweet|publish|webhook|issue|pull_request|comment)(?:[_-]|$)/i;

/** Tools whose argument is program text: JavaScript in which other tools are called. */
const sourceTools = new Set(['exec', 'code', 'javascript', 'jsrepl', 'noderepl']);

function normalise(name: string): string {
  return name.replace(/[_\-.\s]/g, '').toLowerCase();
}

/** Returns what a tool is for; an unknown name that looks like a sender counts as one. */
export function toolUse(name: string): ToolUse {
  const plain = normalise(name);
  if (fileTools.has(plain)) return 'file';
  if (shellTools.has(plain)) return 'shell';
  if (networkTools.has(plain) || networkWords.test(name)) return 'network';
  return 'unknown';
}

/** Whether a freeform (not JSON) argument of this tool is JavaScript. */
export function isSourceTool(name: string): boolean {
  return sourceTools.has(normalise(name));
}
