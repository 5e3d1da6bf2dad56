/** The lines of a key in an array of strings, as notebooks hold text. */
import { describe, expect, it } from 'vitest';
import { readJson, type JsonDocument } from '../../../../src/body/json-document.ts';
import { createGather } from '../../../../src/inspect/request/gather.ts';
import { keyLinesOf } from '../../../../src/inspect/request/key-lines.ts';
import { randomFrom } from '../../../../src/rules/examples.ts';
import { loadRules } from '../../../../src/rules/load.ts';
import { requestScan } from '../../../helpers/request-scan.ts';

const rules = loadRules(['secrets/private-keys']);
const random = randomFrom(3);
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const chars = (count: number): string =>
  Array.from({ length: count }, () => alphabet[Math.floor(random() * 64)] ?? 'A').join('');

const opening = '-----BEGIN RSA PRIVATE KEY-----';
const closing = '-----END RSA PRIVATE KEY-----';
const lines = [`MIIE${chars(60)}`, ...Array.from({ length: 8 }, () => chars(64))];
/** Too short to be told for a line by itself. */
const last = `${chars(7)}7`;

function document(value: unknown): JsonDocument {
  const read = readJson(Buffer.from(JSON.stringify(value)), { maxDepth: 64, isSequence: false });
  if (!read.ok) throw new Error(read.reason);
  return read.document;
}

function masked(value: unknown): string {
  const scan = requestScan({ rules });
  const body = createGather(scan, { contentType: 'application/json', coding: 'identity' });
  body.push(Buffer.from(JSON.stringify(value)));
  const { output, stop } = body.end();
  expect(stop).toBeUndefined();
  return Buffer.concat([...output]).toString();
}

/** What of the key is left in a text. */
const left = (text: string): readonly string[] => [...lines, last].filter((line) => text.includes(line.slice(0, 8)));

describe('a key in an array of strings', () => {
  it.each([
    ['line by line', [opening, ...lines, last, closing]],
    ['with line ends', [opening, ...lines, last, closing].map((line) => `${line}\n`)],
    [
      'among other lines',
      ['import os\n', `key = """${opening}\n`, ...[...lines, last].map((line) => `${line}\n`), `${closing}"""\n`],
    ],
    ['with its first line beside the opening one', [`${opening}\n${lines[0] ?? ''}`, ...lines.slice(1), last, closing]],
    ['cut off', [opening, ...lines.slice(0, 3)]],
  ])('is masked %s', (_, strings) => {
    const value = { cells: [{ source: strings, id: 'what follows' }] };

    expect(left(masked(value))).toEqual([]);
    expect(left(masked({ content: JSON.stringify(value, null, 1) }))).toEqual([]);
    expect(JSON.parse(masked(value))).toMatchObject({ cells: [{ id: 'what follows' }] });
  });

  it('keeps the number of strings, and leaves what follows', () => {
    const after = ['', 'and then', 'src/components/Settings2/providers/PrivateKeyReader.ts'];
    const sent: unknown = JSON.parse(masked([opening, ...lines, last, closing, ...after]));
    const kept = [opening, ...[...lines, last].map((): unknown => expect.any(String)), closing, ...after];

    expect(sent).toEqual(kept);
  });

  it.each([
    ['members of an object', { a: opening, b: lines[0], c: lines[1] }],
    ['strings of another array', [[opening], lines]],
    ['words', [opening, 'the key goes here', 'and ends there', closing]],
  ])('is not looked for in %s', (_, value) => {
    expect(keyLinesOf(document(value)).size).toBe(0);
  });

  it('is told in one go, however many begin', () => {
    const many = document(Array.from({ length: 20_000 }, () => opening));
    const before = process.cpuUsage();

    expect(keyLinesOf(many).size).toBe(0);
    expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
  });
});
