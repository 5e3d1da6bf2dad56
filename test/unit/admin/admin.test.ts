import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAdmin, type Admin, type AdminOptions, type AdminRequest } from '../../../src/admin/admin.ts';
import { AppError } from '../../../src/core/errors.ts';

const token = 'test-token';

interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
}

interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

interface Running {
  readonly admin: Admin;
  readonly port: number;
  readonly errors: readonly unknown[];
  readonly seen: readonly AdminRequest[];
  readonly ask: (asked: Asked) => Promise<Answer>;
}

async function running(options: Partial<AdminOptions> = {}): Promise<Running> {
  const errors: unknown[] = [];
  const seen: AdminRequest[] = [];
  const echo = (request: AdminRequest) => {
    seen.push(request);
    return { body: { params: request.params, query: request.query.get('q'), given: request.body ?? null } };
  };
  const admin = createAdmin({
    host: '127.0.0.1',
    port: 0,
    token,
    health: { ready: async () => ({ ok: true, checks: [] }) },
    metrics: { contentType: 'text/plain; version=0.0.4', render: async () => 'sluice_build_info 1\n' },
    api: {
      'GET /api/status': echo,
      'POST /api/runs': echo,
      'DELETE /api/runs/:id': echo,
      'POST /api/broken': () => Promise.reject(new Error('canary')),
      'POST /api/refused': () => {
        throw new AppError('ERR_CONFIG_INVALID', 'the project layer may not name hosts');
      },
    },
    onError: (error) => void errors.push(error),
    ...options,
  });
  const { port } = await admin.listen();
  onTestFinished(() => admin.close());
  const ask = async ({ method = 'GET', path, headers = {}, body }: Asked): Promise<Answer> => {
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent: false });
    request.end(body);
    const [response] = await once(request, 'response');
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    return { status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString() };
  };
  return { admin, port, errors, seen, ask };
}

const authorized = { authorization: `Bearer ${token}` };
const json = { ...authorized, 'content-type': 'application/json' };

describe('what is open', () => {
  it.each([
    ['/healthz', 200, '{"schemaVersion":1,"ok":true}\n'],
    ['/readyz', 200, '{"schemaVersion":1,"ok":true,"checks":[]}\n'],
    ['/metrics', 200, 'sluice_build_info 1\n'],
  ])('%s needs no token', async (path, status, text) => {
    const { ask } = await running();

    expect(await ask({ path })).toMatchObject({ status, text });
    expect(await ask({ path, method: 'HEAD' })).toMatchObject({ status, text: '' });
    expect(await ask({ path, method: 'POST', headers: authorized })).toMatchObject({ status: 405 });
  });

  it('is not ready with 503 and says why', async () => {
    const checks = [{ id: 'record', status: 'fail', finding: 'disk full' }];
    const { ask } = await running({ health: { ready: async () => ({ ok: false, checks }) } });

    const { status, text } = await ask({ path: '/readyz' });
    expect(status).toBe(503);
    expect(JSON.parse(text)).toEqual({ schemaVersion: 1, ok: false, checks });
  });
});

describe('the API', () => {
  it.each([
    ['GET', '/api/status'],
    ['POST', '/api/runs'],
    ['DELETE', '/api/runs/x'],
    ['GET', '/api/none'],
    ['GET', '/'],
  ])('answers %s %s to nobody without the token', async (method, path) => {
    const { ask, seen } = await running();

    expect(await ask({ method, path })).toMatchObject({ status: 401 });
    expect(await ask({ method, path, headers: { authorization: 'Bearer wrong' } })).toMatchObject({ status: 401 });
    expect(seen).toEqual([]);
  });

  it('hands a route its parameters, query and body', async () => {
    const { ask } = await running();

    expect(JSON.parse((await ask({ path: '/api/status?q=1', headers: authorized })).text)).toEqual({
      schemaVersion: 1,
      params: {},
      query: '1',
      given: null,
    });
    const posted = await ask({ method: 'POST', path: '/api/runs', headers: json, body: '{"cwd":"/x"}' });
    expect(JSON.parse(posted.text)).toMatchObject({ given: { cwd: '/x' } });
    const removed = await ask({ method: 'DELETE', path: '/api/runs/ab-1', headers: authorized });
    expect(JSON.parse(removed.text)).toMatchObject({ params: { id: 'ab-1' } });
  });

  it.each([
    ['an unknown path', { path: '/api/none', headers: authorized }, 404],
    ['a longer path', { path: '/api/status/x', headers: authorized }, 404],
    ['a parameter that is no id', { method: 'DELETE', path: '/api/runs/..%2f', headers: authorized }, 404],
    ['a wrong method', { path: '/api/runs', headers: authorized }, 405],
    [
      'a form',
      { method: 'POST', path: '/api/runs', headers: { ...authorized, 'content-type': 'text/plain' }, body: '{}' },
      415,
    ],
    ['no type', { method: 'POST', path: '/api/runs', headers: authorized, body: '{}' }, 415],
    ['what is not JSON', { method: 'POST', path: '/api/runs', headers: json, body: '{canary' }, 400],
    ['too much', { method: 'POST', path: '/api/runs', headers: json, body: '1'.repeat(1024 * 1024 + 1) }, 413],
    ['another host name', { path: '/api/status', headers: { ...authorized, host: 'evil.example' } }, 421],
    ['another origin', { path: '/healthz', headers: { origin: 'https://evil.example' } }, 403],
  ])('refuses %s, as JSON', async (_name, asked, status) => {
    const { ask, seen } = await running();
    const answer = await ask(asked);

    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({
      schemaVersion: 1,
      error: { code: expect.stringMatching(/^ERR_/) },
    });
    expect(answer.text).not.toContain('canary');
    expect(seen).toEqual([]);
  });

  it('answers a preflight with a refusal and without a word of CORS', async () => {
    const { ask } = await running();
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const answer = await ask({ method: 'OPTIONS', path: '/api/runs', headers });

    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('says what failed when it is ours, and keeps it to the log when it is not', async () => {
    const { ask, errors } = await running();

    expect(await ask({ method: 'POST', path: '/api/refused', headers: authorized })).toMatchObject({
      status: 400,
      text: expect.stringContaining('the project layer may not name hosts'),
    });
    const broken = await ask({ method: 'POST', path: '/api/broken', headers: authorized });
    expect(broken.status).toBe(500);
    expect(broken.text).not.toContain('canary');
    expect(errors).toMatchObject([{ message: 'canary' }]);
  });

  it('is strict about what a browser may do with its answers', async () => {
    const { ask } = await running();

    for (const asked of [{ path: '/healthz' }, { path: '/metrics' }, { path: '/api/status' }]) {
      expect((await ask(asked)).headers).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'x-frame-options': 'DENY',
      });
    }
  });
});

describe('the port', () => {
  it('says when it is taken', async () => {
    const { port } = await running();

    await expect(running({ port })).rejects.toThrowError(
      expect.objectContaining({ code: 'ERR_PORT_IN_USE', message: expect.stringContaining(String(port)) }),
    );
  });

  it('closes what sends garbage, and goes on', async () => {
    const { port, ask } = await running();
    const socket = connect(port, '127.0.0.1');
    socket.resume();
    socket.end('GARBAGE\r\n\r\n');
    await once(socket, 'close');

    expect(await ask({ path: '/healthz' })).toMatchObject({ status: 200 });
  });

  it('closes while a client keeps its connection', async () => {
    const { port, admin } = await running();
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await once(socket, 'data');
    const closed = once(socket, 'close');
    socket.resume();

    await admin.close();

    await expect(closed).resolves.toBeDefined();
  });
});
