import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Asking, type DetectorParts } from '../../../../src/inspect/detector/asking.ts';
import { createGather } from '../../../../src/inspect/request/gather.ts';
import type { BodyHead, RequestScan } from '../../../../src/inspect/request/scan.ts';
import type { Surroundings } from '../../../../src/providers/provider.ts';
import { answersTo, detectorParts, detectorRules, type Seen } from '../../../helpers/fake-detector.ts';
import { requestScan, testRules, token, type TestScanOptions } from '../../../helpers/request-scan.ts';

const json: BodyHead = { contentType: 'application/json', coding: 'identity' };
const seen: Seen = { 'Anna Schmidt': 'PERSON', Köln: 'LOCATION' };
const placeholder = /SLUICE_PERSON_NAME_[a-z2-7]{16}/g;

/** As {@link requestScan}, and it knows the detector's rules by name. */
function scanOf(options: TestScanOptions = {}): RequestScan {
  const known = [...testRules, ...detectorRules];
  return requestScan({ ruleOf: (id) => known.find((rule) => rule.id === id), ...options });
}

interface Options {
  readonly scan?: RequestScan;
  readonly parts?: DetectorParts;
  readonly head?: BodyHead;
  readonly seen?: Seen;
  /** How the body is cut. */
  readonly chunk?: number;
}

/** Reads a body, answering what it asks. */
function gather(input: unknown, options: Options = {}) {
  const { scan = scanOf(), parts = detectorParts(), head = json, chunk = Infinity } = options;
  const asking = new Asking(parts);
  const body = createGather(scan, head, asking);
  const bytes =
    input instanceof Uint8Array ? input : Buffer.from(typeof input === 'string' ? input : JSON.stringify(input));
  for (let at = 0; at < bytes.length; at += chunk) body.push(bytes.subarray(at, Math.min(bytes.length, at + chunk)));
  const asked: string[] = [];
  for (;;) {
    const questions = body.questions();
    if (questions.length === 0) break;
    asked.push(...questions.map(({ text }) => text));
    asking.answered(answersTo(questions, options.seen ?? seen));
  }
  const { output, findings, stop } = body.end();
  return { text: Buffer.concat([...output]).toString(), output, findings, stop, asked, asking, scan };
}

describe('a gathered body with a detector', () => {
  it('masks the names that the detector sees, and records the places that it is told to record', () => {
    const { text, findings, scan } = gather({ messages: [{ content: 'Mail Anna Schmidt in Köln' }] });

    expect(text).toMatch(/^\{"messages":\[\{"content":"Mail SLUICE_PERSON_NAME_[a-z2-7]{16} in Köln"\}\]\}$/);
    expect(findings).toMatchObject([
      { rule: 'detector/person', category: 'regulated', regimes: ['GDPR'], action: 'mask', confidence: 'probable' },
      { rule: 'detector/location', action: 'forward' },
    ]);
    expect([...scan.vault.entries()].map(({ value }) => Buffer.from(value).toString())).toEqual(['Anna Schmidt']);
  });

  it('asks about each string once, and about no name of a member, number or encoded data', () => {
    const { asked } = gather({
      first: 'some words',
      second: 'some words',
      'a member name': 12_345_678,
      data: 'QUJDRA'.repeat(80),
      nested: JSON.stringify({ deep: 'other words' }),
    });

    expect(asked.toSorted()).toEqual(['other words', 'some words']);
  });

  it('gives the same output whatever the chunks', () => {
    const body = { a: `${token('a')} for Anna Schmidt`, b: 'and again Anna Schmidt, Köln' };
    const whole = gather(body);

    for (const chunk of [1, 7, 31]) {
      const cut = gather(body, { chunk });
      expect([cut.text, cut.findings]).toEqual([whole.text, whole.findings]);
    }
  });

  it('sends the very chunks received when nothing is seen', () => {
    const chunk = Buffer.from('{"a":"nobody is here", "n": 1.0}');
    const { output, findings } = gather(chunk);

    expect([output[0]?.buffer === chunk.buffer, output.length, findings]).toEqual([true, 1, []]);
  });

  it('masks a value that was seen once wherever it stands, in names and encodings too, as the same placeholder', () => {
    const { text } = gather({
      note: 'Mail Anna Schmidt',
      'Anna Schmidt': 'x',
      coded: Buffer.from('from: Anna Schmidt, to: all').toString('base64'),
      nested: JSON.stringify({ to: 'Anna Schmidt' }),
    });

    expect(text).not.toContain('Anna Schmidt');
    const coded = Buffer.from(/"coded":"([^"]+)"/.exec(text)?.[1] ?? '', 'base64').toString();
    expect(new Set([...text.matchAll(placeholder), ...coded.matchAll(placeholder)].map(([one]) => one)).size).toBe(1);
  });

  it('gives one value one placeholder, also where the detector calls it two things', () => {
    const parts = detectorParts();
    const asking = new Asking({
      ...parts,
      rules: new Map([...parts.rules].map(([label, rule]) => [label, { ...rule, action: 'mask' }])),
    });
    const body = createGather(scanOf(), json, asking);
    body.push(Buffer.from('{"a":"ask Jordan River","b":"at Jordan River"}'));
    const questions = body.questions();
    const label = (text: string): Seen => ({ 'Jordan River': text.startsWith('ask') ? 'PERSON' : 'LOCATION' });
    asking.answered({
      spots: new Map(questions.flatMap((question) => [...answersTo([question], label(question.text)).spots])),
    });
    body.questions();
    const text = Buffer.concat([...body.end().output]).toString();

    expect(text).not.toContain('Jordan');
    expect(new Set(text.match(/SLUICE_\w+/g)).size).toBe(1);
  });

  it('gives the value the same placeholder in the next turn, and asks only about what is new', () => {
    const parts = detectorParts();
    const scan = scanOf();
    const turn = ['Mail Anna Schmidt'];
    const first = gather(turn, { parts, scan });

    const second = gather([...turn, 'And Anna Schmidt again'], { parts, scan });

    expect(second.asked).toEqual(['And Anna Schmidt again']);
    expect(second.text.startsWith(first.text.slice(0, -1))).toBe(true);
    expect(new Set(second.text.match(placeholder)).size).toBe(1);
  });

  it('does not ask about what may not be changed, even where the same text stands elsewhere', () => {
    const meaning = (path: readonly (string | number)[], _around: Surroundings) =>
      path[0] === 'fixed' ? ('structural' as const) : ('prose' as const);
    const both = gather(
      { fixed: { name: 'Anna' }, free: { name: 'Anna' } },
      { scan: scanOf({ meaning }), seen: { Anna: 'PERSON' } },
    );

    expect(both.asked).toEqual(['Anna']);
    expect(both.text).toMatch(/^\{"fixed":\{"name":"Anna"\},"free":\{"name":"SLUICE_PERSON_NAME_\w+"\}\}$/);
    expect(gather({ fixed: { name: 'Anna' } }, { scan: scanOf({ meaning }) }).asked).toEqual([]);
  });

  it('reads form fields, plain text and coded bodies', () => {
    const form = gather('to=Anna+Schmidt&n=1', {
      head: { contentType: 'application/x-www-form-urlencoded', coding: 'identity' },
    });
    const plain = gather('Mail Anna Schmidt', { head: { contentType: 'text/plain', coding: 'identity' } });
    const coded = gather(gzipSync('{"a":"Mail Anna Schmidt"}'), { head: { ...json, coding: 'gzip' } });

    expect(form.text).toMatch(/^to=SLUICE_PERSON_NAME_\w+&n=1$/);
    expect(plain.text).toMatch(/^Mail SLUICE_PERSON_NAME_\w+$/);
    expect(coded.findings).toMatchObject([{ rule: 'detector/person', action: 'mask' }]);
  });

  it('finds nothing in a placeholder, whatever the detector takes it for', () => {
    const scan = scanOf();
    const { text } = gather('{"a":"Mail Anna Schmidt"}', { scan });
    const shown = /SLUICE_\w+/.exec(text)?.[0] ?? '';

    const again = gather(
      { a: `Mail ${shown} Meier` },
      { scan: scanOf(), seen: { [`${shown} Meier`]: 'PERSON', [shown]: 'PERSON' } },
    );

    expect(again.text).toContain(`Mail ${shown} SLUICE_PERSON_NAME_`);
    expect(again.text).not.toContain('Meier');
  });

  it('judges a name and a secret that overlap once, as one splice', () => {
    const secret = token('b');
    const { text, findings } = gather({ a: `for ${secret} now` }, { seen: { [secret.slice(0, 10)]: 'PERSON' } });

    expect(findings.map(({ rule }) => rule).toSorted()).toEqual(['detector/person', 'test-token']);
    expect(text.match(/SLUICE_\w+/g)).toHaveLength(1);
  });

  it('blocks where a label is to be blocked', () => {
    const parts = detectorParts();
    const rules = new Map([...parts.rules].map(([label, rule]) => [label, { ...rule, action: 'block' as const }]));

    expect(gather({ a: 'Mail Anna Schmidt' }, { parts: { ...parts, rules } }).stop).toMatchObject({ kind: 'blocked' });
  });

  it('asks nothing about a body that cannot be read', () => {
    const { asked, stop } = gather('{"a": ', { scan: scanOf({ isKnownRoute: true }) });

    expect([asked, stop?.kind]).toEqual([[], 'unreadable']);
  });

  it('says that it was not asked when nobody saw to its questions', () => {
    const asking = new Asking(detectorParts());
    const body = createGather(scanOf(), json, asking);
    body.push(Buffer.from('{"a":"Mail Anna Schmidt"}'));
    body.end();

    expect(asking.failure).toBe('it was not asked');
  });
});
