import { describe, expect, it } from 'vitest';
import { openaiResponses } from '../../../src/providers/openai-responses.ts';
import { meaningsOf } from '../../helpers/surroundings.ts';

describe('a Responses request', () => {
  it('is read by what its strings are', () => {
    const meanings = meaningsOf(openaiResponses, {
      model: 'm',
      instructions: 'i',
      previous_response_id: 'resp',
      client_metadata: { turn: '{}' },
      text: { format: { schema: { description: 'd', type: 'object' } } },
      tools: [{ type: 'mcp', server_label: 's', headers: { Authorization: 'secret' } }],
      input: [
        {
          type: 'additional_tools',
          tools: [
            {
              type: 'namespace',
              name: 'functions',
              tools: [{ type: 'custom', name: 'exec', description: 'd', format: { definition: 'grammar' } }],
            },
          ],
        },
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 't' }] },
        { role: 'user', content: 'short form' },
        { type: 'reasoning', id: 'rs', summary: [{ type: 'summary_text', text: 's' }], encrypted_content: 'e' },
        { type: 'function_call', call_id: 'c', name: 'n', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c', output: 'o' },
        { type: 'custom_tool_call', name: 'exec', namespace: 'functions', input: 'js' },
        { type: 'custom_tool_call_output', output: [{ type: 'input_text', text: 'o' }] },
        { type: 'local_shell_call', action: { type: 'exec', command: ['ls'] } },
        { type: 'image_generation_call', result: 'base64' },
        { type: 'new_kind', something: 'x' },
      ],
    });

    expect(meanings).toMatchObject({
      '/model': 'structural',
      '/instructions': 'prose',
      '/previous_response_id': 'structural',
      '/client_metadata/turn': 'unknown',
      '/text/format/schema/description': 'prose',
      '/text/format/schema/type': 'structural',
      '/tools/0/headers/Authorization': 'unknown',
      '/tools/0/server_label': 'structural',
      '/input/0/tools/0/name': 'structural',
      '/input/0/tools/0/tools/0/description': 'prose',
      '/input/0/tools/0/tools/0/format/definition': 'structural',
      '/input/1/content/0/type': 'structural',
      '/input/1/content/0/text': 'prose',
      '/input/2/content': 'prose',
      '/input/3/summary/0/text': 'prose',
      '/input/3/encrypted_content': 'opaque',
      '/input/4/name': 'structural',
      '/input/4/arguments': 'tool-input',
      '/input/5/output': 'tool-output',
      '/input/6/namespace': 'structural',
      '/input/6/input': 'tool-input',
      '/input/7/output/0/text': 'tool-output',
      '/input/8/action/type': 'structural',
      '/input/8/action/command/0': 'tool-input',
      '/input/9/result': 'opaque',
      '/input/10/something': 'unknown',
    });
    expect(openaiResponses.meaning(['input'], { isWhole: true, sibling: () => undefined })).toBe('prose');
  });
});
