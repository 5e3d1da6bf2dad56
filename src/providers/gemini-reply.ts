/** Reads replies of Gemini: each chunk of a stream is a whole response; Code Assist wraps it in `response`. */
import type { JsonPath } from '../body/json-path.ts';
import { asIndex, asList, asObject, asText, isObject } from './json-value.ts';
import type { ReplyEvent, ReplyPart, ReplyReader } from './provider.ts';
import { toolUse } from './tool-use.ts';

/** A part of a candidate. Thoughts are left alone (a signature goes with them), and so is code the vendor runs. */
function partOf(value: unknown, path: JsonPath, stream: string): ReplyPart[] {
  const part = asObject(value);
  if (part['thought'] === true) return [];
  if (typeof part['text'] === 'string') return [{ path: [...path, 'text'], stream, grammar: 'text' }];
  const member = 'functionCall' in part ? 'functionCall' : 'function_call';
  const call = asObject(part[member]);
  if (!isObject(call['args'])) return [];
  const tool = asText(call['name']);
  return [{ path: [...path, member, 'args'], grammar: 'object', tool, use: toolUse(tool) }];
}

/** A reader of one reply. Source: the API's published shapes and captured replies' consumers. */
export function geminiReader(): ReplyReader {
  const open = new Map<number, string>();
  return {
    read(json): ReplyEvent {
      const event = asObject(json);
      const isWrapped = !('candidates' in event) && isObject(event['response']);
      const root: JsonPath = isWrapped ? ['response'] : [];
      const body = isWrapped ? asObject(event['response']) : event;
      const parts: ReplyPart[] = [];
      const ends: string[] = [];
      asList(body['candidates']).forEach((value, i) => {
        const candidate = asObject(value);
        const index = asIndex(candidate['index'], i);
        const stream = `candidate ${index}`;
        asList(asObject(candidate['content'])['parts']).forEach((part, k) => {
          parts.push(...partOf(part, [...root, 'candidates', i, 'content', 'parts', k], stream));
        });
        open.set(index, stream);
        if (typeof candidate['finishReason'] === 'string') {
          ends.push(stream);
          open.delete(index);
        }
      });
      return { parts, ends };
    },
  };
}
