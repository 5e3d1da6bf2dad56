import { describe, expect, it } from 'vitest';
import { geminiReader } from '../../../src/providers/gemini-reply.ts';

const chunk = (parts: readonly object[], finishReason?: string): object => ({
  candidates: [{ content: { parts }, ...(finishReason === undefined ? {} : { finishReason }) }],
});

describe('reading Gemini chunks', () => {
  it('takes the texts of a candidate as one, and its calls whole', () => {
    const parts = [{ text: 'a' }, { functionCall: { name: 'replace', args: { a: 'b' } }, thoughtSignature: 's' }];

    expect(geminiReader().read(chunk(parts, 'STOP'), undefined)).toEqual({
      parts: [
        { path: ['candidates', 0, 'content', 'parts', 0, 'text'], stream: 'candidate 0', grammar: 'text' },
        {
          path: ['candidates', 0, 'content', 'parts', 1, 'functionCall', 'args'],
          grammar: 'object',
          tool: 'replace',
          use: 'file',
        },
      ],
      ends: ['candidate 0'],
    });
  });

  it('reads the same inside the Code Assist envelope', () => {
    const { parts } = geminiReader().read({ response: chunk([{ text: 'a' }]) }, undefined);
    expect(parts[0]?.path).toEqual(['response', 'candidates', 0, 'content', 'parts', 0, 'text']);
  });

  it('leaves thoughts and code that the vendor runs alone', () => {
    const parts = [{ text: 't', thought: true }, { executableCode: { code: 'c' } }];
    expect(geminiReader().read(chunk(parts), undefined).parts).toEqual([]);
  });

  it.each([null, 'x', {}, { candidates: [{}] }, { error: { message: 'm' } }])('finds nothing in %j', (json) => {
    expect(geminiReader().read(json, undefined)).toEqual({ parts: [], ends: [] });
  });
});
