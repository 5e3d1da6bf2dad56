/** The texts that scanning is measured on: conversations made of the sources that are installed here, clean and planted. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fillExample, randomFrom } from '../../src/rules/examples.ts';
import { loadPackRules } from '../../src/rules/load.ts';

/** Packages that the lock file pins: programs, declarations, documentation. */
const sources = ['zod', 'undici', 'fast-check', 'commander', 'pino', 'vitest', 'yaml', 'dependency-cruiser', 're2js'];
const readable = /\.(?:[cm]?js|[cm]?ts|md|json)$/;
const mostOfOne = 200_000;
/** One planted secret for so many bytes. */
const plantedEvery = 100_000;

export interface Corpus {
  readonly clean: readonly Buffer[];
  readonly planted: readonly Buffer[];
  readonly secrets: number;
}

/** Bodies of together about so many bytes, each an assistant's request; the same for the same seed. */
export function makeCorpus(bytes: number, seed: number): Corpus {
  const random = randomFrom(seed);
  const examples = loadPackRules(['secrets']).filter(({ rule }) => !rule.isGeneric && rule.action === 'mask');
  const clean: Buffer[] = [];
  const planted: Buffer[] = [];
  let secrets = 0;
  let size = 0;
  let body: string[] = [];
  let plantedBody: string[] = [];
  let wanted = sizeOf(random());
  let bodySize = 0;
  let sinceSecret = 0;
  for (const text of texts(bytes)) {
    body.push(text);
    sinceSecret += text.length;
    let other = text;
    for (; sinceSecret >= plantedEvery; sinceSecret -= plantedEvery) {
      const { rule, examples: own } = examples[Math.floor(random() * examples.length)] ?? {};
      const template = own?.match[0];
      if (rule === undefined || template === undefined) continue;
      const at = other.indexOf('\n', Math.floor(random() * other.length)) + 1;
      other = `${other.slice(0, at)}${fillExample(template, rule, random)}\n${other.slice(at)}`;
      secrets++;
    }
    plantedBody.push(other);
    bodySize += text.length;
    if (bodySize < wanted) continue;
    clean.push(requestOf(body));
    planted.push(requestOf(plantedBody));
    size += bodySize;
    [body, plantedBody, bodySize, wanted] = [[], [], 0, sizeOf(random())];
    if (size >= bytes) break;
  }
  return { clean, planted, secrets };
}

/** The most of one file in a single request, as assistants read them. */
const mostOfPart = 8000;

/** One request of about so many bytes. */
export function makeRequest(bytes: number): Buffer {
  const parts: string[] = [];
  let left = bytes;
  for (const text of texts(bytes)) {
    if (left <= 0) break;
    const part = text.slice(0, Math.min(left, mostOfPart));
    parts.push(part);
    left -= part.length;
  }
  return requestOf(parts);
}

/** 50 KB to 2 MB, log-uniform. */
function sizeOf(random: number): number {
  return 50_000 * 40 ** random;
}

function* texts(bytes: number): Generator<string> {
  let given = 0;
  while (given < bytes * 2) {
    const before = given;
    for (const name of sources) {
      const folder = join('node_modules', name);
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => readable.test(file));
      for (const file of files.toSorted()) {
        const path = join(folder, file);
        const { size } = statSync(path);
        if (size > mostOfOne || size === 0) continue;
        given += size;
        yield readFileSync(path, 'utf8');
      }
    }
    if (given === before) return;
  }
}

/** Every third file comes with line numbers, as assistants read them. */
function requestOf(parts: readonly string[]): Buffer {
  const messages = parts.flatMap((text, index) => {
    const content = index % 3 === 0 ? numbered(text) : text;
    const id = `toolu_${String(index)}`;
    return [
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id, name: 'Read', input: { file_path: `/src/${String(index)}` } }],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content }] },
    ];
  });
  return Buffer.from(JSON.stringify({ model: 'claude-x', max_tokens: 1024, stream: true, messages }));
}

function numbered(text: string): string {
  return text
    .split('\n')
    .map((line, index) => `${String(index + 1).padStart(6)}\t${line}`)
    .join('\n');
}

/** Lines of which no two are equal, to a size; some hold what is found on every line. */
const varied = {
  'password=word<n>': (n: number) => `password=word${String(n)}\n`,
  'passwords on one line': (n: number) => `password=${hexOf(n % 7, 16)};`,
  'api_key=hex': (n: number) => `api_key=${hexOf(n, 32)}\n`,
  '"token": "abc<n>"': (n: number) => `"token": "abc${String(n)}",\n`,
  bearers: (n: number) => `Authorization: Bearer ${hexOf(n, 48)}\n`,
  'URLs with passwords': (n: number) => `https://u${String(n)}:p${hexOf(n, 10)}@h${String(n)}.example.com/\n`,
  hashes: (n: number) => `${hexOf(n, 40)}\n`,
  'dotted numbers': (n: number) =>
    `${String(n % 256)}.${String((n * 7) % 256)}.${String((n * 13) % 256)}.${String(n % 100)} `,
  addresses: (n: number) => `user${String(n)}@mail${String(n % 50)}.example.com, `,
  'like IBANs': (n: number) => `DE${String(10 + (n % 89))} 3704 0044 0532 ${String(n % 10_000).padStart(4, '0')} 00\n`,
  'like phone numbers': (n: number) => `+49 30 ${String(1_000_000 + n)}\n`,
  'table of numbers': (n: number) => `${String(123_456_789 + n * 7919)},${String(n % 977)}\n`,
} satisfies Readonly<Record<string, (n: number) => string>>;

function manyLines(line: (n: number) => string, bytes: number): Buffer {
  let text = '';
  for (let n = 0; text.length < bytes; n++) text += line(n);
  return Buffer.from(text);
}

/** Hexadecimal digits that are as good as random, and the same for the same number. */
function hexOf(n: number, length: number): string {
  return createHash('sha256').update(String(n)).digest('hex').slice(0, length);
}

/** Floods: one beginning without end, which must not cost more than its bytes. */
export function floods(bytes: number): Readonly<Record<string, Buffer>> {
  const repeated: Readonly<Record<string, string>> = {
    'token=': 'token=',
    password: 'password',
    'password=': 'password=',
    'https://a:': 'https://a:',
    'quoted run': `token = '${'a'.repeat(40)}`,
    '-----BEGIN ': '-----BEGIN ',
    '@': '@',
    eyJ: 'eyJ',
    '-eyJ': '-eyJ',
    digits: '4111111111111111',
    'digit groups': '4111 ',
    hex: '0123456789abcdef',
    base64: Buffer.from('ABCDEFGHIJKLMNOPQR').toString('base64'),
  };
  return {
    ...Object.fromEntries(
      Object.entries(repeated).map(([name, unit]) => [name, Buffer.from(unit.repeat(Math.ceil(bytes / unit.length)))]),
    ),
    ...Object.fromEntries(Object.entries(varied).map(([name, line]) => [name, manyLines(line, bytes / 20)])),
    'table of numbers': manyLines(varied['table of numbers'], bytes / 4),
  };
}
