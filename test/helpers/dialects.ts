/** One request and its reply in each vendor's wire format: for tests that must hold whatever the vendor. */
import { items, member, text } from '../../src/app/stand-in/json.ts';

export interface Dialect {
  readonly name: string;
  readonly host: string;
  readonly path: string;
  /** Where a streamed reply is asked for, when not in the body. */
  readonly streamPath: string;
  /** What the vendor is shown: the user's words, then (in a second turn) what it said and the user's next words. */
  body(turns: readonly string[], isStream?: boolean): object;
  /** What the assistant said, from a streamed or whole reply. */
  said(reply: string): string;
  /** The message of an error in this vendor's shape; undefined for any other shape. */
  errorMessage(reply: string): string | undefined;
}

/** The JSON of each event. */
export function sseData(reply: string): readonly unknown[] {
  return [...reply.matchAll(/^data: (.*)$/gm)].flatMap(([, data = '']): unknown[] =>
    data === '[DONE]' ? [] : [JSON.parse(data)],
  );
}

/** The JSON values of a reply: its events, or the one document. */
function documents(reply: string): readonly unknown[] {
  return reply.startsWith('{') ? [JSON.parse(reply)] : sseData(reply);
}

const role = (index: number): 'user' | 'assistant' => (index % 2 === 0 ? 'user' : 'assistant');

/** A member deep inside; arrays by index. */
function at(value: unknown, ...keys: readonly (string | number)[]): unknown {
  return keys.reduce<unknown>(
    (found, key) => (typeof key === 'number' ? items(found)[key] : member(found, key)),
    value,
  );
}

function errorText(reply: string, isOurs: (error: unknown, whole: unknown) => boolean): string | undefined {
  const whole: unknown = JSON.parse(reply);
  const error = member(whole, 'error');
  return isOurs(error, whole) ? text(member(error, 'message')) : undefined;
}

const openaiError = (reply: string): string | undefined =>
  errorText(reply, (error) => text(member(error, 'type')) !== '' && member(error, 'param') !== undefined);

export const dialects: readonly Dialect[] = [
  {
    name: 'Anthropic Messages',
    host: 'api.anthropic.com',
    path: '/v1/messages',
    streamPath: '/v1/messages',
    body: (turns, isStream = false) => ({
      model: 'claude-sonnet-4-5',
      max_tokens: 64,
      stream: isStream,
      messages: turns.map((content, index) => ({ role: role(index), content })),
    }),
    said: (reply) =>
      documents(reply)
        .map((item) => text(at(item, 'delta', 'text')) + text(at(item, 'content', 0, 'text')))
        .join(''),
    errorMessage: (reply) =>
      errorText(
        reply,
        (error, whole) => member(whole, 'type') === 'error' && member(error, 'type') === 'invalid_request_error',
      ),
  },
  {
    name: 'OpenAI Chat',
    host: 'api.openai.com',
    path: '/v1/chat/completions',
    streamPath: '/v1/chat/completions',
    body: (turns, isStream = false) => ({
      model: 'gpt-5',
      stream: isStream,
      messages: turns.map((content, index) => ({ role: role(index), content })),
    }),
    said: (reply) =>
      documents(reply)
        .map(
          (item) =>
            text(at(item, 'choices', 0, 'delta', 'content')) + text(at(item, 'choices', 0, 'message', 'content')),
        )
        .join(''),
    errorMessage: openaiError,
  },
  {
    name: 'OpenAI Responses',
    host: 'api.openai.com',
    path: '/v1/responses',
    streamPath: '/v1/responses',
    body: (turns, isStream = false) => ({
      model: 'gpt-5',
      stream: isStream,
      input: turns.map((words, index) => ({
        type: 'message',
        role: role(index),
        content: [{ type: role(index) === 'user' ? 'input_text' : 'output_text', text: words }],
      })),
    }),
    said: (reply) =>
      documents(reply)
        .map((item) =>
          member(item, 'type') === 'response.output_text.delta'
            ? text(member(item, 'delta'))
            : text(at(item, 'output', 0, 'content', 0, 'text')),
        )
        .join(''),
    errorMessage: openaiError,
  },
  {
    name: 'Gemini',
    host: 'generativelanguage.googleapis.com',
    path: '/v1beta/models/gemini-2.5-pro:generateContent',
    streamPath: '/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse',
    body: (turns) => ({
      contents: turns.map((words, index) => ({
        role: role(index) === 'user' ? 'user' : 'model',
        parts: [{ text: words }],
      })),
    }),
    said: (reply) =>
      documents(reply)
        .map((item) => text(at(item, 'candidates', 0, 'content', 'parts', 0, 'text')))
        .join(''),
    errorMessage: (reply) =>
      errorText(
        reply,
        (error) =>
          member(error, 'code') === 400 &&
          ['INVALID_ARGUMENT', 'FAILED_PRECONDITION'].includes(text(member(error, 'status'))),
      ),
  },
];
