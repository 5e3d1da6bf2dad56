import { canonicalJson } from '../../../src/audit/chain.ts';
import { describe, expect, it } from 'vitest';
import { gzipSync, gunzipSync } from 'node:zlib';
import { judge, messages, testInspector, token } from '../../helpers/inspector-parts.ts';
import type { PolicyLayer } from '../../../src/policy/layer.ts';
import { createKnownValues } from '../../../src/detect/known-values.ts';

const blockSecrets: Partial<PolicyLayer> = {
  policy: [{ when: { category: ['secret'] }, action: 'block', exceptions: true }],
};
const text = (reply: { body: Uint8Array }) => Buffer.from(reply.body).toString();
const replyOf = (exchange: ReturnType<typeof judge>['exchange']) => {
  const verdict = exchange.verdict();
  if (verdict.kind !== 'reply') throw new Error('the request was forwarded');
  return verdict.reply;
};

describe('the route of a host', () => {
  it('is inspected for a vendor, tunnelled for others', () => {
    const inspector = testInspector();

    expect(inspector.route('api.openai.com', 443)).toMatchObject({
      action: 'inspect',
      vendor: 'openai',
      jurisdiction: 'US',
    });
    expect(inspector.route('example.org', 443)).toMatchObject({ action: 'tunnel', reason: 'unknownHosts' });
  });

  it('is recorded without a secret that stands in its name', () => {
    const inspector = testInspector();
    const host = `${token()}.example.org`;
    const entry = inspector.connection(
      inspector.route(host, 443),
      443,
      { identity: 'local' },
      { id: 'x', nowMs: 0, action: 'tunnel' },
    );

    expect(JSON.stringify(entry)).not.toContain(token());
    expect(entry).toMatchObject({ action: 'tunnel', request: { protocol: 'connect' } });
  });
});

describe('a request', () => {
  it('leaves as the very bytes received when nothing is found', () => {
    const body = messages('hello');
    const { exchange, sent } = judge(testInspector(), { body });

    expect(sent).toBe(body);
    expect(exchange.verdict()).toMatchObject({ kind: 'forward' });
    expect(exchange.decision(body.length)).toMatchObject({ action: 'forward', findings: [] });
  });

  it('leaves masked, and the record names the finding without its value', () => {
    const body = messages(`key ${token()}`);
    const { exchange, sent } = judge(testInspector(), { body });
    const entry = exchange.decision(body.length);

    expect(sent).toMatch(/key SLUICE_TEST_TOKEN_[a-z2-7]{16}/);
    expect(entry).toMatchObject({ action: 'mask', findings: [{ rule: 'test-token', where: '/messages/0/content' }] });
    expect(JSON.stringify(entry)).not.toContain(token());
  });

  it('is masked in its coding', () => {
    const body = gzipSync(messages(`key ${token()}`));
    const { exchange } = judge(testInspector(), {
      body,
      headers: [
        ['content-type', 'application/json'],
        ['content-encoding', 'gzip'],
        ['content-length', String(body.length)],
      ],
    });

    expect(exchange.plan).toEqual({ kind: 'forward', mode: 'gather', coding: 'gzip' });
    expect(exchange.decision(1).request.coding).toBe('gzip');
    expect(gunzipSync(Buffer.from(judgeRaw(body))).toString()).toContain('SLUICE_TEST_TOKEN_');
  });

  it('is masked in header and query, but not where its own credential stands', () => {
    const { exchange } = judge(testInspector(), {
      body: messages('hello'),
      target: `/v1/messages?note=${token(1)}`,
      headers: [
        ['x-api-key', token()],
        ['x-note', token(2)],
        ['content-type', 'application/json'],
      ],
    });
    const head = exchange.head();

    expect(head.headers).toContainEqual(['x-api-key', token()]);
    expect(head.target).toMatch(/note=SLUICE_TEST_TOKEN_/);
    expect(JSON.stringify(head)).not.toContain(token(2));
    expect(new Set(exchange.decision(1).findings.map(({ where }) => where))).toEqual(
      new Set(['header:x-note', 'query:note']),
    );
  });

  it.each([
    ['api.anthropic.com', '/v1/messages', '"type":"error"'],
    ['api.openai.com', '/v1/chat/completions', '"code":"policy_blocked"'],
    ['generativelanguage.googleapis.com', '/v1beta/models/m:generateContent', '"INVALID_ARGUMENT"'],
    ['api.anthropic.com', '/unknown', '"blocked_by_policy"'],
  ])('is refused in the shape of %s%s', (host, target, shape) => {
    const { exchange, sent } = judge(testInspector({ user: blockSecrets }), { host, target, body: messages(token()) });
    const reply = replyOf(exchange);

    expect(sent).toBe('');
    expect(reply.status).toBe(400);
    expect(reply.headers).toContainEqual(['x-should-retry', 'false']);
    expect(text(reply)).toContain(shape);
    expect(text(reply)).toContain('Sluice blocked this request: test-token');
    expect(text(reply)).toContain('sluice allow decision1');
    expect(exchange.decision(1)).toMatchObject({ action: 'block', findings: [{ action: 'block' }] });
  });

  it('is refused by an assistant message for a client that hides errors, streamed as it asked', () => {
    const { exchange } = judge(testInspector({ user: blockSecrets }), {
      body: messages(token(), { stream: true }),
      headers: [
        ['user-agent', 'factory-cli/0.215.0'],
        ['content-type', 'application/json'],
      ],
    });
    const reply = replyOf(exchange);

    expect(reply.status).toBe(200);
    expect(reply.headers).toContainEqual(['content-type', expect.stringContaining('text/event-stream')]);
    expect(text(reply).replaceAll(/\n\ndata: .*"text":"|\s+/g, ' ')).toContain('Sluice');
  });

  it('follows the policy for what cannot be read where its head holds a compressed text without end', () => {
    const bomb = gzipSync('a'.repeat(8 * 1024 * 1024)).toString('base64url');
    const request = { target: `/v1/messages?x=${bomb}`, body: messages('hello') };

    const blocked = judge(testInspector({ user: { onUnreadable: 'block' } }), request).exchange;
    const passed = judge(testInspector({ user: { onUnreadable: 'forward' } }), request);

    expect(blocked.plan.kind).toBe('reply');
    expect(blocked.decision(0)).toMatchObject({ action: 'block', reason: expect.stringContaining('expansionRatio') });
    expect(passed.sent).toBe(request.body);
    expect(passed.exchange.decision(0)).toMatchObject({ action: 'forward' });
  });

  it('is refused for a blocked destination inside its own TLS', () => {
    const inspector = testInspector({ user: { destinations: [{ hosts: ['api.anthropic.com'], action: 'block' }] } });
    const { exchange } = judge(inspector, { body: messages('hello') });

    expect(exchange.plan.kind).toBe('reply');
    expect(exchange.decision(0)).toMatchObject({ action: 'block', reason: expect.stringContaining('destinations[0]') });
  });

  it.each([
    ['an unknown coding', { headers: [['content-encoding', 'x-new']] as const, body: 'x' }],
    ['a body that is not JSON on a known route', { body: '{"model":' }],
  ])('is refused for %s, or sent on untouched where the policy says so', (_, request) => {
    const blocked = judge(testInspector({ user: { onUnreadable: 'block' } }), request).exchange;
    const passed = judge(testInspector({ user: { onUnreadable: 'forward' } }), request);

    expect(replyOf(blocked).status).toBe(400);
    expect(blocked.decision(1)).toMatchObject({ action: 'block' });
    expect(passed.sent).toBe(request.body);
    expect(passed.exchange.decision(9)).toMatchObject({
      action: 'forward',
      reason: expect.stringContaining('unreadable'),
      coverage: { unread: 9 },
    });
  });

  it('sends the rest of a stream on as it came once it cannot be read, what was found before masked', () => {
    const body = `{"model":"m","system":"key ${token()}","metadata":nonsense,"more":"key ${token()}"}`;
    const at = body.indexOf('nonsense');
    const { exchange, sent } = judge(testInspector({ user: { onUnreadable: 'forward', release: 'stream' } }), { body });

    expect(sent.slice(sent.indexOf('nonsense'))).toBe(body.slice(at));
    expect(sent.slice(0, sent.indexOf('nonsense'))).not.toContain(token());
    const { coverage, action, reason } = exchange.decision(body.length);
    expect({ action, reason }).toEqual({
      action: 'mask',
      reason: expect.stringContaining('unreadable: the body is not'),
    });
    expect(coverage.read).toBeGreaterThan(40);
    expect(coverage.read + coverage.unread).toBe(body.length);
    expect(exchange.body.push(Buffer.from('and on')).output).toEqual([Buffer.from('and on')]);
  });

  it('changes nothing in observe mode and records what it would have done', () => {
    const body = messages(`key ${token()}`);
    const { exchange, sent } = judge(testInspector({ user: { ...blockSecrets, mode: 'observe' } }), { body });

    expect(sent).toBe(body);
    expect(exchange.decision(1)).toMatchObject({
      action: 'forward',
      findings: [{ rule: 'test-token', action: 'forward' }],
    });
  });

  it('spills to a stream, or is refused where a policy judges content as a whole', () => {
    const head = { headers: [['content-type', 'application/json']] as const };
    const streams = judge(testInspector(), { ...head, body: messages('x') }).exchange;
    const refuses = judge(testInspector({ user: blockSecrets }), { ...head, body: messages('x') }).exchange;

    expect(streams.plan).toMatchObject({ mode: 'gather' });
    expect(streams.spill()).toMatchObject({ kind: 'forward', mode: 'stream' });
    expect(refuses.spill()).toMatchObject({ kind: 'reply', reply: { status: 400 } });
  });

  it('streams when its length is beyond what is gathered', () => {
    const { exchange } = judge(testInspector(), { headers: [['content-length', String(1 << 21)]] });

    expect(exchange.plan).toMatchObject({ kind: 'forward', mode: 'stream' });
  });

  it('passes unread where credentials are exchanged, and is recorded as such', () => {
    const { exchange, sent } = judge(testInspector(), { target: '/v1/oauth/token', body: `{"code":"${token()}"}` });

    expect(sent).toContain(token());
    expect(exchange.decision(30)).toMatchObject({ reason: 'credential exchange', coverage: { unread: 30 } });
  });

  it('is refused with an account that the destination does not list', () => {
    const hosts = ['api.anthropic.com'];
    const user = { destinations: [{ hosts, action: 'inspect' as const, accounts: ['hmac:k:other'] }] };
    const { exchange } = judge(testInspector({ user }), { body: messages('x'), headers: [['x-api-key', 'personal']] });

    expect(text(replyOf(exchange))).toContain('account');
  });

  it('is answered in place on a side route', () => {
    const user = {
      routes: [
        {
          hosts: ['api.anthropic.com'],
          paths: ['/api/event_logging/**'],
          action: 'answer' as const,
          status: 200,
          json: { ok: true },
        },
      ],
    };
    const { exchange } = judge(testInspector({ user }), { target: '/api/event_logging/v2/batch', body: '{}' });

    expect(text(replyOf(exchange))).toBe('{"ok":true}');
    expect(exchange.decision(2)).toMatchObject({ action: 'answer' });
  });

  it('that asks for a WebSocket is told to use HTTP', () => {
    const { exchange } = judge(testInspector(), {
      method: 'GET',
      headers: [
        ['Upgrade', 'websocket'],
        ['connection', 'upgrade'],
      ],
    });

    expect(exchange.plan).toMatchObject({ kind: 'reply', reply: { status: 426 } });
  });

  it('passes whole when no rule and no protected value is in force', () => {
    const { exchange, sent } = judge(testInspector({ parts: { findsNothing: true } }), { body: token() });

    expect(exchange.plan).toMatchObject({ mode: 'pass' });
    expect(sent).toBe(token());
  });

  it('masks in later requests of the same identity what an earlier one showed, and of no other', () => {
    const inspector = testInspector();
    // Inside a word the rule does not match: only memory knows it.
    const hidden = messages(`in${token()}side`);
    judge(inspector, { body: messages(`key ${token()}`) });

    expect(judge(inspector, { body: hidden }).sent).not.toContain(token());
    expect(judge(inspector, { body: hidden, peer: { identity: 'other' } }).sent).toContain(token());
  });

  it('records the user that a client authenticated as', () => {
    const { exchange } = judge(testInspector(), {
      body: messages('x'),
      headers: [['user-agent', 'codex/1.2']],
      peer: { identity: 'ada', user: 'ada' },
    });

    expect(exchange.decision(0).client).toEqual({ app: 'codex', version: '1.2', user: 'ada' });
  });

  it.each(['enforce', 'observe'] as const)('records no value as the name of a member, %s', (mode) => {
    const password = 'Zq7-unrelated-Words';
    const body = JSON.stringify({
      metadata: { [password]: { a: `key ${token()}` }, [`~/${password}`]: token(1) },
      messages: [{ role: 'user', content: `password=${password}` }],
    });
    const { exchange } = judge(testInspector({ user: { mode } }), { body });
    const entry = exchange.decision(body.length);

    expect(entry.findings.length).toBeGreaterThan(2);
    expect(JSON.stringify(entry)).not.toContain(password);
    expect(entry.findings.map(({ where }) => where)).toContain('/metadata/*/a');
  });

  it('records no value as the name of a header or of a parameter', () => {
    const password = 'zq7-unrelated-words';
    const { exchange } = judge(testInspector(), {
      target: `/v1/messages?${password}=${token()}`,
      headers: [
        [`x-${password}`, token(1)],
        ['content-type', 'application/json'],
      ],
      body: messages(`password=${password}`),
    });
    const entry = exchange.decision(1);

    expect(entry.findings.map(({ where }) => where)).toEqual(
      expect.arrayContaining(['query:*', 'header:*', '/messages/0/content']),
    );
    expect(JSON.stringify(entry)).not.toContain(password);
  });

  it('records no key that reads as a word in a path that observe mode leaves as it is', () => {
    const password = 'secretword';
    const { exchange } = judge(testInspector({ user: { mode: 'observe' } }), {
      target: `/v1/${token()}/${password}?${token(1)}=1&${password}`,
      body: messages(`password=${password}`),
    });
    const entry = JSON.stringify(exchange.decision(1));

    expect(exchange.head().target).toContain(token());
    for (const value of [token(), token(1), password]) expect(entry).not.toContain(value);
  });

  it('lists no more findings than a reader takes in, and counts the rest', () => {
    const list = Array.from({ length: 130_000 }, (_, n) => `${'abcdefghij'.charAt(n % 10)}@b.test`).join(' ');
    const { exchange } = judge(testInspector(), { body: messages(`${token()} ${list} ${token(1)}`) });
    const { findings, unlisted } = exchange.decision(1);

    expect(findings.filter(({ rule }) => rule === 'test-token')).toHaveLength(2);
    expect(findings).toHaveLength(202);
    expect(unlisted).toEqual([{ action: 'forward', category: 'regulated', count: 129_800, rule: 'test-address' }]);
  });

  it('is refused with a blocked value in its trailers, and keeps the others', () => {
    const clean = judge(testInspector(), { body: messages('hello') }).exchange;
    expect(clean.trailers([['x-sum', '9']])).toEqual([['x-sum', '9']]);
    const { exchange } = judge(testInspector({ user: blockSecrets }), { body: messages('hello') });

    expect(exchange.trailers([['x-sum', token()]])).toBeUndefined();
    expect(text(replyOf(exchange))).toContain('Sluice blocked this request: test-token');
    expect(exchange.decision(1)).toMatchObject({ action: 'block', findings: [{ where: 'header:x-sum' }] });
  });

  it('writes its entries in canonical order', () => {
    const { exchange } = judge(testInspector(), { body: messages('x'), headers: [['x-api-key', 'k']] });
    const ending = { status: 200, responseBytes: 1, requestBytes: 1, addedMs: 0, time: '' };
    const entries = [exchange.decision(1), exchange.outcome({ ...ending, action: 'error', reason: 'cut' })];

    for (const entry of entries) expect(JSON.stringify(entry)).toBe(canonicalJson(entry));
  });

  it('masks protected values wherever they stand', () => {
    const known = createKnownValues();
    known.add({ bytes: Buffer.from('s3cr3t-value-of-mine'), rule: 'protected-value', name: 'X', isProtected: true });
    const { sent } = judge(testInspector({ parts: { protectedValues: [known] } }), {
      body: messages('a s3cr3t-value-of-mine b'),
    });

    expect(sent).toMatch(/a SLUICE_SECRET_[a-z2-7]{16} b/);
  });

  it('records no secret that the client hides in its name or method', () => {
    const { exchange } = judge(testInspector(), {
      method: token(),
      body: messages('x'),
      headers: [
        ['user-agent', `${token(1)}/1.0`],
        ['content-type', 'application/json'],
      ],
    });
    const entry = JSON.stringify(exchange.decision(1));

    expect(entry).not.toContain(token());
    expect(entry).not.toContain(token(1));
  });
});

describe('a reply', () => {
  const masked = () => judge(testInspector(), { body: messages(`key ${token()}`) });
  const sse = {
    status: 200,
    headers: [
      ['content-type', 'text/event-stream'],
      ['content-length', '1'],
      ['x-a', 'b'],
    ] as const,
  };

  const redirect = (status: number, location: string, request = {}) => {
    const { exchange } = judge(testInspector(), { body: messages('hello'), ...request });
    exchange.decision(1);
    const plan = exchange.reply({ status, headers: [['location', location]] });
    const ending = { status: 400, responseBytes: 1, requestBytes: 1, addedMs: 0, time: '' };
    return { plan, outcome: exchange.outcome(ending) };
  };

  it.each([
    [307, 'https://evil.example/steal'],
    [308, 'http://evil.example/'],
    [302, '//evil.example:8443/x'],
    [301, 'https://api.anthropic.com.evil.example/'],
    [307, 'https://api.anthropic.com\\@evil.example/'],
    [307, 'http://127.0.0.1:9/'],
    [307, 'https://[2001:db8::1]/'],
  ])('refuses a redirect %i to %s, which would be sent the body unmasked', (status, location) => {
    const { plan, outcome } = redirect(status, location);

    if (plan.kind !== 'reply') throw new Error('the redirect was passed on');
    expect(plan.reply.status).toBe(400);
    expect(text(plan.reply)).toContain('redirects the request to');
    expect(outcome).toMatchObject({ action: 'block', reason: expect.stringContaining('is not inspected') });
  });

  it.each([
    [307, '/v1/other', {}],
    [308, 'https://api.openai.com/v1/messages', {}],
    [303, 'https://evil.example/', {}],
    [307, 'https://[', {}],
    [200, 'https://evil.example/', {}],
    [307, 'https://evil.example/', { method: 'GET', body: '' }],
  ])('passes a redirect %i to %s on', (status, location, request) => {
    expect(redirect(status, location, request).plan).toEqual({ kind: 'untouched' });
  });

  it('passes untouched when nothing was masked', () => {
    expect(judge(testInspector(), { body: messages('x') }).exchange.reply(sse)).toEqual({ kind: 'untouched' });
  });

  it.each([
    ['is not text that a model wrote', { status: 200, headers: [['content-type', 'image/png']] as const }],
    ['has no body', { status: 204, headers: [['content-type', 'text/event-stream']] as const }],
    [
      'has a coding that was not offered',
      {
        status: 200,
        headers: [
          ['content-type', 'application/json'],
          ['content-encoding', 'x-new'],
        ] as const,
      },
    ],
  ])('passes untouched when it %s', (_, head) => {
    expect(masked().exchange.reply(head)).toEqual({ kind: 'untouched' });
  });

  it('is restored, without the length and coding that no longer hold, and counted', () => {
    const { exchange, sent } = masked();
    const placeholder = /SLUICE_\w+/.exec(sent)?.[0] ?? '';
    const plan = exchange.reply(sse);
    if (plan.kind !== 'rewrite') throw new Error('not rewritten');
    const event = (delta: string) =>
      `event: content_block_delta\ndata: ${JSON.stringify({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: delta } })}\n\n`;
    const steps = [
      plan.body.push(Buffer.from(event(`is ${placeholder.slice(0, 12)}`))),
      plan.body.push(Buffer.from(event(placeholder.slice(12)))),
      plan.body.end(),
    ];

    expect(plan.headers).toEqual([
      ['content-type', 'text/event-stream'],
      ['x-a', 'b'],
    ]);
    expect(Buffer.concat(steps.flatMap(({ output }) => output)).toString()).toContain(token());
    const ending = { status: 200, responseBytes: 9, requestBytes: 8, addedMs: 1.23456, time: 't' };
    expect(exchange.outcome(ending)).toMatchObject({ restored: { restored: 1 }, addedMs: 1.235, requestBytes: 8 });
  });

  it('failing is told in the vendor’s shape', () => {
    const reply = masked().exchange.failure(502, 'api.anthropic.com cannot be reached');

    expect(reply.status).toBe(502);
    expect(text(reply)).toContain('Sluice: api.anthropic.com cannot be reached');
  });
});

/** The bytes that leave for a gzip body. */
function judgeRaw(body: Uint8Array): Uint8Array {
  const headers = [
    ['content-type', 'application/json'],
    ['content-encoding', 'gzip'],
    ['content-length', String(body.length)],
  ] as const;
  const { exchange } = judge(testInspector(), { headers, body: Buffer.alloc(0) });
  exchange.body.push(body);
  return Buffer.concat(exchange.body.end().output);
}
