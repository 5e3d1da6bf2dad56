/** The reading for what no provider knows: every string is read, nothing is structural. */
import type { LocalReply } from '../core/http.ts';
import { jsonReply, noRetry } from './answer.ts';
import type { Provider, ReplyEvent } from './provider.ts';
import { everyString } from './every-string.ts';

function error(status: number, type: string, message: string): LocalReply {
  return jsonReply(status, { error: { type, message } }, status < 500 ? noRetry : []);
}

/** The provider of hosts and routes without a known shape. */
export const generic: Provider = {
  id: 'generic',
  meaning: () => 'unknown',
  replyReader: () => ({ read: (json): ReplyEvent => ({ parts: everyString(json), ends: [] }) }),
  refusal: (message) => error(400, 'blocked_by_policy', message),
  failure: (status, message) => error(status, status >= 500 ? 'unavailable' : 'blocked_by_policy', message),
  // A synthetic message needs a shape that the client knows: without one, the refusal is the message.
  message: (text) => error(400, 'blocked_by_policy', text),
};
