import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/core/finding.ts';
import type { StopReason } from '../../../../src/core/transform.ts';
import type { BodyHead, RequestScan } from '../../../../src/inspect/request/scan.ts';
import { createStream } from '../../../../src/inspect/request/stream.ts';
import { randomFrom } from '../../../../src/rules/examples.ts';
import { loadRules } from '../../../../src/rules/load.ts';
import { createGather } from '../../../../src/inspect/request/gather.ts';
import { requestScan, token } from '../../../helpers/request-scan.ts';

const json: BodyHead = { contentType: 'application/json', coding: 'identity' };
const plain: BodyHead = { contentType: 'text/plain', coding: 'identity' };

interface Streamed {
  readonly text: string;
  readonly findings: readonly Finding[];
  readonly stop: StopReason | undefined;
}

function stream(scan: RequestScan, input: string | Uint8Array, head: BodyHead = json): Streamed {
  const body = createStream(scan, head);
  const steps = [body.push(Buffer.from(input))];
  if (steps[0]?.stop === undefined) steps.push(body.end());
  return {
    text: Buffer.concat(steps.flatMap(({ output }) => [...output])).toString(),
    findings: steps.flatMap(({ findings }) => [...findings]),
    stop: steps.at(-1)?.stop,
  };
}

describe('a streamed body', () => {
  it('masks a value whose name stands beside it', () => {
    const { text, findings } = stream(
      requestScan(),
      '[{"name":"title","value":"hunter-2-hunter"},{"name":"password","value":"hunter-2-hunter"}]',
    );

    expect(findings.map(({ where }) => where)).toEqual(['/1/value']);
    expect(text).toMatch(/^\[\{"name":"title","value":"hunter-2-hunter"\},\{"name":"password","value":"SLUICE_/);
  });

  it('releases a string as soon as it has ended', () => {
    const body = createStream(requestScan(), json);

    const first = body.push(Buffer.from('{"a":"one","b":"tw'));
    const second = body.push(Buffer.from('o","c'));

    expect(Buffer.concat([...first.output]).toString()).toBe('{"a":"one","b":');
    expect(Buffer.concat([...second.output]).toString()).toBe('"two",');
  });

  it('releases views of what it was given', () => {
    const body = createStream(requestScan(), json);
    const chunk = Buffer.from('{"a":"one"}');

    const { output } = body.push(chunk);

    expect(output[0]).toBe(chunk);
  });

  it('masks a value from where it is known', () => {
    const scan = requestScan();
    const secret = token('a');

    const { text } = stream(
      scan,
      JSON.stringify({ a: `x${secret}`, b: `is ${secret}.`, c: `x${secret}`, [`x${secret}`]: 1 }),
    );
    const [entry] = scan.vault.entries();
    const placeholder = entry?.placeholder ?? '';

    expect(JSON.parse(text)).toEqual({
      a: `x${secret}`,
      b: `is ${placeholder}.`,
      c: `x${placeholder}`,
      [`x${placeholder}`]: 1,
    });
  });

  it('passes a long string on while it goes on', () => {
    const body = createStream(requestScan(), json);
    const line = 'const x = 1; // and more\\n'.repeat(1000);
    let released = 0;
    let most = 0;

    body.push(Buffer.from('{"a":"'));
    for (let round = 1; round <= 40; round += 1) {
      released += body.push(Buffer.from(line)).output.reduce((sum, chunk) => sum + chunk.length, 0);
      most = Math.max(most, round * line.length - released);
    }

    expect(most).toBeLessThan(96 * 1024);
  });

  it('masks in a long string, also across its steps', () => {
    const scan = requestScan();
    const filler = 'words \\n '.repeat(3000);
    const source = `{"a":"${filler}${token('a')} ${filler}${token('b')}${' \\"'.repeat(4000)}${token('a')}"}`;

    const { text, findings } = stream(scan, source);

    expect(text).not.toContain('tkn_');
    expect(findings).toHaveLength(3);
    for (const { start, end } of findings) expect(source.slice(start, end)).toMatch(/^tkn_[ab]{24}$/);
    expect(text.length).toBeLessThan(source.length + 200);
    JSON.parse(text);
  });

  it('masks base64 in a long string', () => {
    const scan = requestScan();
    const filler = 'some words '.repeat(2000);
    const run = Buffer.from(`hidden ${token('a')} here`).toString('base64');

    const { text } = stream(scan, JSON.stringify({ a: `${filler}${run} ${filler}` }));
    const inside = /[A-Za-z0-9+/]{40,}={0,2}/.exec(text)?.[0] ?? '';
    const [entry] = scan.vault.entries();

    expect(Buffer.from(inside, 'base64').toString()).toBe(`hidden ${entry?.placeholder ?? ''} here`);
  });

  it('blocks what stands in a base64 text too long to be encoded anew', () => {
    const words = 'many words in a file. '.repeat(8000);
    const run = Buffer.from(`${words}${token('a')} ${words}`).toString('base64');

    expect(stream(requestScan(), JSON.stringify({ a: run })).stop?.kind).toBe('blocked');
    expect(stream(requestScan(), JSON.stringify({ a: Buffer.from(words).toString('base64') })).stop).toBeUndefined();
  });

  it.each([40, 8000, 60_000])('masks compressed text in a string, short or long (%i lines)', (count) => {
    const scan = requestScan();
    const noise = (index: number): string => String((index * 2_654_435_761) % 4_294_967_291);
    const lines = Array.from({ length: count }, (_, index) => `${noise(index)}\n`).join('');
    const run = gzipSync(`${lines}${token('a')}\n${lines}`).toString('base64');
    const input = { a: `data: ${run}\n${'some words '.repeat(count)}` };

    const { text, findings, stop } = stream(scan, JSON.stringify(input));

    expect(stop).toBeUndefined();
    const [, coded = ''] = /"data: ([A-Za-z0-9+/]+={0,2})\\n/.exec(text) ?? [];
    const [entry] = scan.vault.entries();
    expect(gunzipSync(Buffer.from(coded, 'base64')).toString()).toBe(`${lines}${entry?.placeholder ?? ''}\n${lines}`);
    expect(findings).toMatchObject([{ rule: 'test-token', encoding: ['base64-gzip'] }]);
  });

  it.each([0, 100_000])('stops where a compressed text grows beyond the limits, behind %i bytes', (before) => {
    const bomb = gzipSync('a'.repeat(8 * 1024 * 1024)).toString('base64');

    const { text, stop } = stream(requestScan(), JSON.stringify({ a: 'x '.repeat(before / 2) + bomb }));

    expect(stop?.kind).toBe('limit');
    expect(text).not.toContain('H4sI');
  });

  it('holds JSON in a string whole, and undoes its escapes', () => {
    const scan = requestScan();
    const inner = JSON.stringify({ text: `${'line "quoted"\n'.repeat(3000)}password="a/b-secret-of-me"` });

    const { text, findings } = stream(scan, JSON.stringify({ arguments: inner }));

    expect(findings).toMatchObject([{ encoding: ['json'], where: '/arguments' }]);
    const outer: unknown = JSON.parse(text);
    expect(JSON.parse(String(Object(outer).arguments))).toBeTypeOf('object');
  });

  it('stops where a finding is blocked; nothing from there on leaves', () => {
    const scan = requestScan({
      judge: ({ rule }) => ({ action: rule === 'test-number' ? 'block' : 'mask', as: 'placeholder', by: 'policy[0]' }),
    });

    const { text, stop, findings } = stream(scan, '{"a":"fine","n":4929123412341234,"b":"never"}');

    expect([text, stop?.kind, findings.length]).toEqual(['{"a":"fine","n":', 'blocked', 1]);
  });

  it('stops at a number that is the whole body', () => {
    const scan = requestScan({ judge: () => ({ action: 'block', as: 'placeholder', by: 'policy[0]' }) });
    const body = createStream(scan, json);
    const steps = [body.push(Buffer.from('4929')), body.push(Buffer.from('123412341234')), body.end()];

    expect(steps.flatMap(({ output }) => [...output])).toEqual([]);
    expect(steps.at(-1)?.stop?.kind).toBe('blocked');
  });

  it.each([
    ['malformed JSON', '{"a":"b",}', '{"a":"b",'],
    ['a control character', '{"a":"b\u0001"}', '{"a":'],
    ['an end too soon', '{"a":"b', '{"a":'],
    ['text', 'hello', ''],
  ])('is unreadable on a known route from where it is %s', (_what, source, released) => {
    const { text, stop } = stream(requestScan({ isKnownRoute: true }), source);

    expect([text, stop?.kind]).toEqual([released, 'unreadable']);
  });

  it('is unreadable where it is not UTF-8', () => {
    const bytes = Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]);

    expect(stream(requestScan({ isKnownRoute: true }), bytes)).toMatchObject({
      stop: { kind: 'unreadable' },
      text: '{"a":',
    });
  });

  it('reads on as text where it turns out not to be JSON', () => {
    const { text, stop, findings } = stream(requestScan(), `{"a":"b"} and then ${token('a')} text`);

    expect([stop, findings.length]).toEqual([undefined, 1]);
    expect(text).toMatch(/^\{"a":"b"\} and then SLUICE_TEST_TOKEN_[a-z2-7]{16} text$/);
  });

  it('reads text and NDJSON', () => {
    expect(stream(requestScan(), ` a ${token('a')} b`, plain).findings).toHaveLength(1);
    const lines = `{"a":"${token('a')}"}\n{"b":"\\u0074${token('b').slice(1)}"}\n`;
    const read = stream(requestScan(), lines, { contentType: 'application/x-ndjson', coding: 'identity' });
    expect(read.findings.map(({ where }) => where)).toEqual(['/a', '/b']);
  });

  it('does not rewrite binary data', () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0x00]), Buffer.from(` ${token('a')} `)]);

    expect(stream(requestScan(), bytes, plain).stop?.kind).toBe('blocked');
  });

  it('does not read on past the limit', () => {
    const scan = requestScan({ limits: { bodyBytes: 12, decodeDepth: 4, expansionRatio: 200 } });

    expect(stream(scan, '{"a":"b","c":"d"}')).toMatchObject({ text: '{"a":"b","c"', stop: { kind: 'limit' } });
  });

  it.each([
    ['{"a":"b","c":"d"}', ':"d"}'],
    ['{"a":"bcdefghijkl"}', '"bcdefghijkl"}'],
    ['{"a":1,]"b":2}', ']"b":2}'],
  ])('hands out what it did not release of %s when it has stopped', (source, rest) => {
    const limits = { bodyBytes: 12, decodeDepth: 4, expansionRatio: 200 };
    const body = createStream(requestScan({ limits, isKnownRoute: true }), json);

    const { output, stop } = body.push(Buffer.from(source));

    expect(stop).toBeDefined();
    expect(Buffer.concat([...output, ...body.rest()]).toString()).toBe(source);
    expect(Buffer.concat([...output]).toString()).toBe(source.slice(0, source.length - rest.length));
  });

  it('knows the meaning of a string by what stood before it', () => {
    const meaning: RequestScan['meaning'] = (path, around) =>
      path.at(-1) === 'data' && around.sibling('type') === 'image' ? 'opaque' : 'prose';
    const data = Buffer.from(Array.from({ length: 60_000 }, (_, at) => (at * 83) % 251)).toString('base64');
    const body = createStream(requestScan({ meaning, protect: ['a-protected-value-16'] }), json);
    const source = Buffer.from(JSON.stringify({ type: 'image', data }));

    const { output } = body.push(source);
    const rest = body.end();

    expect(Buffer.concat([...output, ...rest.output]).equals(source)).toBe(true);
    expect(body.coverage()).toEqual({ read: source.length - data.length, opaque: data.length, unread: 0 });
  });

  it.each([1000, 40_000])('blocks a protected value in %i bytes of opaque data', (size) => {
    const meaning: RequestScan['meaning'] = (path) => (path.at(-1) === 'data' ? 'opaque' : 'prose');
    const data = Buffer.concat([
      Buffer.from(Array.from({ length: size }, (_, at) => (at * 83) % 251)),
      Buffer.from('a-protected-value-16'),
      Buffer.from(Array.from({ length: size }, (_, at) => (at * 7) % 251)),
    ]).toString('base64');

    const { stop } = stream(requestScan({ meaning, protect: ['a-protected-value-16'] }), JSON.stringify({ data }));

    expect(stop?.kind).toBe('blocked');
  });

  it('may be empty', () => {
    expect(createStream(requestScan({ isKnownRoute: true }), json).end()).toEqual({ output: [], findings: [] });
  });
});

describe('a private key in a streamed body', () => {
  const keyRules = loadRules(['secrets/private-keys']);
  const random = randomFrom(5);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const chars = (count: number): string =>
    Array.from({ length: count }, () => alphabet[Math.floor(random() * 64)] ?? 'A').join('');
  const keyOf = (lines: number): string =>
    ['-----BEGIN PGP PRIVATE KEY BLOCK-----', '', ...Array.from({ length: lines }, () => chars(64)), '=aB3d']
      .concat('-----END PGP PRIVATE KEY BLOCK-----')
      .join('\n');
  const numbered = (text: string): string =>
    text
      .split('\n')
      .map((line, index) => `${String(index + 1).padStart(6)}\t${line}`)
      .join('\n');
  const filler = 'const before = 1;\n'.repeat(5000);

  it.each([
    ['as it is', (text: string) => text],
    ['behind line numbers', numbered],
  ])('is masked whole where it is long, %s, and restored from the vault', (_what, dress) => {
    const key = keyOf(5000);
    const source = JSON.stringify({ a: `${filler}${dress(`${key}\nthe end of it`)}`, b: filler });
    const bytes = Buffer.from(source);
    const outputs = [bytes.length, 65_536, 10_007].map((size) => {
      const scan = requestScan({ rules: keyRules });
      const body = createStream(scan, json);
      const output: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += size) output.push(...body.push(bytes.subarray(at, at + size)).output);
      output.push(...body.end().output);
      const [entry] = scan.vault.entries();
      expect(Buffer.from(entry?.value ?? []).toString()).toBe(key);
      return Buffer.concat(output).toString();
    });
    const gathered = createGather(requestScan({ rules: keyRules }), json);
    gathered.push(bytes);
    const whole = Buffer.concat([...gathered.end().output]).toString();

    expect(new Set(outputs)).toEqual(new Set([whole]));
    expect(whole).toMatch(/SLUICE_\w+(?:\\n|\n) *(?:\d+\\t)?the end of it/);
    expect(whole.length).toBeLessThan(2 * filler.length + 12_000);
  });

  it('stops where it is longer than what may be masked', () => {
    const source = JSON.stringify({ a: `${filler}${keyOf(20_000)}`, b: filler });

    const { text, findings, stop } = stream(requestScan({ rules: keyRules }), source);

    expect(stop?.kind).toBe('blocked');
    expect(text).not.toContain('BEGIN PGP');
    expect(findings).toMatchObject([{ rule: 'private-key', action: 'block', reason: 'too long to be masked' }]);
  });

  it('lets text leave that only names a key', () => {
    const source = JSON.stringify({ a: `-----BEGIN PRIVATE KEY-----\n${filler}` });
    const body = createStream(requestScan({ rules: keyRules }), json);

    const { output } = body.push(Buffer.from(source.slice(0, -2)));

    expect(Buffer.concat([...output]).length).toBeGreaterThan(source.length - 40_000);
  });
});
