/** What the members of a call's arguments are for, by their names: those of the clients' own tools and their like. */

/** Content of files, or text of it. */
const contentNames = new Set(
  (
    'content contents filecontent filetext newcontent oldcontent newstring oldstring newstr oldstr newtext oldtext ' +
    'newsource oldsource newlines oldlines replacement replace codeedit patch patchtext diff edits changes snippet ' +
    'insertlines inserttext lines replacements hunks'
  ).split(' '),
);

/** Where files are. */
const pathNames = new Set(
  (
    'path paths filepath filepaths filename filenames file files absolutepath relativepath targetfile sourcefile dir ' +
    'directory dirpath directorypath folder cwd workdir workingdirectory notebookpath source destination'
  ).split(' '),
);

const commandNames = new Set('command commands cmd cmds args arguments argv commandline'.split(' '));
const programNames = new Set('code script'.split(' '));

/** Who gets what a call holds: where one is named, the call is a sender's. */
const addresseeNames = new Set(
  (
    'url urls uri uris href link links endpoint webhook webhookurl baseurl host hostname domain server origin remote to ' +
    'cc bcc recipient recipients email emails phone channel channelid chatid userid toagentid threadid repo repository ' +
    'owner org issuenumber pullnumber prnumber headers'
  ).split(' '),
);

/** What is said to somebody, who need not be named. */
const messageNames = new Set('message messages subject body title comment commitmessage payload'.split(' '));

/** What a string of a call by an unknown tool is for. */
export type MemberUse = 'content' | 'path' | 'command' | 'program' | 'other';

/** Tells what a string is for by the names of the members around it, outermost first; the innermost known one counts. */
export function memberUse(names: readonly string[]): MemberUse {
  if (names.some((name) => addresseeNames.has(name) || messageNames.has(name))) return 'other';
  for (const name of names.toReversed()) {
    if (contentNames.has(name)) return 'content';
    if (pathNames.has(name)) return 'path';
    if (commandNames.has(name)) return 'command';
    if (programNames.has(name)) return 'program';
  }
  return 'other';
}

/** Whether a member of this name says that the call goes to somebody. */
export function isAddressee(name: string): boolean {
  return addresseeNames.has(name);
}

/** Whether members of this name hold text that a tool writes or looks for, of which a URL may be part. */
export function isContent(name: string): boolean {
  return contentNames.has(name) || /^(?:pattern|query|input|text|todos|plan|question|code|script|fact)$/.test(name);
}

/**
 * Whether a string that should name a file leads to another machine: a URL (drive letters and `file:` of this machine
 * are none), or a share.
 */
export function isRemotePath(text: string): boolean {
  const path = text.trimStart();
  if (/^[/\\]{2}[^/\\]/.test(path)) return true;
  if (/^file:/i.test(path)) return !/^file:(?:\/{3}|\/[^/]|\/\/localhost\/)/i.test(path);
  return /^[a-z][a-z0-9+.-]+:[/\\]/i.test(path) || /^(?:https?|ftp|data|mailto):/i.test(path);
}
