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

/** Runs of base64 and hex, each as text of eight and of sixteen bits, and as compressed text. */
function decodedRuns(text: string): readonly string[] {
  const runs = text.match(/[A-Za-z0-9+/_-]{20,}/g) ?? [];
  return runs.flatMap((run) => {
    const bytes = Buffer.from(run, 'base64');
    const readings = [bytes.toString(), bytes.toString('utf16le'), ...unzipped(bytes)];
    if (bytes.length % 2 === 0) readings.push(Buffer.from(bytes).swap16().toString('utf16le'));
    if (!/^(?:[0-9a-fA-F]{2})+$/.test(run)) return readings;
    const hex = Buffer.from(run, 'hex');
    return [...readings, hex.toString(), ...unzipped(hex)];
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

/** Lines of base64 or hex of one width put together, whatever stands before each. */
function unfolded(text: string): string {
  return text.replaceAll(
    /(?<=[A-Za-z0-9+/_-]{60})(?:\r?\n|\\n)[ \t]*(?:[>#*] ?|\d+(?:\t|: | \| |→))?(?=[A-Za-z0-9+/_-])/g,
    '',
  );
}

/** The readings of a text, each by one step. */
export function readOnce(text: string): readonly string[] {
  return [
    ...parsed(text),
    ...decodedRuns(text),
    ...decodedRuns(unfolded(text)),
    withoutPercent(text),
    unquoted(text),
    text.replaceAll('\u001b', '\\e').replaceAll(/\\(?:e|033|x1b|u001b)\[[0-9;]*[A-Za-z]/g, ''),
    text.replaceAll(/\\u([0-9a-fA-F]{4})|\\([/"\\])/g, (_, code: string | undefined, plain: string | undefined) =>
      code === undefined ? (plain ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
    ),
  ];
}
