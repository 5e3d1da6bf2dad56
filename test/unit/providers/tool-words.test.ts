import { describe, expect, it } from 'vitest';
import { isSender, isServerTool, wordsOf } from '../../../src/providers/tool-words.ts';

describe('the words of a name', () => {
  it.each([
    ['sendEmail', ['send', 'email']],
    ['HTTPRequest', ['http', 'request']],
    ['web_fetch-now.x', ['web', 'fetch', 'now', 'x']],
    ['MCPServer2Tool', ['mcp', 'server2', 'tool']],
    ['', []],
  ])('%s', (name, words) => {
    expect(wordsOf(name)).toEqual(words);
  });
});

describe('a sender', () => {
  it.each([
    'sendEmail',
    'postMessage',
    'createIssue',
    'fetchPage',
    'httpRequest',
    'openUrl',
    'WebSearchTool',
    'api_call',
    'sendmail',
    'openurl',
    'websearch2',
    'curl',
    'puppeteer_goto',
    'git_push',
    'github-get_file',
    'srv__tool',
    'mcp_x_y',
    'a-mcp-server-b',
    'web_hook',
    'tool_call',
    'use_mcp_tool',
    'x'.repeat(300),
    'a'.repeat(40),
  ])('is %s', (name) => {
    expect(isSender(name)).toBe(true);
  });

  it.each(['publisher', 'compost', 'rewrite', 'sql', 'lint', 'run_tests', 'format_code', ''])('is not %j', (name) => {
    expect(isSender(name)).toBe(false);
  });
});

describe('the tool of a server', () => {
  const isKnown = (own: string): boolean => own === 'write_file' || own === 'write';

  it.each([
    ['evil_write_file', true],
    ['evil-write', true],
    ['fs_write_file', false],
    ['client.fs.write', false],
    ['write_file', false],
    ['evil_store', false],
  ])('%s: %s', (name, expected) => {
    expect(isServerTool(name, isKnown)).toBe(expected);
  });
});
