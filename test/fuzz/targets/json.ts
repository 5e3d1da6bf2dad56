/** The JSON tokenizer beside JSON.parse: both take or refuse a text, and their strings are the same. */
import { isUtf8 } from 'node:buffer';
import { decodeJsonString } from '../../../src/body/json-string.ts';
import type { JsonHandler } from '../../../src/body/json-events.ts';
import { JsonTokenizer } from '../../../src/body/json-tokenizer.ts';
import type { Random } from '../../../src/rules/examples.ts';
import { cutBytes, damaged, natural, oddText, oneOf, several } from '../generate.ts';
import { law, type Target } from '../target.ts';

const numbers = [
  '0',
  '-0',
  '1',
  '-12.5',
  '1e9',
  '1E+2',
  '0.1e-7',
  '123456789012345678901',
  '01',
  '1.',
  '.5',
  '-',
  '+1',
];
const literals = ['true', 'false', 'null', 'nul', 'True', 'NaN', 'undefined'];
const strings = ['""', '"\\u0000"', '"\\ud83d\\ude00"', '"\\ud800"', '"\\x"', '"\t"', '"\\/"', '"\\u12"', "'a'"];
const blanks = ['', '', '', ' ', '\n', '\t', '\r\n', '\u00a0', '\f', '\ufeff'];

/** JSON, or nearly. */
function nearJson(random: Random, depth: number): string {
  const blank = (): string => oneOf(random, blanks);
  const inner = (): string => blank() + nearJson(random, depth - 1) + blank();
  switch (natural(random, depth > 0 ? 7 : 4)) {
    case 0:
      return oneOf(random, numbers);
    case 1:
      return oneOf(random, literals);
    case 2:
      return oneOf(random, strings);
    case 3:
      return JSON.stringify(oddText(random).repeat(1 + natural(random, 40)));
    case 4:
      return `[${several(random, 4, inner).join(',')}]`;
    default:
      return `{${several(random, 4, () => `${blank()}${JSON.stringify(oddText(random, 2))}${blank()}:${inner()}`).join(',')}}`;
  }
}

interface Tokenized {
  readonly isJson: boolean;
  readonly tokens: readonly string[];
  readonly strings: readonly (readonly [start: number, end: number])[];
}

function tokenize(chunks: readonly Uint8Array[]): Tokenized {
  const tokens: string[] = [];
  const spans: [number, number][] = [];
  const note = (kind: string) => (start: number, end?: number) => void tokens.push(`${kind} ${start} ${end ?? ''}`);
  const string = (kind: string) => (start: number, end: number) => {
    spans.push([start, end]);
    tokens.push(`${kind} ${start} ${end}`);
  };
  const handler: JsonHandler = {
    openObject: note('{'),
    openArray: note('['),
    close: note('close'),
    stringStart: () => undefined,
    stringPart: () => undefined,
    name: string('name'),
    string: string('string'),
    number: note('number'),
    literal: note('literal'),
  };
  const tokenizer = new JsonTokenizer(handler, { maxDepth: 512, partBytes: Infinity, isSequence: false });
  const isJson = chunks.every((chunk) => tokenizer.push(chunk)) && tokenizer.end();
  return { isJson, tokens, strings: spans };
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Not JSON: what this answers.
    return false;
  }
}

export const json: Target = {
  name: 'json',
  make(random) {
    const bytes = Buffer.from(nearJson(random, 6));
    return natural(random, 3) === 0 ? damaged(random, bytes) : bytes;
  },
  check(input, random) {
    const whole = tokenize([input]);
    const cut = tokenize(cutBytes(random, input));
    law(cut.isJson === whole.isJson, 'whether a text is JSON depends on how it is cut');
    law(cut.tokens.join('\n') === whole.tokens.join('\n'), 'tokens depend on how the text is cut');
    // UTF-8 is checked apart from the tokenizer.
    if (!isUtf8(input)) return;
    const text = Buffer.from(input).toString();
    law(whole.isJson === parses(text), `JSON.parse ${whole.isJson ? 'refuses' : 'takes'} what the tokenizer does not`);
    if (!whole.isJson) return;
    const expected = [...text.matchAll(/"(?:[^"\\]|\\.)*"/gs)].map(([literal]) => literal);
    const found = whole.strings.map(([start, end]) => Buffer.from(input.subarray(start, end)).toString());
    law(found.join('\n') === expected.join('\n'), 'strings stand elsewhere than JSON says');
    for (const [start, end] of whole.strings) {
      const value: unknown = JSON.parse(Buffer.from(input.subarray(start, end)).toString());
      // Half a surrogate pair has no UTF-8.
      if (/\p{Surrogate}/u.test(String(value))) continue;
      const decoded = decodeJsonString(input.subarray(start + 1, end - 1));
      law(Buffer.from(String(value)).equals(decoded), 'a string decodes to something else than JSON.parse makes of it');
    }
  },
};
