/** Anthropic Messages: `POST /v1/messages`, streamed and not (docs.claude.com, Messages and streaming). */
import { sseEvent, sseReply, jsonReply } from './events.ts';
import { fragments } from './fragments.ts';
import { items, member, strings, text } from './json.ts';
import type { Answer, Conversation, WireFormat, WireReply } from './conversation.ts';

const usage = { input_tokens: 1, output_tokens: 1, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };

function read(body: unknown): Conversation {
  const texts: string[] = [];
  let results = 0;
  for (const message of items(member(body, 'messages'))) {
    if (member(message, 'role') === 'assistant') continue;
    const content = member(message, 'content');
    if (typeof content === 'string') texts.push(content);
    for (const block of items(content)) {
      if (member(block, 'type') === 'tool_result') results += 1;
      texts.push(...strings(member(block, 'text') ?? member(block, 'content')));
    }
  }
  return {
    model: text(member(body, 'model')),
    isStream: member(body, 'stream') === true,
    wantsJson: false,
    tools: new Set(items(member(body, 'tools')).map((tool) => text(member(tool, 'name')))),
    texts,
    results,
  };
}

function blocks(answer: Answer, id: string): readonly Readonly<Record<string, unknown>>[] {
  const said = answer.text === '' ? [] : [{ type: 'text', text: answer.text }];
  const { call } = answer;
  if (call === undefined) return said;
  const input = call.kind === 'function' ? call.input : { input: call.input };
  return [...said, { type: 'tool_use', id: `toolu_${id}`, name: call.name, input }];
}

/** The start, the deltas and the end of one content block. */
function blockEvents(block: Readonly<Record<string, unknown>>, index: number): readonly string[] {
  const isTool = block['type'] === 'tool_use';
  const empty = isTool ? { ...block, input: {} } : { ...block, text: '' };
  const deltas = isTool
    ? ['', ...fragments(JSON.stringify(block['input']))].map((part) => ({
        type: 'input_json_delta',
        partial_json: part,
      }))
    : fragments(text(block['text'])).map((part) => ({ type: 'text_delta', text: part }));
  return [
    sseEvent({ type: 'content_block_start', index, content_block: empty }, 'content_block_start'),
    ...deltas.map((delta) => sseEvent({ type: 'content_block_delta', index, delta }, 'content_block_delta')),
    sseEvent({ type: 'content_block_stop', index }, 'content_block_stop'),
  ];
}

function render(answer: Answer, conversation: Conversation, id: string): WireReply {
  const headers = [['request-id', `req_${id}`]] as const;
  const stopReason = answer.call === undefined ? 'end_turn' : 'tool_use';
  const content = blocks(answer, id);
  const message = { id: `msg_${id}`, type: 'message', role: 'assistant', model: conversation.model, usage };
  if (!conversation.isStream) {
    return jsonReply(200, { ...message, content, stop_reason: stopReason, stop_sequence: null }, headers);
  }
  const opening = { ...message, content: [], stop_reason: null, stop_sequence: null };
  const delta = { stop_reason: stopReason, stop_sequence: null };
  return sseReply(
    [
      sseEvent({ type: 'message_start', message: opening }, 'message_start'),
      sseEvent({ type: 'ping' }, 'ping'),
      ...content.flatMap(blockEvents),
      sseEvent({ type: 'message_delta', delta, usage: { output_tokens: 1 } }, 'message_delta'),
      sseEvent({ type: 'message_stop' }, 'message_stop'),
    ],
    headers,
  );
}

/** The wire format of `api.anthropic.com`. */
export const anthropic: WireFormat = { read, render };
