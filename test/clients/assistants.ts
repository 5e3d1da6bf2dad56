/** How each assistant is started for one prompt, without a person and without its side traffic. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installedClients } from './install.ts';

export interface Assistant {
  readonly name: string;
  readonly command: (prompt: string) => readonly string[];
  /** Beyond the proxy, trust and HOME settings. The keys are fake and look like it. */
  readonly env: Readonly<Record<string, string>>;
  /** Prepares a fresh HOME. */
  readonly prepare?: (home: string) => void;
  /** Paths of requests that carry the conversation. */
  readonly modelPath: RegExp;
}

/** The hosts that any of them talks to; all lead to the stand-in. */
export const vendorHosts = [
  'api.anthropic.com',
  'api.openai.com',
  'chatgpt.com',
  'ab.chatgpt.com',
  'generativelanguage.googleapis.com',
  'play.googleapis.com',
] as const;

/** Returns the assistants, in the order in which they are tried. */
export function assistants(): readonly Assistant[] {
  const installed = installedClients();
  const codexArguments = [
    'exec',
    '--skip-git-repo-check',
    '-c',
    'analytics.enabled=false',
    '--disable',
    'plugins',
    '--dangerously-bypass-approvals-and-sandbox',
  ];
  return [
    {
      name: 'pi',
      command: (prompt) => [...installed.pi, '--provider', 'anthropic', '--model', 'claude-sonnet-4-5', '-p', prompt],
      env: { ANTHROPIC_API_KEY: 'sk-ant-api03-FAKE' },
      modelPath: /^\/v1\/messages/,
    },
    {
      name: 'claude-code',
      command: (prompt) => [...installed.claude, '-p', prompt, '--dangerously-skip-permissions'],
      env: { ANTHROPIC_API_KEY: 'sk-ant-api03-FAKE', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' },
      modelPath: /^\/v1\/messages/,
    },
    {
      name: 'codex',
      command: (prompt) => [...installed.codex, ...codexArguments, prompt],
      env: { CODEX_API_KEY: 'sk-FAKE' },
      modelPath: /\/responses$/,
    },
    {
      name: 'codex (gpt-5.2-codex)',
      command: (prompt) => [...installed.codex, ...codexArguments, '-m', 'gpt-5.2-codex', prompt],
      env: { CODEX_API_KEY: 'sk-FAKE' },
      modelPath: /\/responses$/,
    },
    {
      name: 'gemini-cli',
      command: (prompt) => [...installed.gemini, '--yolo', '--skip-trust', '-p', prompt],
      env: { GEMINI_API_KEY: 'AIzaFAKE' },
      prepare(home) {
        mkdirSync(join(home, '.gemini'));
        const settings = { privacy: { usageStatisticsEnabled: false }, general: { disableAutoUpdate: true } };
        writeFileSync(join(home, '.gemini/settings.json'), JSON.stringify(settings));
      },
      modelPath: /GenerateContent/,
    },
  ];
}
