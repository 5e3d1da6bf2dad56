/** Replies of our own, in place of the vendor's. */
import { utf8 } from '../core/bytes.ts';
import { withoutHeaders, type HeaderList, type LocalReply } from '../core/http.ts';
import { isBodilessReply, type ClientSide } from './client-side.ts';

/** Said by what is written, and by the connection it goes out on. */
const framing: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'connection']);

/** A reply for when there is no exchange to shape one. */
export function plainReply(status: number, message: string): LocalReply {
  const body = utf8(JSON.stringify({ error: { type: 'proxy_error', message: `Sluice: ${message}` } }));
  return { status, headers: [['content-type', 'application/json']], body };
}

/** Writes a whole reply of our own. */
export function sendLocal(client: ClientSide, reply: LocalReply): void {
  const isBodiless = isBodilessReply(client.method, reply.status);
  const headers: HeaderList = [
    ...withoutHeaders(reply.headers, framing),
    ['content-length', String(reply.body.length)],
  ];
  client.start(reply.status, headers, isBodiless);
  if (!isBodiless) client.write(reply.body);
  client.end([]);
}
