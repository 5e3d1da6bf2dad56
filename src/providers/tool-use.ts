/** What a tool does, by its name: the names are those of the clients' own tools. */
import type { ToolUse } from './provider.ts';
import { isSender, isServerTool } from './tool-words.ts';

/** Names without case, `_` and `-`, of tools that read or write on this machine, or only talk to the person. */
const fileTools = new Set(
  (
    'read write edit multiedit notebookedit notebookread view create insert editor ls list glob grep grepsearch find ' +
    'searchcodebase codebasesearch strreplace strreplaceeditor strreplacebasededittool strreplaceinfile texteditor ' +
    'applypatch applydiff patch replace replaceinfile searchreplace searchandreplace insertcontent insertcodeblock ' +
    'writefile writetofile readfile readfiles readtextfile readmediafile readmultiplefiles readmanyfiles viewfile openfile ' +
    'listdirectory listfiles listdir directorytree createdirectory deletefile removefiles deletepath movefile movepath ' +
    'copyfile copypath renamefile createfile editfile editnotebook editnotebookfile savefile inserteditintofile ' +
    'replacestringinfile multireplacestringinfile replacefilecontent proposecode findandreplace searchfiles filesearch ' +
    'findfiles semanticcodesearch viewrangeuntruncated searchuntruncated todowrite todoread taskcreate taskupdate ' +
    'tasklist taskget updateplan updatetopic savememory memory plan exitplanmode enterplanmode askuserquestion ' +
    'askquestion viewimage checklist'
  ).split(' '),
);

/** Names of tools that run a command. */
const shellTools = new Set(
  (
    'bash shell localshell execcommand runshellcommand runcommand runcommands executecommand execute ' +
    'runinterminal runterminalcmd runterminalcommand terminal launchprocess writeprocess writestdin powershell ' +
    'writebash containerexec monitor'
  ).split(' '),
);

/** Names of tools that hand a task to another agent of the same client. */
const agentTools = new Set(
  (
    'agent task subagent newtask dispatchagent invokeagent spawnagent spawnsubagent runsubagent writeagent delegate ' +
    'delegatetask skill skills activateskill'
  ).split(' '),
);

/** Names of tools that send what they are given to somebody else. */
const networkTools = new Set(
  (
    'webfetch websearch fetch fetchwebcontent googlewebsearch googlesearch urlcontext browser browseraction ' +
    'webrun webbrowser fetchurl fetchcopilotclidocumentation generateimage imagegeneration codebaseretrieval'
  ).split(' '),
);

/** Tools whose argument is program text: JavaScript in which other tools are called. */
const sourceTools = new Set(['exec', 'code', 'javascript', 'jsrepl', 'noderepl']);

function normalise(name: string): string {
  return name.replace(/[_\-.\s]/g, '').toLowerCase();
}

function isOwnTool(plain: string): boolean {
  return fileTools.has(plain) || shellTools.has(plain) || agentTools.has(plain);
}

/**
 * Returns what a tool is for. An unknown name that looks like a sender counts as one, and so does a known one behind
 * the name of a server (`server_write_file`, as some clients name the tools of MCP).
 */
export function toolUse(name: string): ToolUse {
  const plain = normalise(name);
  if (fileTools.has(plain)) return 'file';
  if (shellTools.has(plain)) return 'shell';
  if (agentTools.has(plain)) return 'agent';
  if (networkTools.has(plain) || isSender(name)) return 'network';
  return isServerTool(name, (own) => isOwnTool(normalise(own))) ? 'network' : 'unknown';
}

/** Whether a freeform (not JSON) argument of this tool is JavaScript. */
export function isSourceTool(name: string): boolean {
  return sourceTools.has(normalise(name));
}
