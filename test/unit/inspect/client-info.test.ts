import { describe, expect, it } from 'vitest';
import { clientInfo } from '../../../src/inspect/client-info.ts';

describe('who a client says it is', () => {
  it.each([
    ['claude-cli/2.1.329 (external, sdk-cli)', 'claude-cli', '2.1.329'],
    ['codex_exec/0.169.0 (Debian 12.0.0; x86_64)', 'codex_exec', '0.169.0'],
    ['GeminiCLI/0.61.0/gemini-3 (linux; x64)', 'GeminiCLI', '0.61.0'],
    ['curl', 'curl', 'unknown'],
    ['', 'unknown', 'unknown'],
    ['<script>', 'unknown', 'unknown'],
  ])('reads %s', (agent, app, version) => {
    expect(clientInfo(agent)).toEqual({ app, version });
  });
});
