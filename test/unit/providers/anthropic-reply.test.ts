import { describe, expect, it } from 'vitest';
import { anthropicReader } from '../../../src/providers/anthropic-reply.ts';

describe('reading Anthropic events', () => {
  it('groups deltas by block and knows the tool from its start', () => {
    const reader = anthropicReader();
    const start = { type: 'tool_use', id: 't', name: 'Bash', input: {} };

    expect(reader.read({ type: 'content_block_start', index: 2, content_block: start }, undefined).parts).toEqual([]);
    expect(
      reader.read({ type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta' } }, undefined).parts,
    ).toEqual([{ path: ['delta', 'partial_json'], stream: 'block 2', grammar: 'json', tool: 'Bash', use: 'shell' }]);
    expect(reader.read({ type: 'content_block_stop', index: 2 }, undefined).ends).toEqual(['block 2']);
    expect(reader.read({ type: 'content_block_stop', index: 2 }, undefined).ends).toEqual([]);
  });

  it('ends with the message whatever had no end of its own', () => {
    const reader = anthropicReader();
    reader.read({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'a' } }, undefined);
    expect(reader.read({ type: 'message_stop' }, undefined).ends).toEqual(['block 0']);
  });

  it('reads a call that comes whole with its start', () => {
    const block = { type: 'tool_use', name: 'Write', input: { a: 'b' } };
    expect(
      anthropicReader().read({ type: 'content_block_start', index: 0, content_block: block }, undefined).parts,
    ).toEqual([{ path: ['content_block', 'input'], grammar: 'object', tool: 'Write', use: 'file' }]);
  });

  it('reads text and calls of a whole message, never thinking', () => {
    const content = [
      { type: 'thinking', thinking: 't', signature: 's' },
      { type: 'text', text: 'a' },
      { type: 'tool_use', name: 'Edit', input: { a: 'b' } },
      { type: 'server_tool_use', name: 'web_search', input: { query: 'q' } },
    ];
    expect(
      anthropicReader()
        .read({ type: 'message', content }, undefined)
        .parts.map(({ path }) => path),
    ).toEqual([
      ['content', 1, 'text'],
      ['content', 2, 'input'],
    ]);
  });

  it.each([null, 7, 'x', [], {}, { type: 'content_block_delta' }, { type: 'message', content: 'x' }])(
    'finds nothing in %j',
    (json) => {
      expect(anthropicReader().read(json, undefined)).toEqual({ parts: [], ends: [] });
    },
  );
});
