/** HTTP/1.1 to upstreams through node:http, for requests with trailers, which undici cannot send. */
import { request as startRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { AppError } from '../core/errors.ts';
import type { Dialer } from './dialer.ts';
import { fromFlat, joinCookies, toFlat } from './headers.ts';
import type { ProxyTimeouts } from './settings.ts';
import type { UpstreamCall, UpstreamFlow, UpstreamListener } from './upstream-call.ts';

/** Sends one request on a connection of its own. */
export function sendWithTrailers(
  dialer: Dialer,
  timeouts: ProxyTimeouts,
  call: UpstreamCall,
  listener: UpstreamListener,
): UpstreamFlow {
  let isDone = false;
  let request: ClientRequest | undefined;
  let reply: IncomingMessage | undefined;

  const fail = (error: unknown): void => {
    if (isDone) return;
    isDone = true;
    request?.destroy();
    listener.onError(error);
  };

  function receive(message: IncomingMessage): void {
    reply = message;
    message.on('data', (chunk: Buffer) => {
      if (!isDone && !listener.onData(chunk)) message.pause();
    });
    message.on('end', () => {
      if (isDone || !message.complete) return;
      isDone = true;
      listener.onEnd(fromFlat(message.rawTrailers));
    });
    message.on('error', fail);
    message.on('close', () => fail(new AppError('ERR_UPSTREAM', 'the reply was cut')));
    // Listening for data made it flow; the listener says when.
    message.pause();
    const head = { status: message.statusCode ?? 0, headers: fromFlat(message.rawHeaders) };
    if (listener.onHead(head)) message.resume();
  }

  function start(socket: Duplex): void {
    if (isDone) {
      socket.destroy();
      return;
    }
    const { body, trailers } = call;
    request = startRequest({
      method: call.method,
      path: call.path,
      createConnection: () => socket,
      timeout: timeouts.reply,
      headers: [...toFlat(joinCookies(call.headers)), 'Transfer-Encoding', 'chunked', 'Connection', 'close'],
    });
    const current = request;
    current.on('information', (info) => {
      if (!isDone) listener.onInfo({ status: info.statusCode, headers: fromFlat(info.rawHeaders) });
    });
    current.on('response', receive);
    current.on('timeout', () => fail(new AppError('ERR_UPSTREAM', 'the upstream was silent for too long')));
    current.on('error', fail);
    const finish = (): void => {
      current.addTrailers(trailers?.().map(([name, value]): [string, string] => [name, value]) ?? []);
      current.end();
    };
    if (body === undefined || body instanceof Uint8Array) {
      if (body !== undefined && body.length > 0) current.write(body);
      finish();
      return;
    }
    body.on('error', fail);
    body.on('end', finish);
    body.pipe(current, { end: false });
  }

  const opening: Promise<Duplex> =
    call.target.scheme === 'https' ? dialer.secure(call.target, ['http/1.1']) : dialer.plain(call.target);
  opening.then(start).catch(fail);
  return {
    abort() {
      isDone = true;
      request?.destroy();
    },
    resume() {
      reply?.resume();
    },
  };
}
