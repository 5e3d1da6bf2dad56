/** HTTP/2 sessions on sockets whose TLS has ended here: bounded windows, and a budget for resets. */
import {
  constants,
  performServerHandshake,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Duplex } from 'node:stream';
import type { HeaderList } from '../core/http.ts';
import type { Http2Head } from './client-http2.ts';
import { fromFlat } from './headers.ts';
import { maxHeaderBytes } from './http1-front.ts';
import type { ProxyTimeouts } from './settings.ts';

const maxStreams = 256;
/** As much of one upload as may lie unread; of all of a session's. */
const streamWindowBytes = 262_144;
const sessionWindowBytes = 16 * 1024 * 1024;
/** Streams that a client may reset in the time below, before its session is ended (CVE-2023-44487). */
const resetBudget = 200;
const resetWindowMs = 10_000;

/** A request's head, or why it is none. */
export type Http2Request = (Http2Head & { readonly authority: string }) | { readonly problem: string };

/** Reads a head (RFC 9113 §8.3.1), with `:authority` put in as the Host that it stands for. */
function readHttp2Head(headers: IncomingHttpHeaders, flat: readonly string[]): Http2Request {
  const method = headers[':method'];
  const target = headers[':path'];
  const fields = fromFlat(flat);
  const hosts = fields.filter(([name]) => name === 'host').map(([, value]) => value);
  const authority = headers[':authority'] ?? hosts[0];
  if (method === undefined || method === 'CONNECT') return { problem: 'CONNECT is for the proxy itself' };
  if (target === undefined || !target.startsWith('/')) return { problem: 'the path is not in origin form' };
  if (headers[':scheme'] !== 'https') return { problem: 'the scheme is not https' };
  if (authority === undefined) return { problem: 'the authority is missing' };
  if (hosts.some((host) => host.toLowerCase() !== authority.toLowerCase())) {
    return { problem: 'host and :authority differ' };
  }
  const rest: HeaderList = fields.filter(([name]) => name !== 'host');
  return { method, target, authority, headers: [['host', authority], ...rest] };
}

export interface Http2FrontOptions {
  readonly timeouts: ProxyTimeouts;
  readonly nowMs: () => number;
  readonly onStream: (stream: ServerHttp2Stream, head: Http2Request) => void;
}

/** Starts a session on a socket. */
export function acceptHttp2(socket: Duplex, options: Http2FrontOptions): ServerHttp2Session {
  const { timeouts, nowMs, onStream } = options;
  const session = performServerHandshake(socket, {
    maxSessionMemory: 64,
    maxHeaderListPairs: 1_000,
    settings: {
      maxConcurrentStreams: maxStreams,
      initialWindowSize: streamWindowBytes,
      maxHeaderListSize: maxHeaderBytes,
      enablePush: false,
    },
  });
  session.setLocalWindowSize(sessionWindowBytes);
  let openStreams = 0;
  let resets = 0;
  let windowStartMs = nowMs();

  function countReset(): void {
    const now = nowMs();
    if (now - windowStartMs > resetWindowMs) {
      windowStartMs = now;
      resets = 0;
    }
    resets += 1;
    // SECURITY: each reset stream costs an exchange and its client nothing. Guarded by http2.test.ts, "ends a session
    // that resets its streams as fast as it opens them".
    if (resets > resetBudget && !session.destroyed) {
      session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM);
      session.destroy();
    }
  }

  session.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw: unknown) => {
    openStreams += 1;
    stream.on('aborted', countReset);
    stream.on('close', () => {
      openStreams -= 1;
    });
    stream.on('error', () => stream.close());
    const flat = Array.isArray(raw) ? raw.filter((item): item is string => typeof item === 'string') : [];
    onStream(stream, readHttp2Head(headers, flat));
  });
  session.on('error', () => session.destroy());
  // The socket came from an HTTP/1.1 server, whose sockets stay open for writing when the other side ends; and a session
  // does not look at that by itself. Guarded by http2.test.ts, "drops the upstream request … when the connection …".
  socket.once('end', () => session.destroy());
  session.setTimeout(timeouts.idle, () => {
    // Silent streams are long replies; only a session without one is idle.
    if (openStreams === 0) session.close();
  });
  return session;
}
