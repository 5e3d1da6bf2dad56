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

/** What a tool call is for; the same five words as the providers use. */
export type CallUse = 'file' | 'shell' | 'agent' | 'network' | 'unknown';

/**
 * What text is, for the rules: prose, or the arguments of a call. Those of an agent are prose: what is said to it goes
 * to a model, through the same masking as all else, and it could not use a placeholder that it did not bring itself.
 */
export type Setting = 'prose' | CallUse;

/** An MCP tool's name as most clients write it: `mcp__<server>__<tool>`. */
const mcpName = /^mcp__(.+?)__(.*)$/s;

/** The tool's own name where its server is one of this machine: after `mcp__`, or joined by `__`, `_`, `-`, `.` or `/`. */
function localTool(name: string, servers: readonly string[]): string | undefined {
  const [, server, tool] = mcpName.exec(name) ?? [];
  if (server !== undefined) return servers.includes(server) ? tool : undefined;
  const plain = name.replace(/^mcp[_-]/, '');
  for (const known of servers) {
    const separator = plain.startsWith(known) ? /^(?:__|[_\-./])/.exec(plain.slice(known.length))?.[0] : undefined;
    if (separator !== undefined) return plain.slice(known.length + separator.length);
  }
  return undefined;
}

/**
 * The setting of a tool call. A tool of an MCP server of this machine is what its own name says (one that commits,
 * pushes or posts sends all the same); all others of MCP are senders.
 */
export function settingOf(tool: string, use: CallUse, rules: RestoreRules, useOf: (tool: string) => CallUse): Setting {
  if (use === 'file' || use === 'shell') return mcpName.test(tool) ? 'network' : use;
  const own = localTool(tool, rules.mcp);
  if (own !== undefined) return useOf(own);
  return mcpName.test(tool) ? 'network' : use;
}

/** Whether anything at all is restored in a setting. */
export function isRestored(setting: Setting, rules: RestoreRules): boolean {
  switch (setting) {
    case 'prose':
    case 'agent':
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
