/** Where values may go back to: into prose, files and commands of this machine, not into what is sent on. */

/** What is restored; the configuration's `restore:`. */
export interface RestoreRules {
  readonly prose: boolean;
  readonly files: boolean;
  readonly shell: boolean;
  /** Tools that send: web fetch and search, MCP servers not listed. */
  readonly network: boolean;
  /** MCP servers that run on this machine. */
  readonly mcp: readonly string[];
}

/** The defaults of the configuration. */
export const defaultRestoreRules: RestoreRules = {
  prose: true,
  files: true,
  shell: true,
  network: false,
  mcp: ['filesystem', 'git', 'ide'],
};

/** What a tool call is for; the same four words as the providers use. */
export type CallUse = 'file' | 'shell' | 'network' | 'unknown';

/** What text is, for the rules: prose, or the arguments of a call. */
export type Setting = 'prose' | CallUse;

/** The server in an MCP tool's name: `mcp__<server>__<tool>`, as the clients write it. */
const mcpName = /^mcp__(.+?)__/;

/** The setting of a tool call: a local MCP server's tools count as file tools, all others of MCP as senders. */
export function settingOf(tool: string, use: CallUse, rules: RestoreRules): Setting {
  const server = mcpName.exec(tool)?.[1];
  if (server === undefined) return use;
  return rules.mcp.includes(server) ? 'file' : 'network';
}

/** Whether anything at all is restored in a setting. */
export function isRestored(setting: Setting, rules: RestoreRules): boolean {
  switch (setting) {
    case 'prose':
      return rules.prose;
    case 'shell':
      return rules.shell;
    case 'network':
      return rules.network;
    case 'file':
    case 'unknown':
      return rules.files;
  }
}
