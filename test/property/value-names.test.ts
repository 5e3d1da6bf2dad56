import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson } from '../../src/body/json-document.ts';
import type { JsonHandler } from '../../src/body/json-events.ts';
import { decodeJsonString } from '../../src/body/json-string.ts';
import { JsonTokenizer } from '../../src/body/json-tokenizer.ts';
import { PathTracker } from '../../src/inspect/request/path-tracker.ts';

const name = fc.constantFrom('name', 'key', 'id', 'type', 'value', 'default', 'password', 'v\u0061l', 'x'.repeat(140));
const scalar = fc.oneof(name, fc.constant('é'), fc.constantFrom(null, true, 7, 1234567890));
const json = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, weight: 3, arbitrary: scalar.map((one) => JSON.stringify(one)) },
    { weight: 1, arbitrary: fc.array(tie('json'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`) },
    {
      weight: 4,
      arbitrary: fc
        .array(fc.tuple(name, tie('json')), { maxLength: 12 })
        .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`),
    },
  ),
})).json;

/** What each string is called, as a streamed body tells. */
function streamed(bytes: Uint8Array): readonly (string | undefined)[] {
  const path = new PathTracker();
  const called: (string | undefined)[] = [];
  const text = (start: number, end: number): Uint8Array => decodeJsonString(bytes.subarray(start + 1, end - 1));
  const handler: JsonHandler = {
    openObject: () => path.enter(true),
    openArray: () => path.enter(false),
    close: () => path.leave(),
    literal: () => path.next(),
    number: () => path.next(),
    name: (start, end) => path.named(Buffer.from(text(start, end)).toString(), 0),
    string: (start, end) => {
      called.push(path.valueName);
      const value = text(start, end);
      path.nextString(value, 0, value.length);
    },
    stringStart: () => undefined,
    stringPart: () => undefined,
  };
  const tokenizer = new JsonTokenizer(handler, { maxDepth: 64, isSequence: false, partBytes: Infinity });
  if (!tokenizer.push(bytes) || !tokenizer.end()) throw new Error('no JSON');
  return called;
}

describe('what a value is called', () => {
  it('is the same for a gathered and a streamed body', () => {
    fc.assert(
      fc.property(json, (text) => {
        const bytes = Buffer.from(text);
        const read = readJson(bytes, { maxDepth: 64, isSequence: false });
        if (!read.ok) throw new Error(read.reason);
        const { document } = read;
        const strings = [...document.nodes()].filter(({ kind }) => kind === 'string');

        expect(strings.map((node) => document.valueName(node))).toEqual(streamed(bytes));
      }),
      { numRuns: 2000 },
    );
  });
});
