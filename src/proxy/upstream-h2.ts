/** HTTP/2 to upstreams, one session for each place and name: for clients that speak it themselves. */
import {
  connect as connectSession,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { AppError, toAppError } from '../core/errors.ts';
import type { HeaderList } from '../core/http.ts';
import { formatHostPort } from './connect-target.ts';
import type { Dialer, UpstreamTarget } from './dialer.ts';
import { fromFlat, toGrouped } from './headers.ts';
import type { ProxyTimeouts } from './settings.ts';
import type { UpstreamCall, UpstreamFlow, UpstreamListener } from './upstream-call.ts';

export interface Http2Upstream {
  /** A session, or undefined when the upstream speaks only HTTP/1.1. @throws AppError `ERR_UPSTREAM` */
  sessionFor(target: UpstreamTarget): Promise<ClientHttp2Session | undefined>;
  send(session: ClientHttp2Session, call: UpstreamCall, listener: UpstreamListener): UpstreamFlow;
  close(): void;
}

const maxSessions = 256;
/** A stream's window: as much as may lie unread for one reply. */
const windowBytes = 262_144;
/** Room for all streams of a session at once; stalled ones must not stop the others. */
const sessionWindowBytes = 16 * 1024 * 1024;
const idleMs = 60_000;

/** Sends one request on a session and tells its reply. */
function sendOn(
  session: ClientHttp2Session,
  timeouts: ProxyTimeouts,
  call: UpstreamCall,
  listener: UpstreamListener,
): UpstreamFlow {
  const { body, trailers } = call;
  const headers = call.headers.filter(([name]) => name.toLowerCase() !== 'host');
  const authority = call.headers.find(([name]) => name.toLowerCase() === 'host')?.[1];
  const isBodiless = body === undefined || (body instanceof Uint8Array && body.length === 0);
  const length = call.contentLength;
  const stream: ClientHttp2Stream = session.request(
    {
      ...toGrouped(headers),
      ':method': call.method,
      ':path': call.path,
      ':scheme': 'https',
      ':authority': authority ?? formatHostPort(call.target, 443),
      ...(length === undefined ? {} : { 'content-length': String(length) }),
    },
    { endStream: isBodiless && trailers === undefined, waitForTrailers: trailers !== undefined },
  );
  let isDone = false;
  let replyTrailers: HeaderList = [];

  const fail = (error: unknown): void => {
    if (isDone) return;
    isDone = true;
    stream.close(constants.NGHTTP2_CANCEL);
    listener.onError(error);
  };

  stream.setTimeout(timeouts.reply, () => fail(new AppError('ERR_UPSTREAM', 'the upstream was silent for too long')));
  stream.on('wantTrailers', () => {
    const fields = trailers?.() ?? [];
    // Making them may have ended it: they were not to leave.
    if (!stream.closed) stream.sendTrailers(toGrouped(fields));
  });
  stream.on('headers', (info: IncomingHttpHeaders & IncomingHttpStatusHeader, _flags: number, raw: unknown) => {
    if (!isDone) listener.onInfo({ status: info[':status'] ?? 0, headers: flatOf(raw, info) });
  });
  stream.on('response', (head: IncomingHttpHeaders & IncomingHttpStatusHeader, _flags: number, raw: unknown) => {
    if (!isDone && listener.onHead({ status: head[':status'] ?? 0, headers: flatOf(raw, head) })) stream.resume();
  });
  stream.on('trailers', (fields: IncomingHttpHeaders, _flags: number, raw: unknown) => {
    replyTrailers = flatOf(raw, fields);
  });
  stream.on('data', (chunk: Buffer) => {
    if (!isDone && !listener.onData(chunk)) stream.pause();
  });
  // Listening for data made it flow; the listener says when.
  stream.pause();
  stream.on('end', () => {
    // A reset also ends the readable side: only a stream closed without an error was whole.
    if (stream.rstCode === constants.NGHTTP2_NO_ERROR && !stream.aborted) settleEnd();
  });
  stream.on('error', fail);
  stream.on('close', () => {
    if (stream.rstCode === constants.NGHTTP2_NO_ERROR && stream.readableEnded) settleEnd();
    else fail(new AppError('ERR_UPSTREAM', 'the reply was cut'));
  });

  function settleEnd(): void {
    if (isDone) return;
    isDone = true;
    listener.onEnd(replyTrailers);
  }

  if (body !== undefined && !isBodiless) {
    if (body instanceof Uint8Array) stream.end(body);
    else {
      body.on('error', fail);
      body.pipe(stream);
    }
  } else if (trailers !== undefined) stream.end();

  return {
    abort() {
      isDone = true;
      stream.close(constants.NGHTTP2_CANCEL);
    },
    resume() {
      stream.resume();
    },
  };
}

/** Node hands the raw headers as a third argument that its types leave out. */
function flatOf(raw: unknown, parsed: IncomingHttpHeaders): HeaderList {
  if (Array.isArray(raw)) return fromFlat(raw.filter((item): item is string => typeof item === 'string'));
  return Object.entries(parsed).flatMap(([name, value]) =>
    name.startsWith(':') || value === undefined
      ? []
      : (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, one]),
  );
}

/**
 * Makes a check of one session, to be called with each request: where the network has changed below it, nothing says
 * so, and all that is sent would wait as long as a model may think; retries would join it there.
 */
function createLifeCheck(session: ClientHttp2Session, socket: TLSSocket, silenceMs: number): () => void {
  let timer: NodeJS.Timeout | undefined;
  /** A request went out while another one's answer was awaited. */
  let isAskedAgain = false;
  session.once('close', () => clearTimeout(timer));

  function check(): void {
    if (session.destroyed) return;
    isAskedAgain = timer !== undefined;
    if (isAskedAgain) return;
    const heard = socket.bytesRead;
    const settle = (): void => {
      timer = undefined;
      if (socket.bytesRead === heard) session.destroy(new AppError('ERR_UPSTREAM', 'its connection has gone silent'));
      else if (isAskedAgain) check();
    };
    // After a long pause of this process timers come first: what has arrived meanwhile is read before the verdict.
    timer = setTimeout(() => setImmediate(settle), silenceMs);
    timer.unref();
    session.ping(() => undefined);
  }

  return check;
}

/** Creates the sessions; which upstreams cannot speak HTTP/2 is remembered. */
export function createHttp2Upstream(dialer: Dialer, timeouts: ProxyTimeouts): Http2Upstream {
  const sessions = new Map<string, Promise<ClientHttp2Session | undefined>>();
  /** The sessions that are not closed, each with the check of its life. */
  const open = new Map<ClientHttp2Session, () => void>();

  async function start(key: string, target: UpstreamTarget): Promise<ClientHttp2Session | undefined> {
    const socket = await dialer.secure(target, ['h2', 'http/1.1']);
    if (socket.alpnProtocol !== 'h2') {
      socket.destroy();
      return undefined;
    }
    const session = connectSession(`https://${formatHostPort(target)}`, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: windowBytes },
      maxSessionMemory: 64,
    });
    open.set(session, createLifeCheck(session, socket, timeouts.silence));
    const forget = (): void => {
      open.delete(session);
      sessions.delete(key);
    };
    session.on('connect', () => session.setLocalWindowSize(sessionWindowBytes));
    session.on('error', () => session.destroy());
    session.on('goaway', forget);
    session.on('close', forget);
    session.setTimeout(idleMs, () => {
      // A stream has its own time limit: only a session without one is idle.
      forget();
      session.close();
    });
    return session;
  }

  return {
    async sessionFor(target) {
      const key = `${formatHostPort(target)} ${target.tlsName}`;
      const known = sessions.get(key);
      if (known !== undefined) {
        const session = await known;
        if (session === undefined || (!session.closed && !session.destroyed)) return session;
      }
      const starting = start(key, target);
      sessions.set(key, starting);
      const oldest = sessions.size > maxSessions ? sessions.keys().next() : undefined;
      if (oldest?.done === false) sessions.delete(oldest.value);
      try {
        return await starting;
      } catch (error: unknown) {
        sessions.delete(key);
        throw toAppError(error, 'ERR_UPSTREAM', 'cannot connect');
      }
    },
    send(session, call, listener) {
      const flow = sendOn(session, timeouts, call, listener);
      open.get(session)?.();
      return flow;
    },
    close() {
      for (const session of open.keys()) session.destroy();
      sessions.clear();
    },
  };
}
