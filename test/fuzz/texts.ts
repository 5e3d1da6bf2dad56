/** Text with secrets planted in it, bare and in every form that tools, terminals and writers of JSON give it. */
import { deflateSync, gzipSync } from 'node:zlib';
import type { Random } from '../../src/rules/examples.ts';
import { protectedText, secretText } from './engine.ts';
import { natural, oddText, oneOf, several } from './generate.ts';

/** Writes a text in another form. `isBare`: it has none yet. */
type Writer = (text: string, random: Random, isBare: boolean) => string;

const control = '\u001b';
/** Colours as terminals take them, and as program text spells them. */
const colours: readonly string[] = ['[0m', '[1m', '[01;31m', '[K', '[38;5;208m', '[38;2;255;100;0m'].flatMap((code) =>
  [control, '\\e', '\\033', '\\x1b', '\\u001b'].map((escape) => escape + code),
);
/** A link as terminals take it, behind which its text goes on. */
const hyperlink = `${control}]8;;https://host.example/${control}\\`;
/** What stands before each line of a text that is quoted, commented out, added or part of a structure. */
const beforeLines = ['', '', '    ', '> ', '# ', '+', '- ', ' * ', '\t"'];

/** Puts something at up to three places of a text. */
function scattered(text: string, random: Random, piece: () => string): string {
  const parts = Array.from(text);
  for (let times = 1 + natural(random, 3); times > 0; times -= 1) {
    const at = natural(random, parts.length + 1);
    // Behind a backslash an escape would be one that is quoted once more.
    if (parts[at - 1] !== '\\') parts.splice(at, 0, piece());
  }
  return parts.join('');
}

/** Each line behind its number, as tools that show files write them. */
function numbered(text: string, random: Random): string {
  const first = 1 + natural(random, 1200);
  const style = oneOf(random, [
    (line: number) => `${String(line).padStart(6)}\t`,
    (line: number) => `${line}: `,
    (line: number) => ` ${line} | `,
    (line: number) => `${String(line).padStart(5)}→`,
  ]);
  return text
    .split('\n')
    .map((line, index) => style(first + index) + line)
    .join('\n');
}

/** Base64 or hex over lines of one width, on lines of its own. */
function folded(text: string, random: Random): string {
  const encoding = oneOf(random, ['base64', 'base64', 'hex', 'utf16le'] as const);
  const bytes = encoding === 'utf16le' ? Buffer.from(`echo ${text}`, encoding) : Buffer.from(text);
  const run = bytes.toString(encoding === 'hex' ? 'hex' : 'base64');
  const width = oneOf(random, [60, 64, 76]);
  const lines = (run.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join('\n');
  const before = oneOf(random, beforeLines);
  const dressed = natural(random, 5) === 0 ? numbered(lines, random) : lines.replaceAll(/^/gm, before);
  const lineEnd = oneOf(random, ['\n', '\n', '\r\n', '\\n']);
  return `\n${dressed}\n`.replaceAll('\n', lineEnd);
}

/** Base64 of UTF-16, as PowerShell takes its commands, of either byte order: what begins with Latin letters is read. */
function wide(text: string, random: Random): string {
  const bytes = Buffer.from(`${oneOf(random, ['', '\ufeff'])}echo ${text}`, 'utf16le');
  return ` ${(natural(random, 3) === 0 ? bytes.swap16() : bytes).toString('base64')} `;
}

/** Base64 or hex of compressed text. */
function compressed(text: string, random: Random): string {
  const bytes = natural(random, 3) === 0 ? deflateSync(text) : gzipSync(text);
  const isShort = natural(random, 8) === 0;
  const run = bytes.toString(oneOf(random, ['base64', 'base64', 'base64url', 'hex'] as const));
  return ` ${isShort ? run.slice(0, -natural(random, 30) - 1) : run} `;
}

/** JSON that is part of a longer text, with escapes that are allowed and not needed. */
function escaped(text: string, random: Random): string {
  const every = oneOf(random, [1, 3, 20]);
  const literal = JSON.stringify(text).replaceAll(/\\.|[/=<>&+]|\w/gs, (one) => {
    if (one.length > 1) return one;
    if (one === '/') return '\\/';
    return /\w/.test(one) && natural(random, every * 4) > 0
      ? one
      : `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `{"a":${literal}} x`;
}

/** Characters by their numbers, as programs (`\\x2d`) or HTML (`&#45;`) write them. */
function byNumber(text: string, random: Random): string {
  const spell = oneOf<(code: number) => string>(random, [
    (code) => `\\x${code.toString(16)}`,
    (code) => `&#${String(code)};`,
    (code) => `&#x${code.toString(16)};`,
  ]);
  const every = oneOf(random, [1, 3, 20]);
  // Behind a backslash an escape would be one that is quoted once more.
  return text.replaceAll(/(?<!\\)[\w=/+.-]/g, (char) =>
    natural(random, every) > 0 ? char : spell(char.charCodeAt(0)),
  );
}

/** Quoted-printable, as mails are saved: equals signs and what is not ASCII as codes, and lines of 76 characters. */
function quotedPrintable(text: string, random: Random): string {
  const coded = `<a href="/?a=b">${text}`.replaceAll(/=|[^ -~\s]+/g, (some) =>
    Array.from(Buffer.from(some), (byte) => `=${byte.toString(16).toUpperCase()}`).join(''),
  );
  const lineEnd = oneOf(random, ['=\n', '=\r\n']);
  let width = 0;
  return coded.replaceAll(/=[0-9A-F]{2}|[^=]/g, (one) => {
    width = one === '\n' ? 0 : width + one.length;
    if (width <= 75) return one;
    width = one.length;
    return lineEnd + one;
  });
}

/** The numbers of its bytes, in a list or as `od` prints them. */
function byNumbers(text: string, random: Random): string {
  const bytes = Array.from(Buffer.from(text));
  const pair = (byte: number): string => byte.toString(16).padStart(2, '0');
  const list = (write: (byte: number) => string, between: string): string => bytes.map(write).join(between);
  switch (natural(random, 5)) {
    case 0:
      return `[${list(String, oneOf(random, [',', ', ', ' ', ',\n  ']))}]`;
    case 1:
      return `<${list(pair, oneOf(random, [' ', ':', '-']))}>`;
    case 2:
      return `{ ${list((byte) => `0x${pair(byte)}`, ', ').replaceAll(/((?:0x.., ){11}0x..,) /g, '$1\n  ')} }`;
    default: {
      const isNamed = natural(random, 2) === 0;
      const cell = (byte: number): string =>
        byte > 0x20 && byte < 0x7f ? `   ${String.fromCharCode(byte)}` : ` ${byte.toString(8).padStart(3, '0')}`;
      const lines: string[] = [];
      for (let at = 0; at < bytes.length; at += 16) {
        const line = bytes.slice(at, at + 16);
        const cells = isNamed ? line.map(cell).join('') : ` ${line.map(pair).join(' ')}`;
        lines.push(`${at.toString(8).padStart(7, '0')}${cells}\n`);
      }
      return `\n${lines.join('')}`;
    }
  }
}

/** JSON in a string of JSON, and so on: deeper than that, only what stands there as it is is seen. */
function nested(text: string, random: Random, isBare: boolean): string {
  let json = text;
  for (let times = 1 + natural(random, isBare ? 5 : 2); times > 0; times -= 1) {
    json = JSON.stringify(oneOf(random, [{ text: json }, { password: json }, [json], { x: json }]));
  }
  return json;
}

const writers: readonly Writer[] = [
  nested,
  (text, random) => Buffer.from(text).toString(oneOf(random, ['base64', 'base64', 'base64url'])),
  (text, random) => {
    const hex = Buffer.from(text).toString('hex');
    return natural(random, 3) === 0 ? hex.toUpperCase() : hex;
  },
  (text) => encodeURIComponent(text),
  folded,
  wide,
  compressed,
  escaped,
  byNumber,
  quotedPrintable,
  byNumbers,
  (text, random) => scattered(text, random, () => (natural(random, 6) === 0 ? hyperlink : oneOf(random, colours))),
  numbered,
];

/**
 * Words, secrets and odd characters.
 * @param depth how many forms inside one another parts of it may have: with those of the values' own, no deeper than is
 *   decoded
 */
export function plantedText(random: Random, depth = 1): string {
  return several(random, 5, () => {
    switch (natural(random, depth > 0 ? 8 : 4)) {
      case 0:
        return secretText(random);
      case 1:
        return protectedText(random);
      case 2:
        return 'lorem ipsum dolor '.repeat(natural(random, 30));
      case 3:
        return oddText(random);
      default:
        return oneOf(random, writers)(plantedText(random, depth - 1), random, depth === 1);
    }
  }).join(oneOf(random, ['', ' ', '\n', '\n12\t']));
}
