/** How a client wants its reply: said in the body by most, in `accept` or the path by others. */
import { fromUtf8 } from '../core/bytes.ts';
import { headerValue, type RequestHead } from '../core/http.ts';
import type { ReplyContext } from '../providers/provider.ts';

/** Reads it. @param body without its coding; empty when it is not at hand @param id of the exchange */
export function wantedReply(head: RequestHead, body: Uint8Array, id: string): ReplyContext {
  const { isStream, model } = saidIn(body);
  const accept = headerValue(head.headers, 'accept') ?? '';
  const isAnyStream = isStream || accept.includes('text/event-stream') || /:streamGenerateContent/i.test(head.target);
  return { isStream: isAnyStream, id, ...(model === undefined ? {} : { model }) };
}

function saidIn(body: Uint8Array): { readonly isStream: boolean; readonly model?: string } {
  if (body.length === 0) return { isStream: false };
  try {
    const json: unknown = JSON.parse(fromUtf8(body));
    if (typeof json !== 'object' || json === null) return { isStream: false };
    const isStream = 'stream' in json && json.stream === true;
    // Only a name that reads as one is repeated: the reply is ours, not a place for the request's content.
    const model = 'model' in json && typeof json.model === 'string' && /^[\w.:/-]{1,80}$/.test(json.model);
    return { isStream, ...(model ? { model: String(json.model) } : {}) };
  } catch {
    // Not JSON: nothing is known, and the refusal takes the plain form.
    return { isStream: false };
  }
}
