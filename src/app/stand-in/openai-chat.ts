/** OpenAI Chat Completions: `POST /v1/chat/completions`, streamed and not (platform.openai.com, API reference). */
import { jsonReply, sseEvent, sseReply } from './events.ts';
import { fragments } from './fragments.ts';
import { items, member, strings, text } from './json.ts';
import type { Answer, Conversation, WireFormat, WireReply } from './conversation.ts';

function read(body: unknown): Conversation {
  const messages = items(member(body, 'messages'));
  const others = messages.filter((message) => member(message, 'role') !== 'assistant');
  return {
    model: text(member(body, 'model')),
    isStream: member(body, 'stream') === true,
    wantsJson: false,
    tools: new Set(items(member(body, 'tools')).map((tool) => text(member(member(tool, 'function'), 'name')))),
    texts: others.flatMap((message) => strings(member(message, 'content'))),
    results: messages.filter((message) => member(message, 'role') === 'tool').length,
  };
}

function render(answer: Answer, conversation: Conversation, id: string): WireReply {
  const { call } = answer;
  const finish = call === undefined ? 'stop' : 'tool_calls';
  const shared = { id: `chatcmpl-${id}`, created: 1, model: conversation.model };
  const name = call?.name ?? '';
  const args = call === undefined ? '' : JSON.stringify(call.input);
  if (!conversation.isStream) {
    const calls = [{ id: `call_${id}`, type: 'function', function: { name, arguments: args } }];
    const message = { role: 'assistant', content: answer.text, ...(call === undefined ? {} : { tool_calls: calls }) };
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    return jsonReply(200, {
      ...shared,
      object: 'chat.completion',
      choices: [{ index: 0, message, finish_reason: finish }],
      usage,
    });
  }
  const chunk = (delta: object, finishReason: string | null = null): string =>
    sseEvent({
      ...shared,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta, finish_reason: finishReason }],
    });
  const opening = { index: 0, id: `call_${id}`, type: 'function', function: { name, arguments: '' } };
  const calls = [opening, ...fragments(args).map((part) => ({ index: 0, function: { arguments: part } }))];
  return sseReply([
    chunk({ role: 'assistant', content: '' }),
    ...fragments(answer.text).map((part) => chunk({ content: part })),
    ...(call === undefined ? [] : calls.map((part) => chunk({ tool_calls: [part] }))),
    chunk({}, finish),
    sseEvent('[DONE]'),
  ]);
}

/** The wire format of OpenAI's older API and of everything compatible with it. */
export const openaiChat: WireFormat = { read, render };
