/** OpenAI Responses: `POST /v1/responses`, streamed and not, with Codex's custom tools and namespaces. */
import { jsonReply, sseEvent, sseReply } from './events.ts';
import { fragments } from './fragments.ts';
import { items, member, strings, text } from './json.ts';
import type { Answer, Conversation, ToolCall, WireFormat, WireReply } from './conversation.ts';

/** Names of tools, those in namespaces too. */
function toolNames(tools: unknown): readonly string[] {
  return items(tools).flatMap((tool) => [text(member(tool, 'name')), ...toolNames(member(tool, 'tools'))]);
}

function read(body: unknown): Conversation {
  const input = member(body, 'input');
  const texts: string[] = typeof input === 'string' ? [input] : [];
  const tools = new Set(toolNames(member(body, 'tools')));
  let results = 0;
  for (const item of items(input)) {
    const type = member(item, 'type');
    if (type === 'additional_tools') for (const name of toolNames(member(item, 'tools'))) tools.add(name);
    if (type === 'function_call_output' || type === 'custom_tool_call_output') {
      results += 1;
      texts.push(...strings(member(item, 'output')));
    }
    if (member(item, 'content') !== undefined && member(item, 'role') !== 'assistant') {
      texts.push(...strings(member(item, 'content')));
    }
  }
  return {
    model: text(member(body, 'model')),
    isStream: member(body, 'stream') === true,
    wantsJson: false,
    tools,
    texts,
    results,
  };
}

type Item = Readonly<Record<string, unknown>>;

function callItem(call: ToolCall, id: string): Item {
  const shared = { status: 'completed', call_id: `call_${id}`, name: call.name };
  if (call.kind === 'function') {
    return { type: 'function_call', id: `fc_${id}`, ...shared, arguments: JSON.stringify(call.input) };
  }
  const namespace = call.namespace === undefined ? {} : { namespace: call.namespace };
  return { type: 'custom_tool_call', id: `ctc_${id}`, ...shared, ...namespace, input: call.input };
}

function outputItems(answer: Answer, id: string): readonly Item[] {
  const content = [{ type: 'output_text', text: answer.text, annotations: [], logprobs: [] }];
  const said: Item = { type: 'message', id: `msg_${id}`, role: 'assistant', status: 'completed', content };
  const call = answer.call === undefined ? [] : [callItem(answer.call, id)];
  return [...(answer.text === '' ? [] : [said]), ...call];
}

type Send = (type: string, fields: object) => void;

/** The events of one output item: added, its deltas, the aggregates that repeat them, done. */
function sendItem(send: Send, item: Item, index: number, answerText: string): void {
  const at = { item_id: item['id'], output_index: index };
  const open = { ...item, status: 'in_progress' };
  if (item['type'] === 'message') {
    const part = { type: 'output_text', text: '', annotations: [], logprobs: [] };
    send('response.output_item.added', { output_index: index, item: { ...open, content: [] } });
    send('response.content_part.added', { ...at, content_index: 0, part });
    for (const delta of fragments(answerText)) {
      send('response.output_text.delta', { ...at, content_index: 0, delta, logprobs: [] });
    }
    send('response.output_text.done', { ...at, content_index: 0, text: answerText, logprobs: [] });
    send('response.content_part.done', { ...at, content_index: 0, part: { ...part, text: answerText } });
  } else {
    const isFunction = item['type'] === 'function_call';
    const key = isFunction ? 'arguments' : 'input';
    const prefix = isFunction ? 'response.function_call_arguments' : 'response.custom_tool_call_input';
    send('response.output_item.added', { output_index: index, item: { ...open, [key]: '' } });
    for (const delta of fragments(text(item[key]))) send(`${prefix}.delta`, { ...at, delta });
    send(`${prefix}.done`, { ...at, [key]: item[key] });
  }
  send('response.output_item.done', { output_index: index, item });
}

function render(answer: Answer, conversation: Conversation, id: string): WireReply {
  const output = outputItems(answer, id);
  const usage = {
    input_tokens: 1,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 1,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 2,
  };
  const response = { id: `resp_${id}`, object: 'response', created_at: 1, model: conversation.model };
  const completed = { ...response, status: 'completed', error: null, output, usage };
  if (!conversation.isStream) return jsonReply(200, completed);

  const chunks: string[] = [];
  const send: Send = (type, fields) => {
    chunks.push(sseEvent({ type, sequence_number: chunks.length, ...fields }, type));
  };
  const started = { ...response, status: 'in_progress', error: null, output: [], usage: null };
  send('response.created', { response: started });
  send('response.in_progress', { response: started });
  for (const [index, item] of output.entries()) sendItem(send, item, index, answer.text);
  send('response.completed', { response: completed });
  return sseReply(chunks);
}

/** The wire format of OpenAI's Responses API, as Codex speaks it. */
export const openaiResponses: WireFormat = { read, render };
