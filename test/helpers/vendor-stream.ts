/** Writes one assistant turn in each vendor's reply format, and reads it back as a client would. */
import { at, listAt, parseJson, textAt } from './json-at.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { gemini, geminiCodeAssist } from '../../src/providers/gemini.ts';
import { openaiChat } from '../../src/providers/openai-chat.ts';
import { openaiResponses } from '../../src/providers/openai-responses.ts';

/** What an assistant says and the one call it makes. */
interface Turn {
  readonly text: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A reply format: a turn as bytes (fragments cut at the given sizes) and back. */
export interface Format {
  readonly name: string;
  readonly provider: Provider;
  readonly contentType: string;
  write(turn: Turn, sizes: readonly number[]): string;
  /** Everything the client sees of text and arguments; of formats that repeat them, each repetition. */
  read(body: string): { readonly texts: readonly string[]; readonly calls: readonly unknown[] };
}

/** Cuts text into pieces of the given sizes, over and over; always one piece at least. */
export function cut(text: string, sizes: readonly number[]): string[] {
  const pieces: string[] = [];
  for (let at = 0, i = 0; at < text.length || i === 0; i++) {
    const size = Math.max(1, sizes[i % Math.max(1, sizes.length)] ?? text.length);
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return pieces;
}

type Json = Record<string, unknown>;

function event(data: Json, name?: string): string {
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;
}

/** The JSON of every SSE event. */
export function eventsOf(body: string): unknown[] {
  return body
    .split(/\r\n\r\n|\n\n|\r\r/)
    .map((block) =>
      block
        .split(/\r\n|\n|\r/)
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(line.startsWith('data: ') ? 6 : 5))
        .join('\n'),
    )
    .filter((data) => data !== '' && data !== '[DONE]')
    .map(parseJson);
}

const anthropicStream: Format = {
  name: 'anthropic stream',
  provider: anthropic,
  contentType: 'text/event-stream',
  write({ text, tool, args }, sizes) {
    const named = (data: Json): string => event(data, textAt(data, 'type'));
    return [
      named({ type: 'message_start', message: { id: 'msg_1', type: 'message', role: 'assistant', content: [] } }),
      named({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
      named({ type: 'ping' }),
      ...cut(text, sizes).map((piece) =>
        named({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: piece } }),
      ),
      named({ type: 'content_block_stop', index: 0 }),
      named({
        type: 'content_block_start',
        index: 1,
        content_block: { type: 'tool_use', id: 'toolu_1', name: tool, input: {} },
      }),
      ...cut(JSON.stringify(args), sizes).map((piece) =>
        named({ type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: piece } }),
      ),
      named({ type: 'content_block_stop', index: 1 }),
      named({ type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 1 } }),
      named({ type: 'message_stop' }),
    ].join('');
  },
  read(body) {
    const text = eventsOf(body).map((data) => textAt(data, 'delta', 'text'));
    const json = eventsOf(body).map((data) => textAt(data, 'delta', 'partial_json'));
    return { texts: [text.join('')], calls: [parseJson(json.join(''))] };
  },
};

const anthropicWhole: Format = {
  name: 'anthropic whole',
  provider: anthropic,
  contentType: 'application/json',
  write: ({ text, tool, args }) =>
    JSON.stringify(
      {
        id: 'msg_1',
        type: 'message',
        content: [
          { type: 'text', text },
          { type: 'tool_use', id: 'toolu_1', name: tool, input: args },
        ],
      },
      undefined,
      1,
    ),
  read(body) {
    const message = parseJson(body);
    return { texts: [textAt(message, 'content', 0, 'text')], calls: [at(message, 'content', 1, 'input')] };
  },
};

const chatStream: Format = {
  name: 'chat stream',
  provider: openaiChat,
  contentType: 'text/event-stream; charset=utf-8',
  write({ text, tool, args }, sizes) {
    const chunk = (delta: Json, finish: string | null = null): string =>
      event({
        id: 'chatcmpl-1',
        object: 'chat.completion.chunk',
        choices: [{ index: 0, delta, finish_reason: finish }],
      });
    return [
      chunk({ role: 'assistant', content: '' }),
      ...cut(text, sizes).map((piece) => chunk({ content: piece })),
      chunk({
        tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: tool, arguments: '' } }],
      }),
      ...cut(JSON.stringify(args), sizes).map((piece) =>
        chunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] }),
      ),
      chunk({}, 'tool_calls'),
      'data: [DONE]\n\n',
    ].join('');
  },
  read(body) {
    let text = '';
    let json = '';
    for (const data of eventsOf(body)) {
      for (const choice of listAt(data, 'choices')) {
        text += textAt(choice, 'delta', 'content');
        for (const call of listAt(choice, 'delta', 'tool_calls')) json += textAt(call, 'function', 'arguments');
      }
    }
    return { texts: [text], calls: [parseJson(json)] };
  },
};

const chatWhole: Format = {
  name: 'chat whole',
  provider: openaiChat,
  contentType: 'application/json',
  write: ({ text, tool, args }) =>
    JSON.stringify({
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: text,
            tool_calls: [{ id: 'call_1', type: 'function', function: { name: tool, arguments: JSON.stringify(args) } }],
          },
          finish_reason: 'tool_calls',
        },
      ],
    }),
  read(body) {
    const message = at(parseJson(body), 'choices', 0, 'message');
    const args = textAt(message, 'tool_calls', 0, 'function', 'arguments');
    return { texts: [textAt(message, 'content')], calls: [parseJson(args)] };
  },
};

/** The output items of a turn. */
function responseItems({ text, tool, args }: Turn): Json[] {
  return [
    { type: 'message', id: 'msg_1', role: 'assistant', content: [{ type: 'output_text', text, annotations: [] }] },
    { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: tool, arguments: JSON.stringify(args) },
  ];
}

const responsesStream: Format = {
  name: 'responses stream',
  provider: openaiResponses,
  contentType: 'text/event-stream',
  write(turn, sizes) {
    const { text, tool, args } = turn;
    const items = responseItems(turn);
    const part = { type: 'output_text', text, annotations: [] };
    const place = { item_id: 'msg_1', output_index: 0, content_index: 0 };
    const call = { item_id: 'fc_1', output_index: 1 };
    const json = JSON.stringify(args);
    const events: (readonly [string, Json])[] = [
      ['response.created', { response: { id: 'resp_1', object: 'response', output: [] } }],
      ['response.output_item.added', { output_index: 0, item: { type: 'message', id: 'msg_1', content: [] } }],
      ['response.content_part.added', { ...place, part: { ...part, text: '' } }],
      ...cut(text, sizes).map((delta) => ['response.output_text.delta', { ...place, delta }] as const),
      ['response.output_text.done', { ...place, text }],
      ['response.content_part.done', { ...place, part }],
      ['response.output_item.done', { output_index: 0, item: items[0] }],
      [
        'response.output_item.added',
        { output_index: 1, item: { type: 'function_call', id: 'fc_1', name: tool, arguments: '' } },
      ],
      ...cut(json, sizes).map((delta) => ['response.function_call_arguments.delta', { ...call, delta }] as const),
      ['response.function_call_arguments.done', { ...call, arguments: json }],
      ['response.output_item.done', { output_index: 1, item: items[1] }],
      ['response.completed', { response: { id: 'resp_1', object: 'response', output: items } }],
    ];
    return events.map(([type, data]) => event({ type, ...data }, type)).join('');
  },
  read(body) {
    const texts: string[] = [];
    const calls: unknown[] = [];
    let text = '';
    let json = '';
    const readItem = (item: unknown): void => {
      if (textAt(item, 'type') === 'message') texts.push(textAt(item, 'content', 0, 'text'));
      else calls.push(parseJson(textAt(item, 'arguments')));
    };
    for (const data of eventsOf(body)) {
      switch (textAt(data, 'type')) {
        case 'response.output_text.delta':
          text += textAt(data, 'delta');
          break;
        case 'response.function_call_arguments.delta':
          json += textAt(data, 'delta');
          break;
        case 'response.output_text.done':
          texts.push(textAt(data, 'text'));
          break;
        case 'response.content_part.done':
          texts.push(textAt(data, 'part', 'text'));
          break;
        case 'response.function_call_arguments.done':
          calls.push(parseJson(textAt(data, 'arguments')));
          break;
        case 'response.output_item.done':
          readItem(at(data, 'item'));
          break;
        case 'response.completed':
          listAt(data, 'response', 'output').forEach(readItem);
          break;
        default:
          break;
      }
    }
    return { texts: [text, ...texts], calls: [parseJson(json), ...calls] };
  },
};

const responsesWhole: Format = {
  name: 'responses whole',
  provider: openaiResponses,
  contentType: 'application/json; charset=utf-8',
  write: (turn) => JSON.stringify({ id: 'resp_1', object: 'response', output: responseItems(turn) }),
  read(body) {
    const response = parseJson(body);
    return {
      texts: [textAt(response, 'output', 0, 'content', 0, 'text')],
      calls: [parseJson(textAt(response, 'output', 1, 'arguments'))],
    };
  },
};

/** The chunks of a turn: the text in pieces, then the call. */
function geminiChunks({ text, tool, args }: Turn, sizes: readonly number[]): Json[] {
  const chunk = (part: Json, finish?: string): Json => ({
    candidates: [{ content: { role: 'model', parts: [part] }, index: 0, ...(finish ? { finishReason: finish } : {}) }],
  });
  return [
    ...cut(text, sizes).map((piece) => chunk({ text: piece })),
    chunk({ functionCall: { name: tool, args }, thoughtSignature: 'c2ln' }),
    chunk({ text: '' }, 'STOP'),
  ];
}

/** What a client makes of chunks. */
function readGemini(chunks: readonly unknown[]): { texts: string[]; calls: unknown[] } {
  let text = '';
  const calls: unknown[] = [];
  for (const chunk of chunks) {
    for (const part of listAt(chunk, 'candidates', 0, 'content', 'parts')) {
      text += textAt(part, 'text');
      if (at(part, 'functionCall') !== undefined) calls.push(at(part, 'functionCall', 'args'));
    }
  }
  return { texts: [text], calls };
}

const geminiStream: Format = {
  name: 'gemini stream',
  provider: gemini,
  contentType: 'text/event-stream',
  write: (turn, sizes) =>
    geminiChunks(turn, sizes)
      .map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`)
      .join(''),
  read: (body) => readGemini(eventsOf(body)),
};

const codeAssistStream: Format = {
  name: 'code assist stream',
  provider: geminiCodeAssist,
  contentType: 'text/event-stream',
  write: (turn, sizes) =>
    geminiChunks(turn, sizes)
      .map((response) => event({ response, traceId: 't' }))
      .join(''),
  read: (body) => readGemini(eventsOf(body).map((data) => at(data, 'response'))),
};

const geminiList: Format = {
  name: 'gemini list',
  provider: gemini,
  contentType: 'application/json; charset=UTF-8',
  write: (turn, sizes) =>
    `[${geminiChunks(turn, sizes)
      .map((chunk) => JSON.stringify(chunk, undefined, 2))
      .join('\n,\r\n')}]\n`,
  read: (body) => readGemini(listAt(parseJson(body))),
};

/** Every reply format. */
export const formats: readonly Format[] = [
  anthropicStream,
  anthropicWhole,
  chatStream,
  chatWhole,
  responsesStream,
  responsesWhole,
  geminiStream,
  codeAssistStream,
  geminiList,
];
