/** Reads replies of OpenAI Chat Completions: chunks of a stream and whole completions. */
import type { JsonPath } from '../body/json-path.ts';
import { asIndex, asList, asObject, asText, type JsonObject } from './json-value.ts';
import type { ReplyEvent, ReplyPart, ReplyReader } from './provider.ts';
import { isSourceTool, toolUse } from './tool-use.ts';

/** Members of a message or delta that hold prose. */
const proseMembers = ['content', 'refusal', 'reasoning_content', 'reasoning'] as const;

/** A reader of one reply. Source: the API's published shapes; `reasoning_content` is that of DeepSeek and others. */
export function chatReader(): ReplyReader {
  /** Tool names by stream: only the first delta of a call carries it. */
  const tools = new Map<string, string>();
  const open = new Map<number, Set<string>>();

  /** The stream of a choice's part; undefined in a whole completion. */
  function streamOf(choice: number, name: string, isDelta: boolean): { readonly stream?: string } {
    if (!isDelta) return {};
    const stream = `choice ${choice} ${name}`;
    const streams = open.get(choice) ?? new Set();
    open.set(choice, streams.add(stream));
    return { stream };
  }

  /** A call's arguments: JSON of a function, free text of a custom tool. */
  function callPart(call: JsonObject, path: JsonPath, choice: number, name: string, isDelta: boolean): ReplyPart[] {
    const member = 'custom' in call ? 'custom' : 'function';
    const body = asObject(call[member]);
    const key = member === 'custom' ? 'input' : 'arguments';
    const known = `${choice} ${name}`;
    if (asText(body['name']) !== '') tools.set(known, asText(body['name']));
    if (typeof body[key] !== 'string') return [];
    const tool = tools.get(known) ?? '';
    const grammar = member === 'function' ? 'json' : isSourceTool(tool) ? 'source' : 'freeform';
    return [{ path: [...path, member, key], grammar, tool, use: toolUse(tool), ...streamOf(choice, name, isDelta) }];
  }

  function messageParts(message: JsonObject, path: JsonPath, choice: number, isDelta: boolean): ReplyPart[] {
    const parts: ReplyPart[] = [];
    for (const member of proseMembers) {
      const value = message[member];
      if (typeof value === 'string' && value !== '') {
        parts.push({ path: [...path, member], grammar: 'text', ...streamOf(choice, member, isDelta) });
      }
      asList(value).forEach((part, i) => {
        if (typeof asObject(part)['text'] !== 'string') return;
        parts.push({ path: [...path, member, i, 'text'], grammar: 'text', ...streamOf(choice, member, isDelta) });
      });
    }
    asList(message['tool_calls']).forEach((item, i) => {
      const call = asObject(item);
      const name = `call ${asIndex(call['index'], i)}`;
      parts.push(...callPart(call, [...path, 'tool_calls', i], choice, name, isDelta));
    });
    if (typeof message['function_call'] === 'object' && message['function_call'] !== null) {
      // The older form: one call, its body where `tool_calls` has `function`.
      const call = { function: message['function_call'] };
      const [part] = callPart(call, path, choice, 'function_call', isDelta);
      if (part !== undefined) parts.push({ ...part, path: [...path, 'function_call', 'arguments'] });
    }
    return parts;
  }

  return {
    read(json): ReplyEvent {
      const parts: ReplyPart[] = [];
      const ends: string[] = [];
      asList(asObject(json)['choices']).forEach((item, i) => {
        const choice = asObject(item);
        const index = asIndex(choice['index'], i);
        const isDelta = 'delta' in choice;
        const member = isDelta ? 'delta' : 'message';
        parts.push(...messageParts(asObject(choice[member]), ['choices', i, member], index, isDelta));
        // The older text completions: a whole one is a stream of one fragment, which its finish reason ends.
        if (typeof choice['text'] === 'string') {
          parts.push({ path: ['choices', i, 'text'], grammar: 'text', ...streamOf(index, 'text', true) });
        }
        if (typeof choice['finish_reason'] === 'string') {
          ends.push(...(open.get(index) ?? []));
          open.delete(index);
        }
      });
      return { parts, ends };
    },
  };
}
