/** The admin port: health, metrics, and the API that the command line and the dashboard speak. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError, systemCode } from '../core/errors.ts';
import { checkSender, createTokenCheck } from './guard.ts';
import { AdminRefusal, sendFailure, sendJson, sendText, type AdminReply } from './reply.ts';

/** A request to a route of the API. */
export interface AdminRequest {
  /** What stands in the place of `:name` in the route's pattern. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The parsed JSON body; undefined when there was none. Not validated. */
  readonly body: unknown;
}

export type AdminRoute = (request: AdminRequest) => AdminReply | Promise<AdminReply>;

export interface AdminOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Asked for on every route of `api`. */
  readonly token: string;
  readonly health: { ready(): Promise<{ readonly ok: boolean }> };
  readonly metrics: { readonly contentType: string; render(): Promise<string> };
  /** By method and path pattern: `GET /api/status`, `DELETE /api/runs/:id`. Writes never use GET. */
  readonly api: Readonly<Record<string, AdminRoute>>;
  /** Host names it is known under besides `localhost` and addresses. */
  readonly names?: readonly string[];
  /** Told of failures that the caller is not told of. */
  readonly onError?: (error: unknown) => void;
}

export interface Admin {
  /** @throws AppError `ERR_PORT_IN_USE`, `ERR_PERMISSION` or `ERR_IO` */
  listen(): Promise<{ readonly host: string; readonly port: number }>;
  /** Stops listening; answers under way are finished, if they are quick. */
  close(): Promise<void>;
}

/** A run's protected values and project layer fit many times over. */
const bodyAtMost = 1024 * 1024;
const requestMs = 10_000;
const headersMs = 5_000;
const idleMs = 5_000;
/** What a closing server grants the answers under way. */
const closeMs = 2_000;
const connectionsAtMost = 256;
const headerBytesAtMost = 16 * 1024;

/** Makes the admin server, not yet listening. */
export function createAdmin(options: AdminOptions): Admin {
  const { host, port, token, onError } = options;
  const checkToken = createTokenCheck(token);
  const names = new Set([host, ...(options.names ?? [])].map((name) => name.toLowerCase()));
  const routes = Object.entries(options.api).map(([pattern, route]) => compileRoute(pattern, route));

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    checkSender(request, names);
    const url = new URL(`http://admin${request.url?.startsWith('/') === true ? request.url : '/'}`);
    if (await answerOpen(request, response, url.pathname)) return;
    checkToken(request);
    const path = url.pathname.split('/');
    const here = routes.flatMap((route) => {
      const params = matchPath(route.segments, path);
      return params === undefined ? [] : [{ ...route, params }];
    });
    const found = here.find(({ method }) => method === request.method);
    if (here.length === 0) throw new AdminRefusal(404, 'ERR_USAGE', 'there is no such path on the admin port');
    if (found === undefined) {
      const allow = here.map(({ method }) => method).join(', ');
      throw new AdminRefusal(405, 'ERR_USAGE', `use ${allow}`, { allow });
    }
    const body = await readJson(request);
    sendJson(response, await found.route({ params: found.params, query: url.searchParams, body }));
  };

  /** The three paths that need no token: they tell nothing about content. */
  const answerOpen = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> => {
    if (path !== '/healthz' && path !== '/readyz' && path !== '/metrics') return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      throw new AdminRefusal(405, 'ERR_USAGE', 'use GET', { allow: 'GET, HEAD' });
    }
    if (path === '/healthz') sendJson(response, { body: { ok: true } });
    else if (path === '/readyz') {
      const readiness = await options.health.ready();
      sendJson(response, { status: readiness.ok ? 200 : 503, body: readiness });
    } else sendText(response, 200, options.metrics.contentType, await options.metrics.render());
    return true;
  };

  const server = createServer(
    {
      requestTimeout: requestMs,
      headersTimeout: headersMs,
      keepAliveTimeout: idleMs,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: headerBytesAtMost,
    },
    (request, response) => {
      answer(request, response).catch((error: unknown) => {
        if (!(error instanceof AdminRefusal) && !(error instanceof AppError)) onError?.(error);
        if (response.headersSent) response.destroy();
        else {
          // What is left of the request is thrown away, so that the caller gets to read the answer.
          request.resume();
          response.setHeader('connection', 'close');
          sendFailure(response, error);
        }
      });
    },
  );
  server.maxConnections = connectionsAtMost;
  server.on('clientError', (_error, socket) => socket.destroy());

  return {
    listen: () => listenOn(server, host, port),
    close: () =>
      new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), closeMs);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function listenOn(server: Server, host: string, port: number): Promise<{ host: string; port: number }> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      const code = systemCode(error);
      const known = { EADDRINUSE: 'ERR_PORT_IN_USE', EACCES: 'ERR_PERMISSION' } as const;
      const ours = code === 'EADDRINUSE' || code === 'EACCES' ? known[code] : 'ERR_IO';
      reject(
        new AppError(ours, `the admin port cannot listen on ${host}:${port} (${code ?? 'unknown'})`, { cause: error }),
      );
    };
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      const address = server.address();
      const bound: AddressInfo | undefined = typeof address === 'object' && address !== null ? address : undefined;
      resolve({ host: bound?.address ?? host, port: bound?.port ?? port });
    });
  });
}

interface CompiledRoute {
  readonly method: string;
  readonly segments: readonly string[];
  readonly route: AdminRoute;
}

function compileRoute(pattern: string, route: AdminRoute): CompiledRoute {
  const [method = '', path = ''] = pattern.split(' ');
  return { method, segments: path.split('/'), route };
}

function matchPath(segments: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  if (segments.length !== path.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const given = path[index] ?? '';
    if (segment.startsWith(':')) {
      // Ids are plain: nothing that would need decoding is one.
      if (!/^[\w.-]{1,128}$/.test(given)) return undefined;
      params[segment.slice(1)] = given;
    } else if (segment !== given) return undefined;
  }
  return params;
}

/** Reads a bounded JSON body. @throws AdminRefusal 400, 413 or 415 */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop early must not destroy the connection: the refusal is still to be sent on it.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes: Buffer = chunk;
    length += bytes.length;
    if (length > bodyAtMost) throw new AdminRefusal(413, 'ERR_INPUT_DATA', `the body is over ${bodyAtMost} bytes`);
    chunks.push(bytes);
  }
  if (length === 0) return undefined;
  // A form of another site cannot have this type without asking first, and the answer to that is no.
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new AdminRefusal(415, 'ERR_INPUT_DATA', 'the body must be application/json');
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    // The parser's message quotes the body, which may hold protected values.
    throw new AdminRefusal(400, 'ERR_INPUT_DATA', 'the body is not JSON');
  }
}
