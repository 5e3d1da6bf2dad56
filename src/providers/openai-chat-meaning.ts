/** What the strings of an OpenAI Chat Completions request are. */
import type { JsonPath } from '../body/json-path.ts';
import { schemaMeaning } from './json-schema.ts';
import type { Meaning, Surroundings } from './provider.ts';

/** Members of the request that steer the model and hold no content. */
const structuralMembers: ReadonlySet<string> = new Set([
  'model',
  'tool_choice',
  'function_call',
  'stream_options',
  'reasoning',
  'reasoning_effort',
  'service_tier',
  'modalities',
  'verbosity',
  'prompt_cache_key',
  'prompt_cache_retention',
  'safety_identifier',
  'provider',
]);

/** What stands in a message, `path[2]` being its member. */
function messageMeaning(path: JsonPath, around: Surroundings): Meaning {
  const member = String(path[2]);
  switch (member) {
    case 'role':
    case 'name':
    case 'tool_call_id':
    case 'cache_control':
      return 'structural';
    case 'content':
      if (path.length === 3) return around.sibling('role') === 'tool' ? 'tool-output' : 'prose';
      return partMeaning(path);
    case 'tool_calls':
    case 'function_call':
      return path.at(-1) === 'arguments' || path.at(-1) === 'input' ? 'tool-input' : 'structural';
    case 'reasoning_opaque':
    case 'encrypted_content':
    case 'signature':
    case 'thought_signature':
      return 'opaque';
    case 'reasoning_details':
      return reasoningMeaning(path, around);
    default:
      return 'prose';
  }
}

/** What stands in a content part, `path[4]` being its member. */
function partMeaning(path: JsonPath): Meaning {
  switch (String(path[4])) {
    case 'type':
    case 'cache_control':
      return 'structural';
    case 'input_audio':
      return path.at(-1) === 'data' ? 'opaque' : 'structural';
    case 'file':
      return path.at(-1) === 'file_id' ? 'structural' : 'unknown';
    default:
      return 'prose';
  }
}

/** What stands in `reasoning_details` (OpenRouter and others): signed where a signature stands beside the text. */
function reasoningMeaning(path: JsonPath, around: Surroundings): Meaning {
  const key = path.at(-1);
  if (key === 'data' || key === 'signature') return 'opaque';
  if (key === 'text' || key === 'summary') {
    return !around.isWhole || around.sibling('signature') ? 'signed' : 'prose';
  }
  return 'structural';
}

/** What the string at `path` of a Chat Completions request is. Source: the API's published shape and captured requests. */
export function chatMeaning(path: JsonPath, around: Surroundings): Meaning {
  const [top] = path;
  if (typeof top !== 'string') return 'unknown';
  if (structuralMembers.has(top)) return 'structural';
  switch (top) {
    case 'messages':
      return messageMeaning(path, around);
    case 'tools':
    case 'functions':
      return schemaMeaning(path, 2);
    case 'response_format':
      return schemaMeaning(path, 1);
    case 'stop':
      return 'prose';
    default:
      return 'unknown';
  }
}
