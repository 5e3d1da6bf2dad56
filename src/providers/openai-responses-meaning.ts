/** What the strings of an OpenAI Responses request are. */
import type { JsonPath } from '../body/json-path.ts';
import { schemaMeaning } from './json-schema.ts';
import type { Meaning, Surroundings } from './provider.ts';

/** Members of the request that steer the model and hold no content. */
const structuralMembers: ReadonlySet<string> = new Set([
  'model',
  'type',
  'tool_choice',
  'include',
  'reasoning',
  'service_tier',
  'truncation',
  'previous_response_id',
  'conversation',
  'prompt_cache_key',
  'prompt_cache_retention',
  'safety_identifier',
  'context_management',
  'stream_options',
]);

/** Members of an input item that name or link. */
const structuralKeys: ReadonlySet<string> = new Set([
  'type',
  'role',
  'id',
  'call_id',
  'name',
  'namespace',
  'status',
  'phase',
  'server_label',
  'approval_request_id',
  'internal_chat_message_metadata_passthrough',
]);

/** What stands in a part of `content`, `output` or `summary`, `path[from]` being its member. */
function partMeaning(path: JsonPath, from: number, plain: Meaning): Meaning {
  switch (String(path[from])) {
    case 'type':
    case 'detail':
    case 'file_id':
      return 'structural';
    case 'input_audio':
      return path.at(-1) === 'data' ? 'opaque' : 'structural';
    case 'encrypted_content':
      return 'opaque';
    case 'text':
    case 'refusal':
      return plain;
    default:
      return 'unknown';
  }
}

/** What stands in an input item, `path[2]` being its member. */
function itemMeaning(path: JsonPath, around: Surroundings): Meaning {
  const key = path[2];
  if (typeof key !== 'string') return 'prose';
  if (structuralKeys.has(key)) return 'structural';
  switch (key) {
    case 'content':
      return path.length === 3 ? 'prose' : partMeaning(path, 4, 'prose');
    case 'summary':
      return path.length === 3 ? 'prose' : partMeaning(path, 4, 'prose');
    case 'output':
      if (path.length === 3) return 'tool-output';
      return typeof path[3] === 'number' ? partMeaning(path, 4, 'tool-output') : 'tool-output';
    case 'arguments':
    case 'input':
    case 'action':
    case 'operation':
    case 'code':
      return path.at(-1) === 'type' && path.length > 3 ? 'structural' : 'tool-input';
    case 'encrypted_content':
    case 'signature':
      return 'opaque';
    case 'result':
      return around.sibling('type') === 'image_generation_call' ? 'opaque' : 'tool-output';
    case 'tools':
      return toolsMeaning(path, 3);
    default:
      return 'unknown';
  }
}

/** What stands in a list of tools (namespaces nest them), `path[from]` being an index. */
function toolsMeaning(path: JsonPath, from: number): Meaning {
  if (path.includes('headers', from) || path.includes('authorization', from)) return 'unknown';
  return schemaMeaning(path, from);
}

/** What the string at `path` of a Responses request is. Source: the API's published shape and captured requests. */
export function responsesMeaning(path: JsonPath, around: Surroundings): Meaning {
  const [top] = path;
  if (typeof top !== 'string') return 'unknown';
  if (structuralMembers.has(top)) return 'structural';
  switch (top) {
    case 'input':
      return path.length === 1 ? 'prose' : itemMeaning(path, around);
    case 'instructions':
      return 'prose';
    case 'tools':
      return toolsMeaning(path, 1);
    case 'text':
      return schemaMeaning(path, 1);
    case 'prompt':
      return path[1] === 'variables' ? 'prose' : 'structural';
    default:
      return 'unknown';
  }
}
