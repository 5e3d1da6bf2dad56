/** Refusals, failures and synthetic messages in the shape of Anthropic Messages. */
import type { HeaderList, LocalReply } from '../core/http.ts';
import { idFrom, jsonReply, noRetry, sseReply } from './answer.ts';
import type { ReplyContext } from './provider.ts';

const errorTypes: Readonly<Record<number, string>> = { 404: 'not_found_error', 503: 'overloaded_error' };

/** An error in the vendor's shape; below 500 clients are told not to retry. */
export function anthropicError(status: number, message: string, context: ReplyContext): LocalReply {
  const type = errorTypes[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error');
  const requestId = idFrom('req', context.id);
  const headers: HeaderList = [['request-id', requestId], ...(status < 500 ? noRetry : [])];
  return jsonReply(status, { type: 'error', error: { type, message }, request_id: requestId }, headers);
}

/** A 200 with one assistant text, as a message or as the stream of one. */
export function anthropicMessage(text: string, context: ReplyContext): LocalReply {
  const message = {
    id: idFrom('msg', context.id),
    type: 'message',
    role: 'assistant',
    model: context.model ?? 'unknown',
    content: [] as unknown[],
    stop_reason: null as string | null,
    stop_sequence: null,
    usage: { input_tokens: 0, output_tokens: 1 },
  };
  if (!context.isStream) {
    return jsonReply(200, { ...message, content: [{ type: 'text', text }], stop_reason: 'end_turn' });
  }
  return sseReply([
    ['message_start', { type: 'message_start', message }],
    ['content_block_start', { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }],
    ['content_block_delta', { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }],
    ['content_block_stop', { type: 'content_block_stop', index: 0 }],
    [
      'message_delta',
      { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 1 } },
    ],
    ['message_stop', { type: 'message_stop' }],
  ]);
}
