/** What the matcher is compared with: a loop of regular expressions, secretlint, and Hyperscan where it is installed. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { parsePattern } from '../../src/detect/regex/parse.ts';
import type { ByteSet, Node } from '../../src/detect/regex/syntax.ts';
import type { Rule } from '../../src/detect/rule.ts';
import { installPackages } from '../helpers/packages.ts';

const secretlintVersion = '11.7.1';

/** Scans text window by window with one regular expression a rule. */
export function createNaiveLoop(rules: readonly Rule[]): (text: string) => number {
  const patterns = rules.map(({ pattern }) => new RegExp(toSource(parsePattern(pattern)), 'gm'));
  return (text) => {
    let found = 0;
    for (let at = 0; at < text.length; at += 65_536) {
      const window = text.slice(at, at + 65_536);
      for (const pattern of patterns) for (const _ of window.matchAll(pattern)) found++;
    }
    return found;
  };
}

/** No rule's own pattern has a token's end: it is put into the automata only. */
const assertions = {
  'word-boundary': '\\b',
  'not-word-boundary': '\\B',
  'line-start': '^',
  'line-end': '$',
  'token-end': '\\b',
} as const;

/** A pattern in JavaScript's syntax: inline flags are spelled out. */
function toSource(node: Node): string {
  switch (node.kind) {
    case 'empty':
      return '';
    case 'set':
      return setSource(node.set);
    case 'value':
      return `(?:${toSource(node.node)})`;
    case 'cat':
      return node.items.map(toSource).join('');
    case 'alt':
      return `(?:${node.items.map(toSource).join('|')})`;
    case 'repeat':
      return `(?:${toSource(node.node)}){${node.min},${node.max === Infinity ? '' : node.max}}${node.isGreedy ? '' : '?'}`;
    case 'assert':
      return assertions[node.assertion];
  }
}

function setSource(set: ByteSet): string {
  let source = '';
  for (let first = 0; first < 256; first++) {
    if (set[first] !== 1) continue;
    let last = first;
    while (last < 255 && set[last + 1] === 1) last++;
    source += `${hex(first)}-${hex(last)}`;
    first = last;
  }
  return `[${source}]`;
}

function hex(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

interface SecretlintCore {
  lintSource(request: {
    readonly source: Readonly<Record<'filePath' | 'content' | 'contentType' | 'ext', string>>;
    readonly options: { readonly config: { readonly rules: readonly unknown[] } };
  }): Promise<{ readonly messages: readonly unknown[] }>;
}

function isCore(value: unknown): value is SecretlintCore {
  return typeof value === 'object' && value !== null && 'lintSource' in value;
}

function creatorOf(preset: unknown): unknown {
  if (typeof preset !== 'object' || preset === null) return undefined;
  return 'creator' in preset ? preset.creator : 'default' in preset ? preset.default : undefined;
}

/** Scans text with secretlint and its recommended rules. */
export async function createSecretlint(): Promise<(content: string) => Promise<number>> {
  const folder = installPackages('bench-scan', {
    '@secretlint/core': secretlintVersion,
    '@secretlint/secretlint-rule-preset-recommend': secretlintVersion,
  });
  const { resolve } = createRequire(join(folder, 'package.json'));
  const load = async (name: string): Promise<unknown> => import(pathToFileURL(resolve(name)).href);
  const core = await load('@secretlint/core');
  if (!isCore(core)) throw new Error('secretlint exports something else than it did');
  const id = '@secretlint/secretlint-rule-preset-recommend';
  const rule = creatorOf(await load(id));
  const options = { config: { rules: [{ id, rule, options: {} }] } };
  return async (content) => {
    const source = { filePath: 'body.txt', content, contentType: 'text', ext: '.txt' };
    return (await core.lintSource({ source, options })).messages.length;
  };
}

export interface Hyperscan {
  /** How many rules of each database Hyperscan took, and how many it refused. */
  readonly databases: readonly { readonly rules: number; readonly refused: number }[];
  /** Microseconds of CPU time to stream a file in chunks. */
  scan(database: number, chunk: number, file: string): Promise<number>;
  stop(): void;
}

/** Starts Hyperscan with a database for each set of rules; undefined where its library is not installed. */
export async function startHyperscan(
  folder: string,
  sets: readonly (readonly Rule[])[],
): Promise<Hyperscan | undefined> {
  if (!existsSync('/usr/include/hs/hs.h')) return undefined;
  const program = join(folder, 'hyperscan');
  const source = join(import.meta.dirname, 'hyperscan/shim.cpp');
  const { status } = spawnSync('g++', ['-O2', '-o', program, source, '-lhs'], { stdio: 'inherit' });
  if (status !== 0) return undefined;
  const files = sets.map((rules, index) => {
    const file = join(folder, `patterns-${String(index)}`);
    writeFileSync(file, rules.map(({ pattern }) => pattern.replaceAll('(?<value>', '(?:')).join('\n'));
    return file;
  });
  const child = spawn(program, files, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<readonly string[]> => {
    const { value, done } = await lines.next();
    if (done === true || value.startsWith('error')) throw new Error(`hyperscan ended: ${String(value)}`);
    return value.split(' ');
  };
  const databases = [];
  for (const _ of sets) {
    const [, rules, refused] = await next();
    databases.push({ rules: Number(rules), refused: Number(refused) });
  }
  return {
    databases,
    async scan(database, chunk, file) {
      child.stdin.write(`${String(database)} ${String(chunk)} ${file}\n`);
      const [microseconds] = await next();
      return Number(microseconds);
    },
    stop() {
      child.kill();
    },
  };
}
