/** What a reader makes of a text in one step, written without the product's help: what a vendor could see at a glance. */

import { unzipSync } from 'node:zlib';

/** The strings and names of a JSON text. */
function jsonTexts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  const names = Array.isArray(value) ? [] : Object.keys(value);
  return [...names, ...Object.values(value).flatMap(jsonTexts)];
}

function parsed(text: string): readonly string[] {
  if (!/^\s*[[{]/.test(text)) return [];
  try {
    return jsonTexts(JSON.parse(text));
  } catch {
    // Not JSON: then it says nothing in this way.
    return [];
  }
}

/** What compressed data holds. */
function unzipped(bytes: Buffer): readonly string[] {
  try {
    return [unzipSync(bytes).toString()];
  } catch {
    // Not compressed, or damaged: then it says nothing in this way.
    return [];
  }
}

/** Runs of base64 and hex, each as text of eight and, but in JSON, of sixteen bits and as compressed text. */
function decodedRuns(text: string, isJson: boolean): readonly string[] {
  const runs = text.match(/[A-Za-z0-9+/_-]{20,}/g) ?? [];
  return runs.flatMap((run) => {
    const bytes = Buffer.from(run, 'base64');
    const readings = [bytes.toString()];
    if (!isJson) {
      const wide = [bytes.toString('utf16le')];
      if (bytes.length % 2 === 0) wide.push(Buffer.from(bytes).swap16().toString('utf16le'));
      // With zeros among its characters it is data, and no reader shows it as text.
      readings.push(...wide.filter((reading) => !reading.includes('\0')), ...unzipped(bytes));
    }
    if (!/^(?:[0-9a-fA-F]{2})+$/.test(run)) return readings;
    const hex = Buffer.from(run, 'hex');
    return [...readings, hex.toString(), ...(isJson ? [] : unzipped(hex))];
  });
}

function withoutPercent(text: string): string {
  const bytes = Buffer.from(text).toString('latin1');
  return Buffer.from(
    bytes.replaceAll(/%([0-9a-fA-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    'latin1',
  ).toString();
}

/** Quoted-printable as plain text, where it holds a quoted equals sign. */
function unquoted(text: string): string {
  if (!text.includes('=3D')) return text;
  const bytes = Buffer.from(text.replaceAll(/=\r?\n/g, '')).toString('latin1');
  const decoded = bytes.replaceAll(/=([0-9A-F]{2})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return Buffer.from(decoded, 'latin1').toString();
}

/** What stands before a line: one kind of mark, a number, or nothing. */
const lineMark = /^[ \t]*(?:([>#*]) ?|(\d+)(?:\t|: | \| |→))?/;

/** Lines of base64 or hex of one width put together, behind one kind of mark: no reader takes away what differs. */
function unfolded(text: string): string {
  let whole = '';
  let before: string | undefined;
  let last = '';
  for (const line of text.split(/(?<=\n|\\n)/)) {
    const [all = '', mark, number] = lineMark.exec(line) ?? [];
    const kind = mark ?? (number === undefined ? '' : 'number');
    const run = line.slice(all.length);
    // A short line is the last.
    const goesOn = kind === before && /[A-Za-z0-9+/_-]{60}(?:\r?\n|\\n)$/.test(last) && /^[A-Za-z0-9+/_-]/.test(run);
    whole = goesOn ? whole.replace(/(?:\r?\n|\\n)$/, '') + run : whole + line;
    before = kind;
    last = line;
  }
  return whole;
}

/** The letters of JSON's escapes undone, in what can be the content of a string: quotes of its own make it none. */
function unescaped(text: string): string {
  const pattern = /(?<!\\)"/.test(text) ? /\\u([0-9a-fA-F]{4})|\\([/"])/g : /\\u([0-9a-fA-F]{4})|\\([/"\\])/g;
  return text.replaceAll(pattern, (_, code: string | undefined, plain: string | undefined) =>
    code === undefined ? (plain ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** The readings of a text, each by one step. What JSON holds is read as that: its strings may have been read too deep. */
export function readOnce(text: string): readonly string[] {
  const strings = parsed(text);
  const isJson = strings.length > 0;
  return [
    ...strings,
    ...decodedRuns(text, isJson),
    ...decodedRuns(unfolded(text), isJson),
    withoutPercent(text),
    unquoted(text),
    // Behind a backslash it is one that is quoted once more.
    text.replaceAll('\u001b', '\\e').replaceAll(/(?<!\\)\\(?:e|033|x1b|u001b)\[[0-9;]*[A-Za-z]/g, ''),
    unescaped(text),
  ];
}
