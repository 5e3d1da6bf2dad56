import { describe, expect, it } from 'vitest';
import { items, member, text } from '../../../../src/app/stand-in/json.ts';
import { wireFormat } from '../../../../src/app/stand-in/vendors.ts';
import type { Answer, WireFormat } from '../../../../src/app/stand-in/conversation.ts';

const answer: Answer = {
  text: 'First a word about it: 🗝.',
  call: { kind: 'function', name: 'read', input: { path: '/p/a "b".env', note: 'é\n' } },
};

function requireFormat(target: string): WireFormat {
  const format = wireFormat('POST', target);
  if (format === undefined) throw new Error(`no format for ${target}`);
  return format;
}

/** The events of a reply, parsed; `[DONE]` is left out. */
function events(chunks: readonly string[]): readonly unknown[] {
  const lines = chunks.join('').split('\n');
  const data = lines.filter((line) => line.startsWith('data: ')).map((line) => line.slice('data: '.length));
  return data.filter((line) => line !== '[DONE]').map((line): unknown => JSON.parse(line));
}

/** What a streamed reply to a request says, event by event. */
function streamed(target: string, body: unknown): readonly unknown[] {
  const format = requireFormat(target);
  return events(format.render(answer, format.read(body, target), 'x').chunks);
}

describe('which format a path speaks', () => {
  it.each([
    ['GET', '/v1/messages'],
    ['POST', '/v1/messages/count_tokens'],
    ['POST', '/api/event_logging/v2/batch'],
    ['POST', '/v1beta/models/m:countTokens'],
  ])('none: %s %s', (method, target) => {
    expect(wireFormat(method, target)).toBeUndefined();
  });
});

/** The same conversation in every format: a user's words, one call, its result. */
const conversations = [
  {
    target: '/v1/messages?beta=true',
    body: {
      model: 'm',
      stream: true,
      tools: [{ name: 'read' }],
      messages: [
        { role: 'user', content: 'look' },
        { role: 'assistant', content: [{ type: 'text', text: 'said' }] },
        { role: 'user', content: [{ type: 'tool_result', content: [{ type: 'text', text: 'KEY=v' }] }] },
      ],
    },
  },
  {
    target: '/v1/chat/completions',
    body: {
      model: 'm',
      stream: true,
      tools: [{ type: 'function', function: { name: 'read' } }],
      messages: [
        { role: 'user', content: 'look' },
        { role: 'assistant', content: 'said' },
        { role: 'tool', content: 'KEY=v' },
      ],
    },
  },
  {
    target: '/v1/responses',
    body: {
      model: 'm',
      stream: true,
      input: [
        { type: 'additional_tools', tools: [{ type: 'namespace', name: 'functions', tools: [{ name: 'read' }] }] },
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'look' }] },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'said' }] },
        { type: 'function_call_output', output: 'KEY=v' },
      ],
    },
  },
  {
    target: '/v1beta/models/m:streamGenerateContent?alt=sse',
    body: {
      tools: [{ functionDeclarations: [{ name: 'read' }] }],
      contents: [
        { role: 'user', parts: [{ text: 'look' }] },
        { role: 'model', parts: [{ text: 'said' }] },
        { role: 'user', parts: [{ functionResponse: { name: 'read', response: { output: 'KEY=v' } } }] },
      ],
    },
  },
] as const;

describe('reading a request', () => {
  it.each(conversations)('finds the turn in $target', ({ target, body }) => {
    const conversation = requireFormat(target).read(body, target);

    expect(conversation).toMatchObject({ model: 'm', isStream: true, wantsJson: false, results: 1 });
    expect(conversation.tools.has('read')).toBe(true);
    expect(conversation.texts.join(' ')).toContain('look');
    expect(conversation.texts.join(' ')).toContain('KEY=v');
    expect(conversation.texts.join(' ')).not.toContain('said');
  });

  it.each(conversations)('does not throw on another shape in $target', ({ target }) => {
    for (const body of [null, 1, [], { messages: 1, input: {}, contents: [null] }]) {
      expect(requireFormat(target).read(body, target)).toMatchObject({ results: 0, texts: [] });
    }
  });
});

describe('rendering a turn', () => {
  it.each(conversations)('names the reply in its first chunk: $target', ({ target, body }) => {
    const format = requireFormat(target);
    const { chunks } = format.render(answer, format.read(body, target), 'standin000042');

    expect(chunks[0]).toContain('standin000042');
    expect(chunks.length).toBeGreaterThan(5);
  });

  it('streams Anthropic deltas that join to the text and the input', () => {
    const deltas = streamed('/v1/messages', { stream: true }).map((event) => member(event, 'delta'));

    expect(deltas.map((delta) => text(member(delta, 'text'))).join('')).toBe(answer.text);
    expect(JSON.parse(deltas.map((delta) => text(member(delta, 'partial_json'))).join(''))).toEqual(answer.call?.input);
  });

  it('streams Responses deltas and repeats the whole in the aggregate events', () => {
    const all = streamed('/v1/responses', { stream: true });
    const ofType = (type: string): readonly unknown[] => all.filter((event) => member(event, 'type') === type);
    const joined = (type: string): string =>
      ofType(type)
        .map((event) => text(member(event, 'delta')))
        .join('');

    expect(joined('response.output_text.delta')).toBe(answer.text);
    expect(JSON.parse(joined('response.function_call_arguments.delta'))).toEqual(answer.call?.input);
    expect(ofType('response.output_text.done')).toMatchObject([{ text: answer.text }]);
    const args = JSON.stringify(answer.call?.input);
    expect(all.at(-1)).toMatchObject({
      type: 'response.completed',
      response: { output: [{ type: 'message' }, { type: 'function_call', name: 'read', arguments: args }] },
    });
  });

  it('streams Chat deltas and ends with [DONE]', () => {
    const deltas = streamed('/v1/chat/completions', { stream: true }).map((event) =>
      member(items(member(event, 'choices'))[0], 'delta'),
    );
    const args = deltas.flatMap((delta) => items(member(delta, 'tool_calls')));

    expect(deltas.map((delta) => text(member(delta, 'content'))).join('')).toBe(answer.text);
    expect(JSON.parse(args.map((call) => text(member(member(call, 'function'), 'arguments'))).join(''))).toEqual(
      answer.call?.input,
    );
    const format = requireFormat('/v1/chat/completions');
    expect(format.render(answer, format.read({ stream: true }, ''), 'x').chunks.at(-1)).toBe('data: [DONE]\n\n');
  });

  it('streams Gemini parts: text in pieces, the call whole', () => {
    const parts = streamed('/v1beta/models/m:streamGenerateContent?alt=sse', {}).flatMap((event) =>
      items(member(member(items(member(event, 'candidates'))[0], 'content'), 'parts')),
    );
    const calls = parts.map((part) => member(part, 'functionCall')).filter((call) => call !== undefined);

    expect(parts.map((part) => text(member(part, 'text'))).join('')).toBe(answer.text);
    expect(calls).toEqual([{ name: 'read', args: answer.call?.input }]);
  });

  it.each([
    ['/v1/messages', {}],
    ['/v1/chat/completions', {}],
    ['/v1/responses', {}],
    ['/v1beta/models/m:generateContent', {}],
  ])('gives one JSON document where no stream is asked for: %s', (target, body) => {
    const format = requireFormat(target);
    const reply = format.render(answer, format.read(body, target), 'x');

    expect(reply.chunks).toHaveLength(1);
    const document = JSON.stringify(JSON.parse(reply.chunks[0] ?? ''));
    expect(document).toContain('First a word');
    expect(document).toContain('"read"');
  });
});
