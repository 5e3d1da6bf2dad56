/** Building blocks of the replies that Sluice itself gives in a vendor's place. */
import { utf8 } from '../core/bytes.ts';
import type { HeaderList, LocalReply } from '../core/http.ts';

/** Keeps clients that know it from sending a refused request again. */
export const noRetry: HeaderList = [['x-should-retry', 'false']];

/** A JSON reply. */
export function jsonReply(status: number, body: unknown, headers: HeaderList = []): LocalReply {
  return {
    status,
    headers: [['content-type', 'application/json'], ...headers],
    body: utf8(JSON.stringify(body)),
  };
}

/** A whole SSE stream as one 200 reply; an event without a name gets no `event:` line; a string is sent as it is. */
export function sseReply(events: readonly (readonly [name: string | undefined, data: unknown])[]): LocalReply {
  const text = events
    .map(([name, data]) => {
      const line = `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
      return name === undefined ? line : `event: ${name}\n${line}`;
    })
    .join('');
  return {
    status: 200,
    headers: [
      ['content-type', 'text/event-stream; charset=utf-8'],
      ['cache-control', 'no-cache'],
    ],
    body: utf8(text),
  };
}

/** Makes an id's text from ours: letters and digits only, as the vendors' ids are. */
export function idFrom(prefix: string, id: string): string {
  return `${prefix}_${id.replace(/[^A-Za-z0-9]/g, '')}`;
}
