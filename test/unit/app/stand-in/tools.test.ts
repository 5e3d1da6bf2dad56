import { describe, expect, it } from 'vitest';
import { toolCall } from '../../../../src/app/stand-in/tools.ts';
import type { Deed } from '../../../../src/app/stand-in/tools.ts';

const clients = {
  claude: ['Read', 'Edit', 'Write', 'Bash'],
  gemini: ['read_file', 'replace', 'write_file', 'run_shell_command'],
  codexCode: ['functions', 'exec', 'wait'],
  codexShell: ['exec_command', 'write_stdin'],
  codexPatch: ['exec_command', 'apply_patch'],
  pi: ['read', 'bash', 'edit', 'write'],
} as const;

const read: Deed = { act: 'read', path: 'a b.env' };
const edit: Deed = { act: 'edit', path: 'a.env', old: 'K="1"', new: 'K="2"' };
const write: Deed = { act: 'write', path: 'b.env', content: 'x\ny\n' };
const run: Deed = { act: 'run', command: "printf '%s' 1" };

const patch = '*** Begin Patch\n*** Update File: a.env\n@@\n-K="1"\n+K="2"\n*** End Patch\n';

describe('tool calls in each client’s dialect', () => {
  it.each([
    ['claude', read, 'Read', { file_path: 'a b.env' }],
    ['claude', edit, 'Edit', { file_path: 'a.env', old_string: 'K="1"', new_string: 'K="2"' }],
    ['claude', write, 'Write', { file_path: 'b.env', content: 'x\ny\n' }],
    ['claude', run, 'Bash', { command: "printf '%s' 1" }],
    ['gemini', read, 'read_file', { file_path: 'a b.env' }],
    ['gemini', edit, 'replace', { file_path: 'a.env', old_string: 'K="1"', new_string: 'K="2"' }],
    ['gemini', write, 'write_file', { file_path: 'b.env', content: 'x\ny\n' }],
    ['gemini', run, 'run_shell_command', { command: "printf '%s' 1" }],
    ['pi', read, 'read', { path: 'a b.env' }],
    ['pi', edit, 'edit', { path: 'a.env', edits: [{ oldText: 'K="1"', newText: 'K="2"' }] }],
    ['pi', write, 'write', { path: 'b.env', content: 'x\ny\n' }],
    ['pi', run, 'bash', { command: "printf '%s' 1" }],
    ['codexShell', read, 'exec_command', { cmd: "cat 'a b.env'" }],
    ['codexShell', edit, 'exec_command', { cmd: `apply_patch <<'PATCH'\n${patch}PATCH\n` }],
  ] as const)('%s does %j with %s', (client, deed, name, input) => {
    const call = toolCall(deed, new Set(clients[client]));

    expect(call).toMatchObject({ kind: 'function', name, input });
  });

  it('hands Codex a patch through its own tool where that is offered', () => {
    expect(toolCall(edit, new Set(clients.codexPatch))).toEqual({ kind: 'custom', name: 'apply_patch', input: patch });
  });

  it.each([
    [read, `const r = await tools.exec_command({"cmd":"cat 'a b.env'"}); text(r.output);`],
    [edit, `const r = await tools.apply_patch(${JSON.stringify(patch)}); text(r);`],
    [run, `const r = await tools.exec_command({"cmd":"printf '%s' 1"}); text(r.output);`],
  ] as const)('writes a program for Codex in code mode: %j', (deed, input) => {
    const call = toolCall(deed, new Set(clients.codexCode));

    expect(call).toEqual({ kind: 'custom', name: 'exec', namespace: 'functions', input });
  });

  it('knows no call where no known tools are offered', () => {
    expect(toolCall(read, new Set(['search']))).toBeUndefined();
  });
});
