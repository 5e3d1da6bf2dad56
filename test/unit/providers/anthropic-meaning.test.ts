import { describe, expect, it } from 'vitest';
import { anthropic } from '../../../src/providers/anthropic.ts';
import { meaningsOf, surroundingsOf } from '../../helpers/surroundings.ts';

describe('an Anthropic Messages request', () => {
  it('is read by what its strings are', () => {
    const meanings = meaningsOf(anthropic, {
      model: 'm',
      system: [{ type: 'text', text: 'sys', cache_control: { type: 'ephemeral' } }],
      metadata: { user_id: '{}' },
      tools: [
        {
          name: 'Write',
          description: 'writes',
          input_schema: {
            type: 'object',
            required: ['description'],
            properties: { description: { type: 'string', description: 'd', enum: ['e'] } },
          },
        },
      ],
      messages: [
        { role: 'user', content: 'plain' },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'signed', signature: 's' },
            { type: 'thinking', thinking: 'unsigned' },
            { type: 'redacted_thinking', data: 'd' },
            { type: 'tool_use', id: 'toolu_1', name: 'Write', input: { type: 't', signature: 'mine', a: { id: 'x' } } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'toolu_1', content: 'file' },
            { type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: 'file' }] },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'p' } },
            { type: 'image', source: { type: 'base64', data: 'no media type' } },
            { type: 'document', source: { type: 'base64', media_type: 'text/plain', data: 't' }, title: 'name' },
            { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 't' } },
            { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 't' } },
            { type: 'web_search_tool_result', content: [{ type: 'x', url: 'u', encrypted_content: 'e' }] },
          ],
          surprise: 'unknown',
        },
      ],
    });

    expect(meanings).toMatchObject({
      '/model': 'structural',
      '/system/0/type': 'structural',
      '/system/0/text': 'prose',
      '/system/0/cache_control/type': 'structural',
      '/metadata/user_id': 'unknown',
      '/tools/0/name': 'structural',
      '/tools/0/description': 'prose',
      '/tools/0/input_schema/required/0': 'structural',
      '/tools/0/input_schema/properties/description/type': 'structural',
      '/tools/0/input_schema/properties/description/description': 'prose',
      '/tools/0/input_schema/properties/description/enum/0': 'structural',
      '/messages/0/role': 'structural',
      '/messages/0/content': 'prose',
      '/messages/1/content/0/thinking': 'signed',
      '/messages/1/content/0/signature': 'opaque',
      '/messages/1/content/1/thinking': 'prose',
      '/messages/1/content/2/data': 'opaque',
      '/messages/1/content/3/id': 'structural',
      '/messages/1/content/3/name': 'structural',
      '/messages/1/content/3/input/type': 'tool-input',
      '/messages/1/content/3/input/signature': 'tool-input',
      '/messages/1/content/3/input/a/id': 'tool-input',
      '/messages/2/content/0/tool_use_id': 'structural',
      '/messages/2/content/0/content': 'tool-output',
      '/messages/2/content/1/content/0/text': 'tool-output',
      '/messages/2/content/2/source/data': 'opaque',
      '/messages/2/content/3/source/data': 'opaque',
      '/messages/2/content/4/source/data': 'file',
      '/messages/2/content/4/title': 'prose',
      '/messages/2/content/5/source/data': 'opaque',
      '/messages/2/content/6/source/data': 'file',
      '/messages/2/content/7/content/0/encrypted_content': 'opaque',
      '/messages/2/content/7/content/0/url': 'tool-output',
      '/messages/2/surprise': 'unknown',
    });
  });

  it.each([
    [{ type: 'thinking' }, false, 'signed'],
    [{ type: 'thinking' }, true, 'prose'],
    [{ type: 'thinking', signature: 's' }, true, 'signed'],
    [{}, false, 'prose'],
    [{ type: 'text' }, false, 'prose'],
    [{ type: 'text', signature: 's' }, false, 'prose'],
    [{ type: 'text', signature: 's' }, true, 'prose'],
  ])('takes the thinking of a block %o, read whole: %s, for %s', (block, isWhole, meaning) => {
    const path = ['messages', 0, 'content', 0, 'thinking'];
    const body = { messages: [{ role: 'assistant', content: [block] }] };

    expect(anthropic.meaning(path, surroundingsOf(body, path, isWhole))).toBe(meaning);
  });
});
