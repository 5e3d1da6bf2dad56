/** What the stand-in's model wants done, said with the tools that the client at hand offers. */
import type { ToolCall } from './conversation.ts';

/** One thing to do with a client's own tools. */
export type Deed =
  | { readonly act: 'read'; readonly path: string }
  /** Replaces the line `old` of a file by `new`. */
  | { readonly act: 'edit'; readonly path: string; readonly old: string; readonly new: string }
  | { readonly act: 'write'; readonly path: string; readonly content: string }
  | { readonly act: 'run'; readonly command: string };

/** Puts text between single quotes for a POSIX shell. */
function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Codex's patch format: one file, one line for another. */
function editPatch(path: string, old: string, replacement: string): string {
  return `*** Begin Patch\n*** Update File: ${path}\n@@\n-${old}\n+${replacement}\n*** End Patch\n`;
}

function writePatch(path: string, content: string): string {
  const lines = content.replace(/\n$/, '').split('\n');
  return `*** Begin Patch\n*** Add File: ${path}\n${lines.map((line) => `+${line}\n`).join('')}*** End Patch\n`;
}

function named(name: string, input: Readonly<Record<string, unknown>>): ToolCall {
  return { kind: 'function', name, input };
}

function claudeCall(deed: Deed): ToolCall {
  switch (deed.act) {
    case 'read':
      return named('Read', { file_path: deed.path });
    case 'edit':
      return named('Edit', { file_path: deed.path, old_string: deed.old, new_string: deed.new });
    case 'write':
      return named('Write', { file_path: deed.path, content: deed.content });
    case 'run':
      return named('Bash', { command: deed.command, description: 'Run a command' });
  }
}

function piCall(deed: Deed): ToolCall {
  switch (deed.act) {
    case 'read':
      return named('read', { path: deed.path });
    case 'edit':
      return named('edit', { path: deed.path, edits: [{ oldText: deed.old, newText: deed.new }] });
    case 'write':
      return named('write', { path: deed.path, content: deed.content });
    case 'run':
      return named('bash', { command: deed.command });
  }
}

function geminiCall(deed: Deed): ToolCall {
  switch (deed.act) {
    case 'read':
      return named('read_file', { file_path: deed.path });
    case 'edit': {
      const change = { instruction: 'Change one line', old_string: deed.old, new_string: deed.new };
      return named('replace', { file_path: deed.path, ...change });
    }
    case 'write':
      return named('write_file', { file_path: deed.path, content: deed.content });
    case 'run':
      return named('run_shell_command', { command: deed.command, description: 'Run a command' });
  }
}

/** The program text that code-mode Codex runs: tools are functions, results are shown with `text`. */
function codexProgram(deed: Deed): ToolCall {
  const exec = (cmd: string): string =>
    `const r = await tools.exec_command(${JSON.stringify({ cmd })}); text(r.output);`;
  const patch = (patchText: string): string =>
    `const r = await tools.apply_patch(${JSON.stringify(patchText)}); text(r);`;
  const program = (): string => {
    switch (deed.act) {
      case 'read':
        return exec(`cat ${shellQuote(deed.path)}`);
      case 'edit':
        return patch(editPatch(deed.path, deed.old, deed.new));
      case 'write':
        return patch(writePatch(deed.path, deed.content));
      case 'run':
        return exec(deed.command);
    }
  };
  return { kind: 'custom', name: 'exec', namespace: 'functions', input: program() };
}

/** Codex without code mode: a shell function, and patches through a tool of their own where there is one. */
function codexFunction(deed: Deed, hasPatchTool: boolean): ToolCall {
  const exec = (cmd: string): ToolCall => named('exec_command', { cmd });
  const patch = (text: string): ToolCall =>
    hasPatchTool ? { kind: 'custom', name: 'apply_patch', input: text } : exec(`apply_patch <<'PATCH'\n${text}PATCH\n`);
  switch (deed.act) {
    case 'read':
      return exec(`cat ${shellQuote(deed.path)}`);
    case 'edit':
      return patch(editPatch(deed.path, deed.old, deed.new));
    case 'write':
      return patch(writePatch(deed.path, deed.content));
    case 'run':
      return exec(deed.command);
  }
}

/** Says a deed with one of the offered tools; undefined when none of the known sets is offered. */
export function toolCall(deed: Deed, tools: ReadonlySet<string>): ToolCall | undefined {
  if (tools.has('Read') && tools.has('Edit')) return claudeCall(deed);
  if (tools.has('read_file') && tools.has('replace')) return geminiCall(deed);
  if (tools.has('exec')) return codexProgram(deed);
  if (tools.has('exec_command')) return codexFunction(deed, tools.has('apply_patch'));
  if (tools.has('read') && tools.has('edit')) return piCall(deed);
  return undefined;
}
