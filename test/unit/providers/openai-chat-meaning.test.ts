import { describe, expect, it } from 'vitest';
import { openaiChat } from '../../../src/providers/openai-chat.ts';
import { meaningsOf } from '../../helpers/surroundings.ts';

describe('a Chat Completions request', () => {
  it('is read by what its strings are', () => {
    const meanings = meaningsOf(openaiChat, {
      model: 'm',
      messages: [
        { role: 'system', content: 'sys' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 't', cache_control: { type: 'ephemeral' } },
            { type: 'image_url', image_url: { url: 'https://h.example' } },
            { type: 'input_audio', input_audio: { data: 'd', format: 'wav' } },
            { type: 'file', file: { file_data: 'data:text/plain;base64,', file_id: 'f', filename: 'n' } },
          ],
        },
        {
          role: 'assistant',
          content: null,
          reasoning_content: 'r',
          reasoning_opaque: 'o',
          reasoning_details: [
            { type: 'reasoning.text', text: 'signed', signature: 's' },
            { type: 'reasoning.text', text: 'plain' },
            { type: 'reasoning.encrypted', data: 'd' },
          ],
          tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'c', content: 'out' },
      ],
      tools: [{ type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' } } }],
      metadata: { a: 'b' },
    });

    expect(meanings).toEqual({
      '/model': 'structural',
      '/messages/0/role': 'structural',
      '/messages/0/content': 'prose',
      '/messages/1/role': 'structural',
      '/messages/1/content/0/type': 'structural',
      '/messages/1/content/0/text': 'prose',
      '/messages/1/content/0/cache_control/type': 'structural',
      '/messages/1/content/1/type': 'structural',
      '/messages/1/content/1/image_url/url': 'prose',
      '/messages/1/content/2/type': 'structural',
      '/messages/1/content/2/input_audio/data': 'opaque',
      '/messages/1/content/2/input_audio/format': 'structural',
      '/messages/1/content/3/type': 'structural',
      '/messages/1/content/3/file/file_data': 'unknown',
      '/messages/1/content/3/file/file_id': 'structural',
      '/messages/1/content/3/file/filename': 'unknown',
      '/messages/2/role': 'structural',
      '/messages/2/reasoning_content': 'prose',
      '/messages/2/reasoning_opaque': 'opaque',
      '/messages/2/reasoning_details/0/type': 'structural',
      '/messages/2/reasoning_details/0/text': 'signed',
      '/messages/2/reasoning_details/0/signature': 'opaque',
      '/messages/2/reasoning_details/1/type': 'structural',
      '/messages/2/reasoning_details/1/text': 'prose',
      '/messages/2/reasoning_details/2/type': 'structural',
      '/messages/2/reasoning_details/2/data': 'opaque',
      '/messages/2/tool_calls/0/id': 'structural',
      '/messages/2/tool_calls/0/type': 'structural',
      '/messages/2/tool_calls/0/function/name': 'structural',
      '/messages/2/tool_calls/0/function/arguments': 'tool-input',
      '/messages/3/role': 'structural',
      '/messages/3/tool_call_id': 'structural',
      '/messages/3/content': 'tool-output',
      '/tools/0/type': 'structural',
      '/tools/0/function/name': 'structural',
      '/tools/0/function/description': 'prose',
      '/tools/0/function/parameters/type': 'structural',
      '/metadata/a': 'unknown',
    });
  });
});
