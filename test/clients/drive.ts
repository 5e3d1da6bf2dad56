/** Runs one assistant once, in a fresh project and a fresh HOME, and hands back what a person would see. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Assistant } from './assistants.ts';

export interface Project {
  readonly folder: string;
  readonly home: string;
  /** Absolute path of a file of the project. */
  path(name: string): string;
}

/** Makes a project with the given files, and a HOME beside it. */
export function makeProject(root: string, assistant: Assistant, files: Readonly<Record<string, string>>): Project {
  const folder = join(root, 'demo-shop');
  const home = join(root, 'home');
  mkdirSync(home, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  assistant.prepare?.(home);
  return { folder, home, path: (name) => join(folder, name) };
}

export interface Run {
  readonly status: number | null;
  /** Everything the assistant printed, both streams. */
  readonly output: string;
  readonly stdout: string;
  readonly seconds: number;
}

/** How long an assistant may take; one that retries takes longer, and that is a failure. */
const timeLimitMs = 60_000;

/** Runs a command in the project with nothing in its environment but what is given. */
export async function drive(
  project: Project,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Run> {
  const [program = '', ...args] = command;
  const started = performance.now();
  const child = spawn(program, args, {
    cwd: project.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: {
      PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
      HOME: project.home,
      TMPDIR: project.home,
      TERM: 'xterm',
      LANG: 'C.UTF-8',
      ...env,
    },
  });
  let stdout = '';
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const timer = setTimeout(() => {
    // Its own group: the helpers it started go with it.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, timeLimitMs);
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  return { status, output, stdout, seconds: (performance.now() - started) / 1000 };
}

/** The settings that send an assistant through a proxy and make it trust a certificate. */
export function proxySettings(port: number, caPath: string): Readonly<Record<string, string>> {
  const proxy = `http://127.0.0.1:${port}`;
  return {
    HTTPS_PROXY: proxy,
    https_proxy: proxy,
    HTTP_PROXY: proxy,
    http_proxy: proxy,
    NO_PROXY: 'localhost,127.0.0.1,::1',
    NODE_EXTRA_CA_CERTS: caPath,
    SSL_CERT_FILE: caPath,
    CODEX_CA_CERTIFICATE: caPath,
    CLAUDE_CODE_ATTRIBUTION_HEADER: '0',
  };
}
