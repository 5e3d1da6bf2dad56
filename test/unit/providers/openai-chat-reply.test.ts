import { describe, expect, it } from 'vitest';
import { chatReader } from '../../../src/providers/openai-chat-reply.ts';

const chunk = (delta: object, finish: string | null = null, index = 0): object => ({
  choices: [{ index, delta, finish_reason: finish }],
});

describe('reading Chat Completions chunks', () => {
  it('groups deltas by choice and call, and keeps the name that only the first carries', () => {
    const reader = chatReader();
    const call = (fields: object): object => chunk({ tool_calls: [{ index: 1, function: fields }] });
    reader.read(call({ name: 'write_file', arguments: '' }), undefined);

    expect(reader.read(call({ arguments: '{' }), undefined).parts).toEqual([
      {
        path: ['choices', 0, 'delta', 'tool_calls', 0, 'function', 'arguments'],
        grammar: 'json',
        tool: 'write_file',
        use: 'file',
        stream: 'choice 0 call 1',
      },
    ]);
    expect(reader.read(chunk({ content: 'a' }), undefined).parts[0]).toMatchObject({ stream: 'choice 0 content' });
    expect(reader.read(chunk({}, 'stop'), undefined).ends).toEqual(['choice 0 call 1', 'choice 0 content']);
    expect(reader.read(chunk({}, 'stop'), undefined).ends).toEqual([]);
  });

  it('keeps choices apart', () => {
    const reader = chatReader();
    reader.read(chunk({ content: 'a' }, null, 1), undefined);
    expect(reader.read(chunk({}, 'stop', 0), undefined).ends).toEqual([]);
    expect(reader.read(chunk({}, 'stop', 1), undefined).ends).toEqual(['choice 1 content']);
  });

  it('reads reasoning, refusals, the older call form, custom tools and parts of content', () => {
    const paths = (message: object): unknown[] =>
      chatReader()
        .read({ choices: [{ message }] }, undefined)
        .parts.map(({ path, grammar }) => [path.slice(3).join('/'), grammar]);
    expect(paths({ reasoning_content: 'r', refusal: 'no' })).toEqual([
      ['refusal', 'text'],
      ['reasoning_content', 'text'],
    ]);
    expect(paths({ function_call: { name: 'f', arguments: '{}' } })).toEqual([['function_call/arguments', 'json']]);
    expect(paths({ tool_calls: [{ custom: { name: 'apply_patch', input: 'p' } }] })).toEqual([
      ['tool_calls/0/custom/input', 'freeform'],
    ]);
    expect(paths({ content: [{ type: 'text', text: 't' }] })).toEqual([['content/0/text', 'text']]);
  });

  it('reads the older text completions', () => {
    expect(chatReader().read({ choices: [{ text: 'a', index: 0, finish_reason: 'stop' }] }, undefined)).toEqual({
      parts: [{ path: ['choices', 0, 'text'], grammar: 'text', stream: 'choice 0 text' }],
      ends: ['choice 0 text'],
    });
  });

  it.each([null, 'x', {}, { choices: 'x' }, { choices: [null] }, { error: { message: 'm' } }])(
    'finds nothing in %j',
    (json) => {
      expect(chatReader().read(json, undefined)).toEqual({ parts: [], ends: [] });
    },
  );
});
