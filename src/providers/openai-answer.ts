/** Refusals, failures and synthetic messages in the shapes of OpenAI Chat Completions and Responses. */
import type { LocalReply } from '../core/http.ts';
import { idFrom, jsonReply, noRetry, sseReply } from './answer.ts';
import type { ReplyContext } from './provider.ts';

/** An error in the vendor's shape; below 500 clients are told not to retry. */
export function openaiError(status: number, message: string): LocalReply {
  const isPolicy = status < 500;
  const error = {
    message,
    type: isPolicy ? 'invalid_request_error' : 'server_error',
    param: null,
    code: isPolicy ? 'policy_blocked' : null,
  };
  return jsonReply(status, { error }, isPolicy ? noRetry : []);
}

/** A 200 with one assistant text, as a chat completion or as the stream of one. */
export function chatMessage(text: string, context: ReplyContext): LocalReply {
  const base = { id: idFrom('chatcmpl', context.id), created: 0, model: context.model ?? 'unknown' };
  const usage = { prompt_tokens: 0, completion_tokens: 1, total_tokens: 1 };
  if (!context.isStream) {
    const choice = { index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop', logprobs: null };
    return jsonReply(200, { ...base, object: 'chat.completion', choices: [choice], usage });
  }
  const chunk = (delta: object, finish: string | null): readonly [undefined, unknown] => [
    undefined,
    { ...base, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] },
  ];
  return sseReply([
    chunk({ role: 'assistant', content: '' }, null),
    chunk({ content: text }, null),
    chunk({}, 'stop'),
    [undefined, { ...base, object: 'chat.completion.chunk', choices: [], usage }],
    [undefined, '[DONE]'],
  ]);
}

/** A 200 with one assistant text, as a response object or as the stream of one. */
export function responsesMessage(text: string, context: ReplyContext): LocalReply {
  const itemId = idFrom('msg', context.id);
  const part = { type: 'output_text', text, annotations: [] };
  const item = { type: 'message', id: itemId, status: 'completed', role: 'assistant', content: [part] };
  const response = {
    id: idFrom('resp', context.id),
    object: 'response',
    created_at: 0,
    status: 'completed',
    error: null,
    incomplete_details: null,
    model: context.model ?? 'unknown',
    output: [item],
    parallel_tool_calls: false,
    tools: [],
    usage: {
      input_tokens: 0,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 1,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 1,
    },
  };
  if (!context.isStream) return jsonReply(200, response);
  const begun = { ...response, status: 'in_progress', output: [], usage: null };
  const place = { item_id: itemId, output_index: 0, content_index: 0 };
  const events: readonly (readonly [string, object])[] = [
    ['response.created', { response: begun }],
    ['response.in_progress', { response: begun }],
    ['response.output_item.added', { output_index: 0, item: { ...item, status: 'in_progress', content: [] } }],
    ['response.content_part.added', { ...place, part: { ...part, text: '' } }],
    ['response.output_text.delta', { ...place, delta: text }],
    ['response.output_text.done', { ...place, text }],
    ['response.content_part.done', { ...place, part }],
    ['response.output_item.done', { output_index: 0, item }],
    ['response.completed', { response }],
  ];
  return sseReply(events.map(([type, data], i) => [type, { type, sequence_number: i, ...data }]));
}
