import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import type { StopReason } from '../../src/core/transform.ts';
import { createGather } from '../../src/inspect/request/gather.ts';
import type { BodyHead, RequestBody, RequestScan } from '../../src/inspect/request/scan.ts';
import { createStream } from '../../src/inspect/request/stream.ts';
import { requestScan, token, type TestScanOptions } from '../helpers/request-scan.ts';

const json: BodyHead = { contentType: 'application/json', coding: 'identity' };
const plain: BodyHead = { contentType: 'text/plain', coding: 'identity' };
const makers = { gather: createGather, stream: createStream };
const protectedValue = 'pr0tected "quoted" value\\42';
const options: TestScanOptions = { protect: [protectedValue, 'db_pa55word_of_mine'] };

interface Outcome {
  readonly output: Buffer;
  readonly findings: readonly Finding[];
  readonly stop: StopReason | undefined;
}

/** Runs a transform over chunks; after a stop nothing more is pushed. */
function run(body: RequestBody, chunks: readonly Uint8Array[]): Outcome {
  const output: Uint8Array[] = [];
  const findings: Finding[] = [];
  for (const chunk of [...chunks, undefined]) {
    const step = chunk === undefined ? body.end() : body.push(chunk);
    output.push(...step.output);
    findings.push(...step.findings);
    if (step.stop !== undefined) return { output: Buffer.concat(output), findings, stop: step.stop };
  }
  return { output: Buffer.concat(output), findings, stop: undefined };
}

/** Whether two runs did the same; comparing long buffers element by element would take most of the time. */
function expectSame(a: Outcome, b: Outcome): void {
  expect(a.output.equals(b.output)).toBe(true);
  expect({ ...a, output: undefined }).toEqual({ ...b, output: undefined });
}

/** Cuts bytes at the given places (any numbers). */
function cut(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...at].map((start, index) => bytes.subarray(start, at[index] ?? bytes.length));
}

const esc = '\u001b';
const secret = fc.constantFrom(token('a'), token('B'), token('x9'), protectedValue, 'db_pa55word_of_mine');
const ours = requestScan(options).placeholders.make('TOKEN', Buffer.from('a value masked before'));
const piece = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(' ', '\n', '\t12\t', 'const x = 1;', 'the quick fox', '"', '\\', '/', '\u{1f600}é'),
  },
  { weight: 2, arbitrary: secret },
  { weight: 1, arbitrary: secret.map((value) => `password = "${value}"`) },
  { weight: 1, arbitrary: secret.map((value) => JSON.stringify({ name: value, list: [1, value] })) },
  { weight: 1, arbitrary: secret.map((value) => Buffer.from(`some ${value} text`).toString('base64')) },
  { weight: 1, arbitrary: secret.map((value) => Buffer.from(value).toString('hex')) },
  {
    weight: 1,
    arbitrary: fc
      .record({
        value: secret,
        before: fc.integer({ min: 0, max: 40 }),
        form: fc.constantFrom('base64', 'hex'),
        between: fc.constantFrom('\n', '\r\n', '\n    ', '\\n'),
      })
      .map(
        ({ value, before, form, between }) =>
          (
            Buffer.from(`${'x y '.repeat(before)} ${value} z`)
              .toString(form)
              .match(/.{1,60}/g) ?? []
          ).join(between) + between,
      ),
  },
  { weight: 1, arbitrary: secret.map((value) => `https://host.test/?q=${encodeURIComponent(value)}`) },
  { weight: 1, arbitrary: secret.map((value) => `${esc}[1mpassword${esc}[0m: ${esc}[32m"${value}"${esc}[0m`) },
  { weight: 1, arbitrary: secret.map((value) => `{"password":"${value.replaceAll('a', '\\u0061')}","b":"\\/"} x`) },
  { weight: 1, arbitrary: secret.map((value) => `${value.slice(0, 9)}${esc}[01;31m${esc}[K${value.slice(9)}${esc}[m`) },
  { weight: 1, arbitrary: fc.constantFrom('someone@example.test', ours, `password=${ours}`) },
  { weight: 1, arbitrary: fc.string({ maxLength: 12, unit: 'binary' }) },
);
const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, weight: 3, arbitrary: text },
    { weight: 1, arbitrary: fc.constantFrom(4929123412341234, 1, 0.5, null, true) },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    {
      weight: 1,
      arbitrary: fc.dictionary(
        fc.oneof(fc.constantFrom('text', 'password', 'type', 'name', 'value', token('n')), text),
        tie('value'),
        {
          maxKeys: 3,
        },
      ),
    },
    { weight: 1, arbitrary: tie('value').map((inner) => JSON.stringify(inner)) },
    { weight: 1, arbitrary: tie('value').map((inner) => Buffer.from(JSON.stringify(inner)).toString('base64')) },
  ),
})).value;

/** Serialises with some characters escaped that need no escape. */
function spelled(data: unknown, every: number): Buffer {
  const compact = JSON.stringify(data);
  if (every === 0) return Buffer.from(compact);
  let count = 0;
  return Buffer.from(
    compact.replaceAll(/(\\.)|([a-z])/g, (all: string, escape: string | undefined, letter: string | undefined) => {
      count += 1;
      if (escape !== undefined || letter === undefined || count % every !== 0) return all;
      return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
    }),
  );
}
/** A letter of `true`, `null` and the like is no string: such texts are left as they are. */
const body = fc
  .record({ content: fc.array(value, { maxLength: 4 }), every: fc.constantFrom(0, 0, 7) })
  .map(({ content, every }) => {
    const bytes = spelled({ content }, every);
    try {
      JSON.parse(bytes.toString());
      return bytes;
    } catch {
      return spelled({ content }, 0);
    }
  });
const places = fc.array(fc.nat(), { maxLength: 12 });

/** Whether a protected or found value still stands in any text of a JSON value, nested encodings undone. */
function holds(data: unknown, needle: string): boolean {
  if (typeof data === 'string') return data.includes(needle);
  if (Array.isArray(data)) return data.some((item) => holds(item, needle));
  if (typeof data === 'object' && data !== null) {
    return Object.entries(data).some(([name, item]) => name.includes(needle) || holds(item, needle));
  }
  return false;
}

describe.each(Object.entries(makers))('%s of generated JSON bodies', (_name, make) => {
  const open = (more: Partial<RequestScan> = {}): RequestBody => make(requestScan({ ...options, ...more }), json);

  it('gives the same output and findings for any partition', () => {
    fc.assert(
      fc.property(body, places, (bytes, at) => {
        expectSame(run(open(), cut(bytes, at)), run(open(), [bytes]));
      }),
      { numRuns: 1000 },
    );
  });

  it('finds nothing to mask in its own output, which parses', () => {
    fc.assert(
      fc.property(body, (bytes) => {
        const first = run(open(), [bytes]);
        JSON.parse(first.output.toString());
        const again = run(open(), [first.output]);
        expect(again.findings.filter(({ action }) => action !== 'forward')).toEqual([]);
        expect(again.output.equals(first.output)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves no protected value in any string', () => {
    fc.assert(
      fc.property(body, (bytes) => {
        const { output } = run(open(), [bytes]);
        const data: unknown = JSON.parse(output.toString());
        expect(holds(data, protectedValue)).toBe(false);
        expect(holds(data, 'db_pa55word_of_mine')).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('hands a body without findings through as it is', () => {
    fc.assert(
      fc.property(fc.json(), places, (source, at) => {
        const bytes = Buffer.from(source);
        const result = run(open(), cut(bytes, at));
        expect(result.findings).toEqual([]);
        expect(result.output.equals(bytes)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('never throws on broken JSON, and stops at the same place for any partition', () => {
    fc.assert(
      fc.property(body, fc.nat(), fc.integer({ min: 0, max: 255 }), places, (bytes, at, byte, cuts) => {
        const broken = Buffer.from(bytes);
        broken[at % broken.length] = byte;
        const known = (): RequestBody => open({ isKnownRoute: true });
        expectSame(run(known(), cut(broken, cuts)), run(known(), [broken]));
        expectSame(run(open(), cut(broken, cuts)), run(open(), [broken]));
      }),
      { numRuns: 500 },
    );
  });
});

describe.each(Object.entries(makers))('%s of generated text', (_name, make) => {
  it('gives the same output and findings for any partition', () => {
    fc.assert(
      fc.property(text, places, (source, at) => {
        const bytes = Buffer.from(source);
        const open = (): RequestBody => make(requestScan(options), plain);
        expectSame(run(open(), cut(bytes, at)), run(open(), [bytes]));
      }),
      { numRuns: 500 },
    );
  });
});

describe('a streamed body with long strings', () => {
  const filler = fc
    .record({
      unit: fc.constantFrom('const a = 1;\n', 'x', '\u{1f600}', 'QUJD', '\\n"'),
      size: fc.integer({ min: 1, max: 100_000 }),
    })
    .map(({ unit, size }) => unit.repeat(Math.ceil(size / unit.length)));
  const long = fc.array(fc.oneof(filler, text), { minLength: 2, maxLength: 5 }).map((parts) => parts.join(' '));

  it('gives the same output and findings for any partition', () => {
    fc.assert(
      fc.property(long, long, places, fc.boolean(), (a, b, at, isJson) => {
        const bytes = Buffer.from(isJson ? JSON.stringify({ a, b }) : a + b);
        const open = (): RequestBody => createStream(requestScan(options), isJson ? json : plain);
        expectSame(run(open(), cut(bytes, at)), run(open(), [bytes]));
      }),
      { numRuns: 150 },
    );
  });

  it('leaves no protected value in any string', () => {
    fc.assert(
      fc.property(long, (a) => {
        const { output } = run(createStream(requestScan(options), json), [Buffer.from(JSON.stringify({ a }))]);
        const data: unknown = JSON.parse(output.toString());
        for (const needle of [protectedValue, 'db_pa55word_of_mine']) expect(holds(data, needle)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it('masks exact tokens wherever a step ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 65_350, max: 65_600 }), fc.constantFrom('\n', ' ', '"'), (before, between) => {
        const a = `${between.repeat(before)}${token('k')}${between.repeat(20_000)}${token('m')}`;
        const { output, findings } = run(createStream(requestScan(options), json), [
          Buffer.from(JSON.stringify({ a })),
        ]);
        expect(output.includes('tkn_')).toBe(false);
        expect(findings.map(({ rule }) => rule)).toEqual(['test-token', 'test-token']);
      }),
      { numRuns: 200 },
    );
  });
});
