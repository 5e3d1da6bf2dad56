/** How fast known values are searched: `npx tsx test/bench/known-values.ts`. CPU time, best of several rounds. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createKnownValues } from '../../src/detect/known-values.ts';

const mebibyte = 1024 * 1024;

/** Source code of this repository, repeated to a size: what assistants send most. */
function sourceText(bytes: number): Buffer {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const once = Buffer.concat(files.map((name) => readFileSync(`src/${name}`)));
  return Buffer.alloc(bytes, once);
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
function token(length: number): string {
  return [...randomBytes(length)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

/** MB/s of CPU time. */
function measure(text: Buffer, count: number, prefix: string): number {
  const known = createKnownValues();
  for (let i = 0; i < count; i++) {
    const bytes = Buffer.from(`${prefix}${token(8 + (i % 40))}`);
    known.add({ bytes, rule: 'bench', isProtected: true });
  }
  let best = 0;
  for (let round = 0; round < 7; round++) {
    const before = process.cpuUsage();
    known.scan(text, 0, true);
    const { user, system } = process.cpuUsage(before);
    best = Math.max(best, text.length / (user + system));
  }
  return Math.round(best);
}

const source = sourceText(32 * mebibyte);
const rows: [string, Buffer, number, string][] = [
  ['source, 1 value', source, 1, ''],
  ['source, 100 values', source, 100, ''],
  ['source, 1000 values', source, 1000, ''],
  ['source, 1000 values of one prefix', source, 1000, 'sk-live-api03-'],
  ['that prefix repeated, 1000 values', Buffer.alloc(4 * mebibyte, 'sk-live-api03-'), 1000, 'sk-live-api03-'],
  ['hex, 1000 values', Buffer.from(randomBytes(2 * mebibyte).toString('hex')), 1000, ''],
  ['base64, 1000 values', Buffer.from(randomBytes(3 * mebibyte).toString('base64')), 1000, ''],
  ['percent-encoded, 1000 values', Buffer.alloc(4 * mebibyte, '%70%61%73%73%77%6F%72%64'), 1000, ''],
];
for (const [name, text, count, prefix] of rows) {
  process.stdout.write(`${name.padEnd(40)} ${String(measure(text, count, prefix)).padStart(6)} MB/s\n`);
}
