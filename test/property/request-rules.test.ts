import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { createMatcher } from '../../src/detect/matcher.ts';
import { createGather } from '../../src/inspect/request/gather.ts';
import type { BodyHead } from '../../src/inspect/request/scan.ts';
import { createStream } from '../../src/inspect/request/stream.ts';
import { fillExample, randomFrom } from '../../src/rules/examples.ts';
import { loadPackRules } from '../../src/rules/load.ts';
import { requestScan } from '../helpers/request-scan.ts';

const packs = loadPackRules(['secrets', 'regulated/*']);
const rules = packs.map(({ rule }) => rule);
const matcher = createMatcher(rules);
const json: BodyHead = { contentType: 'application/json', coding: 'identity' };

interface Outcome {
  readonly text: string;
  readonly findings: readonly Finding[];
}

function run(make: typeof createGather, bytes: Uint8Array, size: number): Outcome {
  const body = make(requestScan({ matcher, ruleOf: (id) => rules.find((rule) => rule.id === id) }), json);
  const steps = [];
  for (let at = 0; at < bytes.length; at += size) steps.push(body.push(bytes.subarray(at, at + size)));
  steps.push(body.end());
  expect(steps.find(({ stop }) => stop !== undefined)).toBeUndefined();
  return {
    text: Buffer.concat(steps.flatMap(({ output }) => [...output])).toString(),
    findings: steps.flatMap(({ findings }) => [...findings]),
  };
}

/** What the packs themselves give as matches, freshly generated. */
const example = fc
  .tuple(
    fc.constantFrom(...packs.flatMap(({ rule, examples }) => examples.match.map((match) => ({ rule, match })))),
    fc.nat(),
  )
  .map(([{ rule, match }, seed]) => fillExample(match, rule, randomFrom(seed)));
const piece = fc.oneof(
  { weight: 3, arbitrary: example },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '\n',
      'card number ',
      'ssn: ',
      'const x = 1;\n',
      '",',
      '\t1\t',
      'Authorization: ',
      'https://',
    ),
  },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 2500 }).map((count) => 'lorem ipsum '.repeat(count)) },
);
const text = fc.array(piece, { minLength: 1, maxLength: 7 }).map((parts) => parts.join(''));
const content = fc.oneof(
  text,
  text.map((inner) => JSON.stringify({ content: inner })),
);
const body = fc.oneof(
  fc.array(content, { minLength: 1, maxLength: 3 }).map((messages) => ({ messages })),
  fc.dictionary(fc.constantFrom('token', 'password', 'note', 'api_key'), text, { maxKeys: 3 }),
);

describe.each(Object.entries({ gather: createGather, stream: createStream }))(
  '%s with the rules that ship',
  (_name, make) => {
    it('finds nothing to mask in its own output, which parses', () => {
      fc.assert(
        fc.property(body, (data) => {
          const first = run(make, Buffer.from(JSON.stringify(data)), Infinity);
          JSON.parse(first.text);
          const again = run(make, Buffer.from(first.text), Infinity);
          expect(again.findings.filter(({ action }) => action !== 'forward')).toEqual([]);
        }),
        { numRuns: 200 },
      );
    });

    it('gives the same output and findings for any chunk size', () => {
      fc.assert(
        fc.property(body, fc.integer({ min: 1, max: 20_000 }), (data, size) => {
          const bytes = Buffer.from(JSON.stringify(data));
          expect(run(make, bytes, size)).toEqual(run(make, bytes, Infinity));
        }),
        { numRuns: 100 },
      );
    });
  },
);
