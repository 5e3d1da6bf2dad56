import { describe, expect, it } from 'vitest';
import { responsesReader } from '../../../src/providers/openai-responses-reply.ts';

describe('reading Responses events', () => {
  it('marks what repeats deltas, and ends streams with their done events', () => {
    const reader = responsesReader();
    const place = { output_index: 0, content_index: 0 };
    const read = (json: object) => reader.read(json, undefined);

    const delta = read({ type: 'response.output_text.delta', ...place, delta: 'a' });
    const done = read({ type: 'response.output_text.done', ...place, text: 'a' });
    const item = read({
      type: 'response.output_item.done',
      output_index: 0,
      item: { type: 'message', content: [{ type: 'output_text', text: 'a' }] },
    });

    expect(delta.parts).toEqual([{ path: ['delta'], stream: 'item 0 content 0', grammar: 'text' }]);
    expect(done).toEqual({
      parts: [{ path: ['text'], grammar: 'text', isRepeat: true }],
      ends: ['item 0 content 0'],
    });
    expect(item.parts).toEqual([{ path: ['item', 'content', 0, 'text'], grammar: 'text', isRepeat: true }]);
  });

  it('counts an item once that came without deltas', () => {
    const reader = responsesReader();
    const item = { type: 'custom_tool_call', name: 'exec', input: 'js' };
    const first = reader.read({ type: 'response.output_item.done', output_index: 0, item }, undefined);
    const again = reader.read({ type: 'response.completed', response: { output: [item] } }, undefined);

    expect(first.parts).toEqual([{ path: ['item', 'input'], grammar: 'source', tool: 'exec', use: 'unknown' }]);
    expect(again.parts).toMatchObject([{ path: ['response', 'output', 0, 'input'], isRepeat: true }]);
  });

  it.each([
    [{ type: 'function_call', name: 'exec_command', arguments: '{}' }, ['arguments'], 'json', 'shell'],
    [{ type: 'custom_tool_call', name: 'apply_patch', input: 'p' }, ['input'], 'freeform', 'file'],
    [{ type: 'local_shell_call', action: { command: ['ls'] } }, ['action'], 'object', 'shell'],
    [{ type: 'apply_patch_call', operation: { diff: 'd' } }, ['operation'], 'object', 'file'],
  ])('reads %j', (item, path, grammar, use) => {
    const { parts } = responsesReader().read({ object: 'response', output: [item] }, undefined);
    expect(parts).toMatchObject([{ path: ['output', 0, ...path], grammar, use }]);
  });

  it.each([
    { type: 'reasoning', summary: [{ text: 's' }], encrypted_content: 'e' },
    { type: 'mcp_call', arguments: '{}', output: 'o' },
    { type: 'web_search_call', action: { query: 'q' } },
    { type: 'code_interpreter_call', code: 'c' },
  ])('leaves alone what the vendor keeps or runs: %j', (item) => {
    expect(responsesReader().read({ object: 'response', output: [item] }, undefined).parts).toEqual([]);
  });

  it('ends what is open when the response does', () => {
    const reader = responsesReader();
    reader.read({ type: 'response.output_text.delta', output_index: 3, delta: 'a' }, undefined);
    expect(reader.read({ type: 'response.incomplete', response: {} }, undefined).ends).toEqual(['item 3 content 0']);
  });

  it.each([null, 'x', {}, { type: 'response.created', response: { instructions: 'i' } }])(
    'finds nothing in %j',
    (json) => {
      expect(responsesReader().read(json, undefined)).toEqual({ parts: [], ends: [] });
    },
  );
});
