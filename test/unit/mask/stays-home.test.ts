import { describe, expect, it } from 'vitest';
import { defaultRestoreRules, isRestored, settingOf } from '../../../src/mask/stays-home.ts';

describe('what stays home', () => {
  it.each([
    ['Write', 'file', 'file'],
    ['Bash', 'shell', 'shell'],
    ['WebFetch', 'network', 'network'],
    ['Agent', 'unknown', 'unknown'],
    ['mcp__filesystem__write_file', 'network', 'file'],
    ['mcp__git__commit', 'network', 'file'],
    ['mcp__slack__send', 'network', 'network'],
    ['mcp__filesystem_remote__write', 'network', 'network'],
    ['mcp__x__filesystem__y', 'file', 'network'],
  ] as const)('%s as %s is %s', (tool, use, expected) => {
    expect(settingOf(tool, use, defaultRestoreRules)).toBe(expected);
  });

  it('follows the rules by setting', () => {
    expect(isRestored('network', defaultRestoreRules)).toBe(false);
    for (const setting of ['prose', 'file', 'shell', 'unknown'] as const) {
      expect(isRestored(setting, defaultRestoreRules)).toBe(true);
    }
    const none = { prose: false, files: false, shell: false, network: true, mcp: [] };
    for (const setting of ['prose', 'file', 'shell', 'unknown'] as const) expect(isRestored(setting, none)).toBe(false);
    expect(isRestored('network', none)).toBe(true);
  });
});
