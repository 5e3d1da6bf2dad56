/** Reads replies of Anthropic Messages: which strings are text and tool arguments, in events and in whole messages. */
import type { JsonPath } from '../body/json-path.ts';
import { asIndex, asList, asObject, asText, isObject, type JsonObject } from './json-value.ts';
import type { ReplyEvent, ReplyPart, ReplyReader, ToolUse } from './provider.ts';
import { toolUse } from './tool-use.ts';

const nothing: ReplyEvent = { parts: [], ends: [] };

/** A content block as it stands whole. Thinking is left alone: a signature covers it. */
function blockParts(block: JsonObject, path: JsonPath, stream?: string): ReplyPart[] {
  if (block['type'] === 'text' && typeof block['text'] === 'string') {
    const part: ReplyPart = { path: [...path, 'text'], grammar: 'text' };
    return [stream === undefined ? part : { ...part, stream }];
  }
  if (block['type'] === 'tool_use' && isObject(block['input']) && Object.keys(block['input']).length > 0) {
    const tool = asText(block['name']);
    return [{ path: [...path, 'input'], grammar: 'object', tool, use: toolUse(tool) }];
  }
  return [];
}

/** What the vendor itself runs (server tools, MCP through the vendor) is never given real values. */
function useOf(block: JsonObject): ToolUse {
  return block['type'] === 'tool_use' ? toolUse(asText(block['name'])) : 'network';
}

/** A reader of one reply. Source: the API's published event shapes. */
export function anthropicReader(): ReplyReader {
  const tools = new Map<number, { readonly tool: string; readonly use: ToolUse }>();
  const open = new Set<string>();

  function delta(event: JsonObject): ReplyEvent {
    const index = asIndex(event['index']);
    const stream = `block ${index}`;
    switch (asObject(event['delta'])['type']) {
      case 'text_delta':
        open.add(stream);
        return { parts: [{ path: ['delta', 'text'], stream, grammar: 'text' }], ends: [] };
      case 'input_json_delta': {
        open.add(stream);
        const about = tools.get(index) ?? { tool: '', use: 'unknown' as const };
        return { parts: [{ path: ['delta', 'partial_json'], stream, grammar: 'json', ...about }], ends: [] };
      }
      default:
        return nothing;
    }
  }

  return {
    read(json) {
      const event = asObject(json);
      switch (event['type']) {
        case 'message':
          return {
            parts: asList(event['content']).flatMap((block, i) => blockParts(asObject(block), ['content', i])),
            ends: [],
          };
        case 'content_block_start': {
          const index = asIndex(event['index']);
          const block = asObject(event['content_block']);
          const stream = `block ${index}`;
          if ('input' in block) tools.set(index, { tool: asText(block['name']), use: useOf(block) });
          if (block['type'] === 'text') open.add(stream);
          return { parts: blockParts(block, ['content_block'], stream), ends: [] };
        }
        case 'content_block_delta':
          return delta(event);
        case 'content_block_stop': {
          const stream = `block ${asIndex(event['index'])}`;
          return open.delete(stream) ? { parts: [], ends: [stream] } : nothing;
        }
        case 'message_stop': {
          const ends = [...open];
          open.clear();
          return { parts: [], ends };
        }
        default:
          return nothing;
      }
    },
  };
}
