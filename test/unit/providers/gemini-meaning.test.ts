import { describe, expect, it } from 'vitest';
import { gemini, geminiCodeAssist } from '../../../src/providers/gemini.ts';
import { meaningsOf } from '../../helpers/surroundings.ts';

const request = {
  systemInstruction: { role: 'user', parts: [{ text: 'sys' }] },
  contents: [
    { role: 'user', parts: [{ text: 't' }, { inlineData: { mimeType: 'image/png', data: 'd' } }] },
    { role: 'model', parts: [{ functionCall: { name: 'f', id: 'i', args: { a: 'b' } }, thoughtSignature: 's' }] },
    { role: 'user', parts: [{ functionResponse: { name: 'f', id: 'i', response: { output: 'o' } } }] },
    { role: 'user', parts: [{ inline_data: { mime_type: 'text/plain', data: 'd' } }] },
  ],
  tools: [{ functionDeclarations: [{ name: 'f', description: 'd', parametersJsonSchema: { type: 'object' } }] }],
  generationConfig: { responseMimeType: 'application/json', stopSequences: ['s'] },
};

const expected = {
  '/systemInstruction/role': 'structural',
  '/systemInstruction/parts/0/text': 'prose',
  '/contents/0/role': 'structural',
  '/contents/0/parts/0/text': 'prose',
  '/contents/0/parts/1/inlineData/mimeType': 'structural',
  '/contents/0/parts/1/inlineData/data': 'opaque',
  '/contents/1/role': 'structural',
  '/contents/1/parts/0/functionCall/name': 'structural',
  '/contents/1/parts/0/functionCall/id': 'structural',
  '/contents/1/parts/0/functionCall/args/a': 'tool-input',
  '/contents/1/parts/0/thoughtSignature': 'opaque',
  '/contents/2/role': 'structural',
  '/contents/2/parts/0/functionResponse/name': 'structural',
  '/contents/2/parts/0/functionResponse/id': 'structural',
  '/contents/2/parts/0/functionResponse/response/output': 'tool-output',
  '/contents/3/role': 'structural',
  '/contents/3/parts/0/inline_data/mime_type': 'structural',
  '/contents/3/parts/0/inline_data/data': 'file',
  '/tools/0/functionDeclarations/0/name': 'structural',
  '/tools/0/functionDeclarations/0/description': 'prose',
  '/tools/0/functionDeclarations/0/parametersJsonSchema/type': 'structural',
  '/generationConfig/responseMimeType': 'structural',
  '/generationConfig/stopSequences/0': 'prose',
};

describe('a Gemini request', () => {
  it('is read by what its strings are', () => {
    expect(meaningsOf(gemini, request)).toEqual(expected);
  });

  it('is read the same inside the Code Assist envelope', () => {
    const wrapped = { model: 'm', project: 'p', user_prompt_id: 'u', request, surprise: 'x' };
    const inside = Object.fromEntries(Object.entries(expected).map(([path, meaning]) => [`/request${path}`, meaning]));
    expect(meaningsOf(geminiCodeAssist, wrapped)).toEqual({
      '/model': 'structural',
      '/project': 'structural',
      '/user_prompt_id': 'structural',
      ...inside,
      '/surprise': 'unknown',
    });
  });
});
