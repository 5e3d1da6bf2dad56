/** Request bodies of every wire format with secrets planted in them, gathered and streamed. */
import { isUtf8 } from 'node:buffer';
import { gzipSync, gunzipSync } from 'node:zlib';
import { concat } from '../../../src/core/bytes.ts';
import type { Finding } from '../../../src/core/finding.ts';
import type { Random } from '../../../src/rules/examples.ts';
import { surroundingsOf } from '../../helpers/surroundings.ts';
import type { JsonPath } from '../../../src/body/json-path.ts';
import type { Meaning, Provider } from '../../../src/providers/provider.ts';
import { begin, protectedForms, protectedTexts, routes, secretText, send, type Route, type Sent } from '../engine.ts';
import { cutBytes, damaged, natural, oneOf, several } from '../generate.ts';
import { readOnce } from '../read-once.ts';
import { law, type Target } from '../target.ts';
import { plantedText } from '../texts.ts';

const routeList: readonly Route[] = Object.values(routes);
/** Set in an input's first byte, which gives the route, where its body was damaged. */
const damagedBit = 0x80;

/** Parts of conversations, as the four formats have them, none in a place where only its own format would put it. */
function part(random: Random): unknown {
  const words = (): string => plantedText(random, 2);
  switch (natural(random, 13)) {
    case 0:
      return { type: 'text', text: words() };
    case 1:
      return { type: 'tool_use', id: 'toolu_1', name: 'Write', input: { file_path: '/a', content: words() } };
    case 2:
      return { type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: words() }] };
    case 3:
      return { type: 'thinking', thinking: words(), signature: Buffer.from(words()).toString('base64') };
    case 4:
      return { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgoAAAANSUhEUg==' } };
    case 5:
      return { role: 'tool', tool_call_id: 'call_1', content: words() };
    case 6:
      return { type: 'function_call', call_id: 'c', name: 'shell', arguments: JSON.stringify({ command: words() }) };
    case 7:
      return { type: 'function_call_output', call_id: 'c', output: words() };
    case 8:
      return { functionCall: { name: 'write_file', args: { content: words() } }, thoughtSignature: 'c2ln' };
    case 9:
      return { functionResponse: { name: 'read_file', response: { output: words() } } };
    case 10:
      return { type: 'reasoning', encrypted_content: Buffer.from(words()).toString('base64'), summary: [words()] };
    case 11:
      return { type: 'tool_result', content: { file: words().split('\n'), lines: secretText(random).split('\n') } };
    default:
      return { [oneOf(random, ['text', 'password', 'unknown', words()])]: [words(), natural(random, 1e9), null, true] };
  }
}

function conversation(random: Random): unknown {
  const turns = several(random, 3, () => ({
    role: oneOf(random, ['user', 'assistant']),
    content: natural(random, 2) === 0 ? plantedText(random, 2) : several(random, 3, () => part(random)),
    parts: several(random, 2, () => part(random)),
  }));
  return {
    model: 'some-model',
    system: plantedText(random),
    [oneOf(random, ['messages', 'input', 'contents'])]: turns,
    metadata: { user_id: plantedText(random, 0) },
    tools: [{ name: 'Write', description: plantedText(random, 0), input_schema: { type: 'object', properties: {} } }],
  };
}

/** Escapes of some letters inside strings, and blanks between tokens: other spellings of the same JSON. */
function respelled(random: Random, data: unknown): string {
  const compact = JSON.stringify(data, undefined, natural(random, 3));
  const every = oneOf(random, [0, 0, 5, 50]);
  if (every === 0) return compact;
  return compact.replaceAll(/"(?:[^"\\]|\\.)*"/gs, (literal) =>
    literal.replaceAll(/\\.|[\w/]/gs, (one) => {
      if (one.length > 1 || natural(random, every) > 0) return one;
      return one === '/' ? '\\/' : `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;
    }),
  );
}

function parsed(bytes: Uint8Array): { readonly value: unknown } | undefined {
  // What is not UTF-8 is no JSON, however a lenient reader mends it.
  if (!isUtf8(bytes)) return undefined;
  try {
    return { value: JSON.parse(Buffer.from(bytes).toString()) };
  } catch {
    // Not JSON: what this answers.
    return undefined;
  }
}

const unchanged: ReadonlySet<Meaning> = new Set(['structural', 'opaque', 'signed']);

/** The strings and names that may be changed: nothing structural, opaque or signed. */
function readableStrings(provider: Provider, body: unknown): readonly string[] {
  const found: string[] = [];
  const meanings = (path: JsonPath): readonly Meaning[] =>
    [true, false].map((isWhole) => provider.meaning(path, surroundingsOf(body, path, isWhole)));
  const walk = (value: unknown, path: JsonPath): void => {
    if (typeof value === 'string') {
      // A stream decides before a block has ended: what a signature may still follow counts as signed there.
      if (!meanings(path).some((meaning) => unchanged.has(meaning))) found.push(value);
    } else if (Array.isArray(value)) value.forEach((item, index) => walk(item, [...path, index]));
    else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        const own = [...path, key];
        if (!meanings(own).includes('structural')) found.push(key);
        walk(item, own);
      }
    }
  };
  walk(body, []);
  return found;
}

/** What stands between the masked ranges, in order. */
function unmaskedStretches(input: Uint8Array, findings: readonly Finding[]): readonly Buffer[] {
  const bytes = Buffer.from(input);
  const stretches: Buffer[] = [];
  let at = 0;
  const masked = findings.filter(
    ({ action, where }) => action === 'mask' && !/^(?:header|query|path)/.test(where ?? ''),
  );
  for (const { start, end } of masked.toSorted((a, b) => a.start - b.start)) {
    if (start > at) stretches.push(bytes.subarray(at, start));
    at = Math.max(at, end);
  }
  stretches.push(bytes.subarray(at));
  return stretches;
}

/** Whether a replacement leaves what follows as it is: inside base64 and the like, the rest of the run shifts. */
const isInPlace = ({ encoding = [], action }: Finding): boolean =>
  action !== 'mask' || encoding.every((layer) => layer === 'json');

/** Whether an output holds all the stretches in order, with nothing before, between or after but replacements. */
function differsOnlyInFindings(input: Uint8Array, { output, findings }: Sent): boolean {
  const stretches = unmaskedStretches(input, findings);
  if (stretches.length === 1) return output.equals(input);
  let at = 0;
  for (const stretch of stretches) {
    const found = output.indexOf(stretch, at);
    if (found === -1) return false;
    at = found + stretch.length;
  }
  const last = stretches.at(-1) ?? Buffer.alloc(0);
  return output.subarray(output.length - last.length).equals(last);
}

const same = (a: Sent, b: Sent): boolean =>
  a.output.equals(b.output) && a.stop === b.stop && JSON.stringify(a.findings) === JSON.stringify(b.findings);

function checkOne(release: 'verdict' | 'stream', place: Route, input: Uint8Array, random: Random): void {
  const whole = send(begin(release, place), [input]);
  const cut = send(begin(release, place), cutBytes(random, input));
  law(same(whole, cut), `${release}: the output depends on how the body is cut`);
  if (whole.stop !== undefined) return;

  law(
    !whole.findings.every(isInPlace) || differsOnlyInFindings(input, whole),
    `${release}: the output differs outside its findings`,
  );
  const again = send(begin(release, place), [whole.output]);
  law(again.stop === undefined, `${release}: a masked body is refused`);
  const left = again.findings.filter(({ action }) => action !== 'forward');
  const isJsonNow = parsed(input) === undefined && parsed(whole.output) !== undefined;
  // What is masked inside an encoding moves what is glued to it, which may decode only then, and what masking made JSON
  // of is read as JSON from then on: such bodies need only come to an end.
  const isExact = !isJsonNow && whole.findings.every(isInPlace);
  const shown = isExact ? left.filter(isInPlace) : [];
  law(shown.length === 0, `${release}: masking again masks more (${shown[0]?.rule ?? ''})`);
  const settled = left.length === 0 ? again : send(begin(release, place), [again.output]);
  const isSettled = settled === again || settled.findings.every(({ action }) => action === 'forward');
  law(isSettled, `${release}: masking does not come to an end (${left[0]?.rule ?? ''})`);

  const json = parsed(input) === undefined ? undefined : parsed(whole.output);
  law(parsed(input) === undefined || json !== undefined, `${release}: the output does not parse, the input did`);
  if (json === undefined) return;
  const strings = readableStrings(place.provider, json.value);
  const leaked = protectedForms.findIndex((form) => strings.some((string) => string.includes(form)));
  law(leaked === -1, `${release}: a protected value leaves, spelled as form ${leaked}`);
  const isReadable = strings.some((string) =>
    readOnce(string).some((reading) => protectedTexts.some((value) => reading.includes(value))),
  );
  law(!isReadable, `${release}: a protected value leaves, one step away from plain`);
}

export const request: Target = {
  name: 'request',
  make(random) {
    const body = Buffer.from(respelled(random, conversation(random)));
    const isDamaged = natural(random, 4) === 0;
    const route = natural(random, routeList.length) | (isDamaged ? damagedBit : 0);
    return concat([Buffer.of(route), isDamaged ? damaged(random, body) : body]);
  },
  check(input, random) {
    const place = routeList[((input[0] ?? 0) & ~damagedBit) % routeList.length] ?? routes.other;
    const body = input.subarray(1);
    if (body.length === 0) return;
    checkOne('verdict', place, body, random);
    checkOne('stream', place, body, random);

    const plain = send(begin('verdict', place), [body]);
    const coded = send(begin('verdict', place, [['content-encoding', 'gzip']]), cutBytes(random, gzipSync(body)));
    const isSame =
      plain.stop === coded.stop && (plain.stop !== undefined || gunzipSync(coded.output).equals(plain.output));
    law(isSame, 'a coded body is masked unlike the same body as it is');
  },
};
