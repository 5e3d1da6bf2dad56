import { describe, expect, it } from 'vitest';
import { isSourceTool, toolUse } from '../../../src/providers/tool-use.ts';

describe('what a tool does', () => {
  it.each([
    'Read',
    'Edit',
    'Write',
    'MultiEdit',
    'NotebookEdit',
    'str_replace_based_edit_tool',
    'apply_patch',
    'replace',
    'write_file',
    'read_file',
    'edit',
    'create',
    'view',
    'Grep',
    'glob',
    'TodoWrite',
    'editor',
  ])('%s works on files', (name) => {
    expect(toolUse(name)).toBe('file');
  });

  it.each(['Bash', 'bash', 'shell', 'exec_command', 'run_shell_command', 'run_commands', 'Execute', 'local_shell'])(
    '%s runs commands',
    (name) => {
      expect(toolUse(name)).toBe('shell');
    },
  );

  it.each([
    'WebFetch',
    'WebSearch',
    'web_fetch',
    'webfetch',
    'google_web_search',
    'Fetch',
    'fetch_web_content',
    'mcp__github__create_issue',
    'mcp_slack_send',
    'github-mcp-server-search',
    'srv__tool',
    'browser_navigate',
    'send_email',
    'create_issue',
    'http_request',
  ])('%s sends', (name) => {
    expect(toolUse(name)).toBe('network');
  });

  it.each(['Agent', 'task', 'Skill', 'invoke_agent', 'spawn_agent', 'new_task'])('%s hands on to an agent', (name) => {
    expect(toolUse(name)).toBe('agent');
  });

  it.each(['sql', 'publisher', 'Workflow', 'update_goal', 'get_errors', ''])('%j is not known', (name) => {
    expect(toolUse(name)).toBe('unknown');
  });

  it('knows which freeform tools take a program', () => {
    expect(isSourceTool('exec')).toBe(true);
    expect(isSourceTool('apply_patch')).toBe(false);
  });
});
