import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/core/finding.ts';
import type { StopReason } from '../../../../src/core/transform.ts';
import { formsOf } from '../../../../src/detect/known-values-forms.ts';
import { createGather } from '../../../../src/inspect/request/gather.ts';
import type { BodyHead, RequestBody, RequestScan } from '../../../../src/inspect/request/scan.ts';
import { requestScan, testRules, token } from '../../../helpers/request-scan.ts';
import { plainRule } from '../../../helpers/rules.ts';

const json: BodyHead = { contentType: 'application/json', coding: 'identity' };
const typed = (contentType: string | undefined): BodyHead => ({ contentType, coding: 'identity' });

interface Gathered {
  readonly text: string;
  readonly chunks: readonly Uint8Array[];
  readonly findings: readonly Finding[];
  readonly stop: StopReason | undefined;
  readonly body: RequestBody;
}

function gather(scan: RequestScan, input: unknown, head: BodyHead = json): Gathered {
  const bytes =
    input instanceof Uint8Array ? input : Buffer.from(typeof input === 'string' ? input : JSON.stringify(input));
  const body = createGather(scan, head);
  const pushed = body.push(bytes);
  const { output, findings, stop } = pushed.stop === undefined ? body.end() : pushed;
  return { text: Buffer.concat([...output]).toString(), chunks: output, findings, stop, body };
}

const placeholderOf = (scan: RequestScan, value: string): string => {
  for (const entry of scan.vault.entries()) if (Buffer.from(entry.value).toString() === value) return entry.placeholder;
  throw new Error('the value is not in the vault');
};

describe('a gathered body', () => {
  it('goes out as the very chunks received when it is clean', () => {
    const chunks = [Buffer.from('{"a":"b'), Buffer.from('c","n":12345678901234567890,"d":1.0}')];
    const body = createGather(requestScan(), json);
    for (const chunk of chunks) expect(body.push(chunk)).toEqual({ output: [], findings: [] });

    const { output, findings } = body.end();

    expect(output.map((chunk, index) => chunk === chunks[index])).toEqual([true, true]);
    expect([findings, body.isChanged, body.coverage()]).toEqual([[], false, { read: 43, opaque: 0, unread: 0 }]);
  });

  it.each(['my-protected-value', 'my-protected-value-1', 'my-protected-value-12'])(
    'masks %s in base64 texts that touch at different alignments',
    (value) => {
      const scan = requestScan({ protect: [value] });
      const bare = (text: string): string => Buffer.from(text).toString('base64').replace(/=+$/, '');
      const forms = formsOf(Buffer.from(value)).map(({ bytes }) => Buffer.from(bytes).toString());

      const { text, stop } = gather(scan, {
        a: `${bare(value)}${bare(`x${value}`)}${bare(`xy${value}`)}${bare(value)}`,
      });

      expect(stop).toBeUndefined();
      expect(forms.filter((form) => text.includes(form))).toEqual([]);
    },
  );

  it('masks what stands in lines of base64 whose first line alone is a value by itself', () => {
    const settings = JSON.stringify({ auths: { 'registry.test': { auth: `${'x'.repeat(10)} ${token('q')}` } } });
    const lines = Buffer.from(settings).toString('base64').replaceAll(/.{76}/g, '$&\n');
    const rule = plainRule('test-settings', String.raw`\b(?<value>eyJhdXRocyI6[A-Za-z0-9+/]{20,})`);
    const scan = requestScan({ rules: [...testRules, rule] });

    const { text } = gather(scan, { a: `settings:\n${lines}\n` });

    const left = String(JSON.parse(text).a).replaceAll('\n', '');
    expect(lines.split('\n').filter((line) => left.includes(line))).toEqual([]);
  });

  it.each(['%20', '%2520', '%3D'])('replaces only the value in base64 inside a word with %s in it', (escape) => {
    const scan = requestScan();
    const coded = (inner: string): string => Buffer.from(inner).toString('base64url');
    const word = (inner: string): string => `https://h.test/?a=${escape}&q=${coded(`see ${inner} there`)}&b=${escape}`;

    const { text, findings } = gather(scan, { a: word(token('p')) });

    expect(JSON.parse(text)).toEqual({ a: word(placeholderOf(scan, token('p'))) });
    expect(findings).toMatchObject([{ rule: 'test-token', encoding: ['base64'] }]);
  });

  it.each(['pw=my-password&1 of+2', 'pw=my-password%261+of%2B2', 'pw=my-password&1%20of%2B2&z'])(
    'masks a protected value that its own characters cut in a form: %s',
    (form) => {
      const scan = requestScan({ protect: ['my-password&1 of+2'] });

      const { text, findings } = gather(scan, `a=1&${form}`, typed('application/x-www-form-urlencoded'));

      expect(text).toBe(`a=1&pw=${placeholderOf(scan, 'my-password&1 of+2')}${form.endsWith('&z') ? '&z' : ''}`);
      expect(findings).toMatchObject([{ rule: 'protected-value', start: 7, action: 'mask' }]);
    },
  );

  it('reads base64 whose slashes and padding are percent-encoded as one text', () => {
    const scan = requestScan();
    const coded = (inner: string): string => encodeURIComponent(Buffer.from(`??? ${inner} ???>`).toString('base64'));

    const { text, findings } = gather(scan, { a: `q=${coded(token('p'))}` });

    expect(JSON.parse(text)).toEqual({ a: `q=${coded(placeholderOf(scan, token('p')))}` });
    expect(findings).toMatchObject([{ rule: 'test-token', encoding: ['percent', 'base64'] }]);
  });

  it('masks a value in place and nothing else', () => {
    const scan = requestScan();
    const source = `{ "model":"m", "text" : "line\\n${token('a')} \\u00e9", "n":1.0 }`;

    const { text, findings, body } = gather(scan, source);

    expect(text).toBe(source.replace(token('a'), placeholderOf(scan, token('a'))));
    expect(body.isChanged).toBe(true);
    expect(findings).toMatchObject([
      {
        rule: 'test-token',
        where: '/text',
        start: source.indexOf('tkn_'),
        end: source.indexOf('tkn_') + 28,
        action: 'mask',
      },
    ]);
  });

  it('masks a value found once everywhere, before and after, in every encoding', () => {
    const value = 'no rule knows this 1';
    const scan = requestScan();
    const source = {
      before: `${token('q')} alone`,
      base64: Buffer.from(`xy ${token('q')}!`).toString('base64'),
      hex: Buffer.from(token('q')).toString('hex'),
      odd: 'KEEP',
      words: value,
    };
    const raw = JSON.stringify(source).replace(
      'KEEP',
      Array.from(token('q'), (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    );

    const { text } = gather(scan, raw);
    const placeholder = placeholderOf(scan, token('q'));

    expect(JSON.parse(text)).toEqual({
      before: `${placeholder} alone`,
      base64: Buffer.from(`xy ${placeholder}!`).toString('base64'),
      hex: Buffer.from(placeholder).toString('hex'),
      odd: placeholder,
      words: value,
    });
    expect(scan.learned).toEqual([token('q')]);
  });

  it('masks a value whose name stands beside it', () => {
    const named = (name: string): object => ({ name, value: 'hunter-2-hunt' });
    const { findings } = gather(requestScan(), [named('title'), named('password')]);

    expect(findings.map(({ where, rule }) => [where, rule])).toEqual([['/1/value', 'test-assignment']]);
  });

  it('masks a value before the context that gives it away', () => {
    const secret = 'Zx9'.repeat(6);
    const { matcher } = requestScan();
    const scan = requestScan({
      matcher: {
        ...matcher,
        scan(text, from, isComplete) {
          const { matches, resume } = matcher.scan(text, from, isComplete);
          return { resume, matches: matches.map((match) => ({ ...match, confidence: 'probable' as const })) };
        },
      },
    });

    const { text } = gather(scan, { first: `see ${secret}`, second: `password = "${secret}"` });

    expect(text).not.toContain(secret);
  });

  it.each([
    ['a number', { n: 4929123412341234 }, (p: string) => ({ n: p })],
    ['a member name', { [token('m')]: 1 }, (p: string) => ({ [p]: 1 })],
    [
      'JSON in a string',
      { a: JSON.stringify({ b: `say "${token('m')}"` }) },
      (p: string) => ({ a: JSON.stringify({ b: `say "${p}"` }) }),
    ],
    [
      'JSON in JSON in a string',
      { a: JSON.stringify({ b: JSON.stringify([`"${token('m')}"`]) }) },
      (p: string) => ({ a: JSON.stringify({ b: JSON.stringify([`"${p}"`]) }) }),
    ],
    ['a number in a string', { a: '{"n":4929123412341234}' }, (p: string) => ({ a: `{"n":"${p}"}` })],
    [
      'JSON in base64 in JSON',
      { a: Buffer.from(JSON.stringify({ b: token('m') })).toString('base64') },
      (p: string) => ({ a: Buffer.from(JSON.stringify({ b: p })).toString('base64') }),
    ],
    ['a member named like a secret', { password: 'hunter-2-hunter' }, (p: string) => ({ password: p })],
  ])('masks %s so that it stays valid', (_what, source, expected) => {
    const scan = requestScan();

    const { text, findings } = gather(scan, source);
    const [entry] = scan.vault.entries();

    expect(JSON.parse(text)).toEqual(expected(entry?.placeholder ?? ''));
    expect(findings).toHaveLength(1);
  });

  it('reports the layers of an encoding and the outer range', () => {
    const source = { a: Buffer.from(JSON.stringify({ b: token('m') })).toString('base64') };
    const raw = JSON.stringify(source);

    const [finding] = gather(requestScan(), source).findings;

    expect(finding).toMatchObject({ where: '/a', encoding: ['base64', 'json'] });
    const range = raw.slice(finding?.start, finding?.end);
    expect(Buffer.from(range, 'base64').toString()).toContain(token('m'));
  });

  it('never writes a member name that holds something into a pointer', () => {
    const { findings } = gather(requestScan(), { [token('m')]: { x: token('z') } });

    expect(findings.map(({ where }) => where)).toEqual(['/*', '/*/x']);
  });

  it('records what policy only forwards, and changes nothing', () => {
    const { text, findings } = gather(requestScan(), { to: 'write to someone@example.test' });

    expect(JSON.parse(text)).toEqual({ to: 'write to someone@example.test' });
    expect(findings).toMatchObject([{ rule: 'test-address', action: 'forward' }]);
  });

  it('leaves placeholders of earlier turns alone', () => {
    const scan = requestScan();
    const placeholder = scan.placeholders.make('PASSWORD', Buffer.from('some value'));
    const source = { text: `password = "${placeholder}" and ${placeholder}` };

    expect(gather(scan, source)).toMatchObject({ text: JSON.stringify(source), findings: [] });
    const fake = `${placeholder.slice(0, -1)}${placeholder.endsWith('a') ? 'b' : 'a'}`;
    expect(gather(scan, { text: `password = "${fake}"` }).findings).toHaveLength(1);
  });

  it('masks what is written right behind a placeholder of an earlier turn', () => {
    const scan = requestScan();
    const placeholder = scan.placeholders.make('PASSWORD', Buffer.from('some value'));

    const { text, findings } = gather(scan, { text: `password = "${placeholder}correct-horse"; ${placeholder}` });

    expect(JSON.parse(text)).toEqual({
      text: `password = "${placeholder}${placeholderOf(scan, 'correct-horse')}"; ${placeholder}`,
    });
    expect(findings).toMatchObject([{ rule: 'test-assignment', action: 'mask' }]);
    expect(gather(scan, text)).toMatchObject({ text, findings: [] });
  });

  it('leaves a placeholder alone that stands encoded behind another', () => {
    const scan = requestScan();
    const placeholder = scan.placeholders.make('PASSWORD', Buffer.from('some value'));
    const source = { text: `password = "${placeholder}-${Buffer.from(placeholder).toString('base64')}"` };

    expect(gather(scan, source)).toMatchObject({ text: JSON.stringify(source), findings: [] });
  });

  it('leaves placeholders alone that stand encoded', () => {
    const scan = requestScan();
    const placeholder = scan.placeholders.make('PASSWORD', Buffer.from('some value'));
    const source = {
      password: Buffer.from(placeholder).toString('base64'),
      text: Buffer.from(placeholder).toString('hex'),
    };

    expect(gather(scan, source)).toMatchObject({ text: JSON.stringify(source), findings: [] });
  });

  it('stands for all of the text where findings overlap, and records both', () => {
    const protectedValue = `${token('a').slice(10)} and more`;
    const scan = requestScan({ protect: [protectedValue] });
    const whole = `${token('a')} and more`;

    const { text, findings } = gather(scan, { text: `<${whole}>` });

    expect(JSON.parse(text)).toEqual({ text: `<${placeholderOf(scan, whole)}>` });
    expect(findings.map(({ rule }) => rule)).toEqual(['test-token', 'protected-value']);
  });

  it('gives one placeholder to a key whatever its decoration', () => {
    const scan = requestScan();
    const lines = ['-----BEGIN TEST KEY-----', 'QUJD'.repeat(16), '-----END TEST KEY-----'];
    const numbered = lines.map((line, index) => `${String(index + 1)}\t${line}`).join('\n');

    const { text } = gather(scan, { a: lines.join('\n'), b: numbered });
    const placeholder = placeholderOf(scan, lines.join('\n'));

    expect(JSON.parse(text)).toEqual({ a: placeholder, b: `1\t${placeholder}` });
    expect(scan.vault.size).toBe(1);
  });

  it('remembers the host of the URL that a value stood in', () => {
    const scan = requestScan();

    gather(scan, { text: `curl https://api.test/x?key=${token('a')}` });

    expect([...scan.vault.entries()].map(({ urlHosts }) => urlHosts)).toEqual([['api.test']]);
  });

  it('blocks when policy says so, with every finding', () => {
    const scan = requestScan({
      judge: ({ rule }) => ({ action: rule === 'test-number' ? 'block' : 'mask', as: 'placeholder', by: 'policy[0]' }),
    });

    const { stop, chunks, findings } = gather(scan, { a: token('a'), n: 4929123412341234 });

    expect([stop?.kind, chunks.length]).toEqual(['blocked', 0]);
    expect(findings.map(({ action }) => action)).toEqual(['mask', 'block']);
  });

  it('withholds without a placeholder where policy says so', () => {
    const scan = requestScan({ judge: () => ({ action: 'mask', as: 'withheld', by: 'policy[0]' }) });

    expect(JSON.parse(gather(scan, { a: token('a') }).text)).toEqual({ a: '[withheld by policy: test-token]' });
    expect(scan.vault.size).toBe(0);
  });

  it('changes nothing where everything is forwarded', () => {
    const scan = requestScan({ judge: () => ({ action: 'forward', as: 'placeholder', by: 'observe' }) });
    const source = { a: token('a'), b: token('a') };

    const { text, findings } = gather(scan, source);

    expect(text).toBe(JSON.stringify(source));
    expect(findings.map(({ action }) => action)).toEqual(['forward', 'forward']);
    expect(scan.learned).toEqual([]);
  });
});

describe('quoted-printable in a gathered body', () => {
  const mail = (value: string): string =>
    `Content-Transfer-Encoding: quoted-printable\r\n\r\nHello, this is the key that you asked me for, here it is: ${value} bye`;

  it.each([
    ['a line end', (value: string) => `${value.slice(0, 9)}=\r\n${value.slice(9)}`],
    ['a line end and nothing encoded', (value: string) => `${value.slice(0, 9)}=\n${value.slice(9)}`],
    [
      'a code',
      (value: string) => `${value.slice(0, 9)}=${Buffer.from(value[9] ?? '').toString('hex')}${value.slice(10)}=3D`,
    ],
  ])('a value is masked across %s', (_what, dress) => {
    const scan = requestScan();
    const value = token('q');

    const { text, findings } = gather(scan, { a: mail(dress(value)) });

    const sent = mail(dress(value).replace(/^tkn_.*q/s, placeholderOf(scan, value)));
    expect(JSON.parse(text)).toEqual({ a: sent });
    expect(findings).toMatchObject([{ rule: 'test-token', encoding: ['escapes'] }]);
  });

  it('a protected value is masked whatever of it is encoded', () => {
    const scan = requestScan({ protect: ['k9/aB+c3==/Zx81-qq'] });

    const { text } = gather(scan, { a: 'x=3D1 k9=2FaB=2Bc3=3D=3D/Zx8=\n1-qq' });

    expect(JSON.parse(text)).toEqual({ a: `x=3D1 ${placeholderOf(scan, 'k9/aB+c3==/Zx81-qq')}` });
  });
});

describe('compressed text in a gathered body', () => {
  const lines = (value: string): string =>
    Array.from({ length: 40 }, (_, index) => `line ${String(index)}\n`).join('') + `key: ${value}\n`;
  const inBase64 = (text: string): string => gzipSync(text).toString('base64');
  const outOf = (coded: string): string => gunzipSync(Buffer.from(coded, 'base64')).toString();

  it('is masked and compressed anew, in base64 of base64 too, as Helm stores releases', () => {
    const scan = requestScan();
    const release = JSON.stringify({ name: 'r', manifest: lines(token('h')) });
    const twice = Buffer.from(inBase64(release)).toString('base64');

    const { text, findings } = gather(scan, { gz: inBase64(lines(token('g'))), data: { release: twice } });

    const { gz, data } = Object(JSON.parse(text));
    expect(outOf(gz)).toBe(lines(placeholderOf(scan, token('g'))));
    const inner = Buffer.from(data.release, 'base64').toString();
    expect(JSON.parse(outOf(inner))).toEqual({ name: 'r', manifest: lines(placeholderOf(scan, token('h'))) });
    expect(findings).toMatchObject([
      { rule: 'test-token', where: '/gz', encoding: ['base64-gzip'] },
      { rule: 'test-token', where: '/data/release', encoding: ['base64', 'base64-gzip', 'json'] },
    ]);
    expect(gather(scan, text).chunks.map((chunk) => Buffer.from(chunk).toString())).toEqual([text]);
  });

  it('shows a value that was found elsewhere', () => {
    const scan = requestScan({ protect: ['my-protected-value'] });

    const { text } = gather(scan, { a: inBase64(lines('my-protected-value')), b: inBase64(lines('nothing')) });

    const { a, b } = Object(JSON.parse(text));
    expect(outOf(a)).toBe(lines(placeholderOf(scan, 'my-protected-value')));
    expect(b).toBe(inBase64(lines('nothing')));
  });

  it('is unreadable where it grows beyond the limits, and passes where it is no text', () => {
    const bomb = (byte: string): string => inBase64(byte.repeat(8 * 1024 * 1024));

    expect(gather(requestScan(), { a: bomb('a') }).stop).toEqual({
      kind: 'limit',
      reason: 'a compressed text in it is larger than `limits.expansionRatio` allows',
    });
    expect(gather(requestScan(), { a: bomb('\0') })).toMatchObject({ stop: undefined, findings: [] });
  });
});

describe('meaning in a gathered body', () => {
  const meaning: RequestScan['meaning'] = (path, around) => {
    const name = path.at(-1);
    if (name === 'id' || name === 'model') return 'structural';
    if (name === 'thinking') return 'signed';
    return name === 'data' && around.sibling('type') === 'image' ? 'opaque' : 'prose';
  };
  const data = Buffer.from(Array.from({ length: 90 }, (_, at) => (at * 83) % 256)).toString('base64');

  it.each([
    ['a protected value that is a model', { model: 'my-protected-model-1' }, 'forward'],
    ['a found secret in an id', { id: token('a') }, 'forward'],
    ['anything in signed text', { thinking: `I saw ${token('a')} and my-protected-model-1` }, 'forward'],
  ])('records %s and changes nothing', (_what, source, action) => {
    const scan = requestScan({ meaning, protect: ['my-protected-model-1'] });

    const { text, findings, stop } = gather(scan, source);

    expect([text, stop]).toEqual([JSON.stringify(source), undefined]);
    expect(new Set(findings.map((finding) => finding.action))).toEqual(new Set([action]));
  });

  it('blocks a certain secret in a structural place', () => {
    const certain = requestScan().matcher;
    const scan = requestScan({
      meaning,
      matcher: {
        ...certain,
        scan(text, from, isComplete) {
          const { matches, resume } = certain.scan(text, from, isComplete);
          return { resume, matches: matches.map((match) => ({ ...match, confidence: 'certain' as const })) };
        },
      },
    });

    expect(gather(scan, { id: token('a') }).stop?.kind).toBe('blocked');
  });

  it('does not read opaque data, wherever its type stands, but counts it', () => {
    const source = { block: { data, type: 'image' } };

    const { text, body } = gather(requestScan({ meaning }), source);

    expect(text).toBe(JSON.stringify(source));
    expect(body.coverage().opaque).toBe(data.length);
  });

  it('blocks a protected value in opaque data', () => {
    const scan = requestScan({ meaning, protect: ['a-protected-value-16'] });
    const hidden = Buffer.concat([Buffer.from(data, 'base64'), Buffer.from('a-protected-value-16')]).toString('base64');

    expect(gather(scan, { type: 'image', data: hidden }).stop?.kind).toBe('blocked');
  });

  it('reads what is called an image and is text', () => {
    const scan = requestScan({ meaning });
    const source = { type: 'image', data: Buffer.from(`a file that holds ${token('a')}`).toString('base64') };

    const { text, findings } = gather(scan, source);

    expect(findings).toHaveLength(1);
    expect(Buffer.from(Object(JSON.parse(text)).data, 'base64').toString()).toBe(
      `a file that holds ${placeholderOf(scan, token('a'))}`,
    );
  });
});

describe('forms of a gathered body', () => {
  it('is masked inside gzip and coded as before', () => {
    const scan = requestScan();
    const head: BodyHead = { contentType: 'application/json', coding: 'gzip' };

    const { chunks } = gather(scan, gzipSync(JSON.stringify({ a: token('a') })), head);

    expect(JSON.parse(gunzipSync(Buffer.concat([...chunks])).toString())).toEqual({
      a: placeholderOf(scan, token('a')),
    });
  });

  it('goes out as the very coded bytes when it is clean', () => {
    const bytes = gzipSync('{"a":"b"}');

    expect(gather(requestScan(), bytes, { contentType: 'application/json', coding: 'gzip' }).chunks[0]).toBe(bytes);
  });

  it.each([
    ['a form', 'application/x-www-form-urlencoded', `user=me&password=hunter-2%20hunter%22&x=${token('a')}`, 2],
    ['NDJSON', 'application/x-ndjson', `{"a":"${token('a')}"}\n{"b":"${token('b')}"}\n`, 2],
    ['text', 'text/plain', `a ${token('a')} b`, 1],
    ['JSON that says it is text', 'text/plain', `{"a":"\\u0074${token('a').slice(1)}"}`, 1],
    ['malformed JSON, as text', 'application/json', `{"a":"${token('a')}`, 1],
    ['no type at all', undefined, `a ${token('a')} b`, 1],
    ['multipart', 'multipart/form-data; boundary=x', `--x\r\n\r\n${token('a')}\r\n\xff\r\n--x--\r\n`, 1],
  ])('reads %s', (_what, type, source, count) => {
    const { text, findings, stop } = gather(requestScan(), Buffer.from(source, 'latin1'), typed(type));

    expect([stop, findings.length]).toEqual([undefined, count]);
    expect(text).not.toContain('tkn_');
  });

  it('encodes what it puts into a form', () => {
    const scan = requestScan({ judge: () => ({ action: 'mask', as: 'withheld', by: 'policy[0]' }) });

    const { text } = gather(scan, `x=${token('a')}&y=1`, typed('application/x-www-form-urlencoded'));

    expect(new URLSearchParams(text).get('x')).toBe('[withheld by policy: test-token]');
  });

  it.each([
    ['malformed JSON', '{"a":', 'application/json'],
    ['two values', '{} {}', 'application/json'],
    ['text', 'hello', 'text/plain'],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'application/json'],
    ['a byte order mark', '\u{feff}{}', 'application/json'],
  ])('is unreadable on a known route as %s', (_what, source, type) => {
    const result = gather(requestScan({ isKnownRoute: true }), source, typed(type));

    expect([result.stop?.kind, result.chunks.length, result.body.coverage().read]).toEqual(['unreadable', 0, 0]);
  });

  it.each([
    ['an undecodable charset', '{}', { contentType: 'application/json; charset=utf-16', coding: 'identity' }],
    ['a broken coding', 'no gzip', { contentType: 'application/json', coding: 'gzip' }],
  ] as const)('is unreadable with %s', (_what, source, head) => {
    expect(gather(requestScan(), source, head).stop?.kind).toBe('unreadable');
  });

  it('does not rewrite binary data: what would have to be masked blocks', () => {
    const bytes = Buffer.concat([Buffer.from([0, 0xff, 1]), Buffer.from(` ${token('a')} `)]);

    expect(gather(requestScan(), bytes, typed('application/octet-stream')).stop?.kind).toBe('blocked');
    const clean = Buffer.from([0, 0xff, 1]);
    expect(gather(requestScan(), clean, typed('application/octet-stream'))).toMatchObject({ chunks: [clean] });
  });

  it('is limited in size', () => {
    const scan = requestScan({ limits: { bodyBytes: 10, decodeDepth: 4, expansionRatio: 200 } });

    expect(gather(scan, '{"a":"bcdefg"}').stop?.kind).toBe('limit');
  });

  it('may be empty', () => {
    const body = createGather(requestScan({ isKnownRoute: true }), { contentType: undefined, coding: 'gzip' });

    expect(body.end()).toEqual({ output: [], findings: [] });
  });

  it('reads to the depth allowed and counts what is deeper', () => {
    const deep = Buffer.from(`some text ${token('a')}`).toString('base64');
    const scan = requestScan({ limits: { bodyBytes: 1000, decodeDepth: 0, expansionRatio: 200 } });

    const { findings, body } = gather(scan, { a: `see ${deep} there` });

    expect([findings.length, body.coverage().unread]).toEqual([0, deep.length]);
  });
});
