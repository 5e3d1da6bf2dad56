import { describe, expect, it } from 'vitest';
import { toolUse } from '../../../src/providers/tool-use.ts';
import { defaultRestoreRules, isRestored, settingOf } from '../../../src/mask/stays-home.ts';

describe('what stays home', () => {
  it.each([
    ['Write', 'file', 'file'],
    ['Bash', 'shell', 'shell'],
    ['WebFetch', 'network', 'network'],
    ['Agent', 'unknown', 'unknown'],
    ['mcp__filesystem__write_file', 'network', 'file'],
    ['mcp__git__git_diff', 'network', 'unknown'],
    ['mcp__git__git_commit', 'network', 'network'],
    ['mcp__git__push', 'network', 'network'],
    ['mcp__git__send', 'network', 'network'],
    ['mcp__filesystem__http_post', 'network', 'network'],
    ['filesystem_write_file', 'network', 'file'],
    ['filesystem-edit_file', 'network', 'file'],
    ['mcp_filesystem_read_file', 'network', 'file'],
    ['git_push', 'network', 'network'],
    ['git-create_issue', 'network', 'network'],
    ['git_status', 'unknown', 'unknown'],
    ['filesystem_remote_write', 'network', 'network'],
    ['Task', 'agent', 'agent'],
    ['mcp__slack__send', 'network', 'network'],
    ['mcp__filesystem_remote__write', 'network', 'network'],
    ['mcp__x__filesystem__y', 'file', 'network'],
  ] as const)('%s as %s is %s', (tool, use, expected) => {
    expect(settingOf(tool, use, defaultRestoreRules, toolUse)).toBe(expected);
  });

  it('follows the rules by setting', () => {
    expect(isRestored('network', defaultRestoreRules)).toBe(false);
    for (const setting of ['prose', 'file', 'shell', 'agent', 'unknown'] as const) {
      expect(isRestored(setting, defaultRestoreRules)).toBe(true);
    }
    const none = { prose: false, files: false, shell: false, network: true, mcp: [] };
    for (const setting of ['prose', 'file', 'shell', 'agent', 'unknown'] as const)
      expect(isRestored(setting, none)).toBe(false);
    expect(isRestored('network', none)).toBe(true);
  });
});
