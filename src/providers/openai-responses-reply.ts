/** Reads replies of OpenAI Responses: deltas, the done and completed events that repeat them, whole responses. */
import type { JsonPath } from '../body/json-path.ts';
import { asIndex, asList, asObject, asText, isObject, type JsonObject } from './json-value.ts';
import type { ReplyEvent, ReplyPart, ReplyReader } from './provider.ts';
import { isSourceTool, toolUse } from './tool-use.ts';

const nothing: ReplyEvent = { parts: [], ends: [] };

/** Names a freeform tool's grammar: JavaScript of code mode, else plain text. */
function freeformOf(tool: string): 'source' | 'freeform' {
  return isSourceTool(tool) ? 'source' : 'freeform';
}

/**
 * The strings of an output item as it stands whole. Reasoning is left alone (encrypted content goes with it), and so
 * is what the vendor runs itself (web search, MCP, code interpreter).
 */
function itemParts(item: JsonObject, path: JsonPath, isRepeat: boolean): ReplyPart[] {
  const repeat = isRepeat ? { isRepeat } : {};
  const tool = asText(item['name']);
  switch (item['type']) {
    case 'message':
      return asList(item['content']).flatMap((part, i): ReplyPart[] => {
        const key = asObject(part)['type'] === 'refusal' ? 'refusal' : 'text';
        if (typeof asObject(part)[key] !== 'string') return [];
        return [{ path: [...path, 'content', i, key], grammar: 'text', ...repeat }];
      });
    case 'function_call':
      if (typeof item['arguments'] !== 'string') return [];
      return [{ path: [...path, 'arguments'], grammar: 'json', tool, use: toolUse(tool), ...repeat }];
    case 'custom_tool_call':
      if (typeof item['input'] !== 'string') return [];
      return [{ path: [...path, 'input'], grammar: freeformOf(tool), tool, use: toolUse(tool), ...repeat }];
    case 'local_shell_call':
    case 'shell_call':
      if (!isObject(item['action'])) return [];
      return [{ path: [...path, 'action'], grammar: 'object', tool: 'shell', use: 'shell', ...repeat }];
    case 'apply_patch_call':
      if (!isObject(item['operation'])) return [];
      return [{ path: [...path, 'operation'], grammar: 'object', tool: 'apply_patch', use: 'file', ...repeat }];
    default:
      return [];
  }
}

/** A reader of one reply. Source: the API's published event shapes and those that Codex was seen to accept. */
export function responsesReader(): ReplyReader {
  const tools = new Map<number, string>();
  const open = new Map<number, Set<string>>();
  /** Output items of which deltas were seen: their later aggregates are repeats. */
  const seen = new Set<number>();

  function streamed(event: JsonObject, key: string, part: Omit<ReplyPart, 'path' | 'stream'>): ReplyEvent {
    const index = asIndex(event['output_index']);
    const stream = `item ${index} content ${asIndex(event['content_index'])}`;
    seen.add(index);
    open.set(index, (open.get(index) ?? new Set()).add(stream));
    return { parts: [{ path: [key], stream, ...part }], ends: [] };
  }

  function done(event: JsonObject, key: string, part: Omit<ReplyPart, 'path' | 'stream'>): ReplyEvent {
    const index = asIndex(event['output_index']);
    const stream = `item ${index} content ${asIndex(event['content_index'])}`;
    const ends = open.get(index)?.delete(stream) === true ? [stream] : [];
    const isRepeat = seen.has(index);
    if (typeof event[key] !== 'string') return { parts: [], ends };
    // Not a repeat when no delta came before it: then it counts, and so do not the aggregates that follow.
    seen.add(index);
    return { parts: [{ path: [key], ...part, ...(isRepeat ? { isRepeat } : {}) }], ends };
  }

  function item(event: JsonObject): ReplyEvent {
    const index = asIndex(event['output_index']);
    const ends = [...(open.get(index) ?? [])];
    open.delete(index);
    const parts = itemParts(asObject(event['item']), ['item'], seen.has(index));
    seen.add(index);
    return { parts, ends };
  }

  function whole(response: JsonObject, path: JsonPath): ReplyEvent {
    const ends = [...open.values()].flatMap((streams) => [...streams]);
    open.clear();
    const parts = asList(response['output']).flatMap((output, i) =>
      itemParts(asObject(output), [...path, 'output', i], seen.has(i)),
    );
    return { parts, ends };
  }

  function tool(event: JsonObject): { readonly tool: string; readonly use: ReturnType<typeof toolUse> } {
    const name = tools.get(asIndex(event['output_index'])) ?? '';
    return { tool: name, use: toolUse(name) };
  }

  return {
    read(json) {
      const event = asObject(json);
      if (event['object'] === 'response') return whole(event, []);
      switch (event['type']) {
        case 'response.output_item.added': {
          const added = asObject(event['item']);
          tools.set(asIndex(event['output_index']), asText(added['name']));
          return nothing;
        }
        case 'response.output_text.delta':
        case 'response.refusal.delta':
          return streamed(event, 'delta', { grammar: 'text' });
        case 'response.output_text.done':
          return done(event, 'text', { grammar: 'text' });
        case 'response.refusal.done':
          return done(event, 'refusal', { grammar: 'text' });
        case 'response.content_part.done': {
          const key = asObject(event['part'])['type'] === 'refusal' ? 'refusal' : 'text';
          if (
            typeof asObject(event['part'])[key] !== 'string' ||
            asObject(event['part'])['type'] === 'reasoning_text'
          ) {
            return nothing;
          }
          return { parts: [{ path: ['part', key], grammar: 'text', isRepeat: true }], ends: [] };
        }
        case 'response.function_call_arguments.delta':
          return streamed(event, 'delta', { grammar: 'json', ...tool(event) });
        case 'response.function_call_arguments.done':
          return done(event, 'arguments', { grammar: 'json', ...tool(event) });
        case 'response.custom_tool_call_input.delta':
          return streamed(event, 'delta', { grammar: freeformOf(tool(event).tool), ...tool(event) });
        case 'response.custom_tool_call_input.done':
          return done(event, 'input', { grammar: freeformOf(tool(event).tool), ...tool(event) });
        case 'response.output_item.done':
          return item(event);
        case 'response.completed':
        case 'response.incomplete':
        case 'response.failed':
        case 'response.done':
          return whole(asObject(event['response']), ['response']);
        default:
          return nothing;
      }
    },
  };
}
