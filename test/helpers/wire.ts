/** A client of bytes: a CONNECT, a TLS handshake, and whatever is written then; HTTP/2 too. */
import { once } from 'node:events';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Started } from './product.ts';

/** Opens a socket to the proxy and asks for a tunnel; the status line of the answer. */
export async function connectThrough(
  proxy: Pick<Started, 'proxyUrl'>,
  target: string,
  header = '',
): Promise<{ readonly socket: Socket; readonly status: number; readonly head: string }> {
  const { hostname, port, username, password } = new URL(proxy.proxyUrl);
  const socket = connectTcp(Number(port), hostname);
  const own =
    username === ''
      ? ''
      : `Proxy-Authorization: Basic ${Buffer.from(`${username}:${decodeURIComponent(password)}`).toString('base64')}\r\n`;
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${own}${header}\r\n`);
  const [chunk]: unknown[] = await once(socket, 'data');
  const head = String(chunk);
  socket.on('error', () => socket.destroy());
  return { socket, status: Number(head.split(' ')[1]), head };
}

/** A TLS connection to a host through the proxy. */
export async function tlsThrough(
  proxy: Pick<Started, 'proxyUrl' | 'ca'>,
  host: string,
  alpn: readonly string[] = ['http/1.1'],
): Promise<TLSSocket> {
  const { socket, status } = await connectThrough(proxy, `${host}:443`);
  if (status !== 200) throw new Error(`the proxy answered ${status} to CONNECT ${host}`);
  const secure = connectTls({ socket, servername: host, ca: proxy.ca, ALPNProtocols: [...alpn] });
  await once(secure, 'secureConnect');
  return secure;
}

/** All that comes until the other side ends. */
export async function readAll(socket: TLSSocket | Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return text;
}

/** An HTTP/2 session through the proxy. */
export async function http2Through(proxy: Pick<Started, 'proxyUrl' | 'ca'>, host: string): Promise<ClientHttp2Session> {
  const socket = await tlsThrough(proxy, host, ['h2']);
  return connectHttp2(`https://${host}`, { createConnection: () => socket });
}

/** One request over HTTP/2. */
export async function http2Post(
  session: ClientHttp2Session,
  path: string,
  body: string,
): Promise<{ readonly status: number; readonly headers: Readonly<Record<string, unknown>>; readonly text: string }> {
  const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/json' });
  const answered = once(stream, 'response');
  stream.end(body);
  const [headers]: Readonly<Record<string, unknown>>[] = await answered;
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return { status: Number(headers?.[':status']), headers: headers ?? {}, text };
}
