/** Server-sent events and JSON replies as the vendors frame them. */
import type { HeaderList } from '../../core/http.ts';
import type { WireReply } from './conversation.ts';

/** Frames one event; `event` is left out where a vendor names none. */
export function sseEvent(data: unknown, event?: string): string {
  const payload = typeof data === 'string' ? data : JSON.stringify(data);
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${payload}\n\n`;
}

/** A streamed reply of whole events. */
export function sseReply(chunks: readonly string[], headers: HeaderList = []): WireReply {
  return { status: 200, headers: [['content-type', 'text/event-stream; charset=utf-8'], ...headers], chunks };
}

/** A reply that is one JSON document. */
export function jsonReply(status: number, value: unknown, headers: HeaderList = []): WireReply {
  return { status, headers: [['content-type', 'application/json'], ...headers], chunks: [JSON.stringify(value)] };
}
