/** What the strings of an Anthropic Messages request are. */
import type { JsonPath } from '../body/json-path.ts';
import { schemaMeaning } from './json-schema.ts';
import { attachmentMeaning } from './media.ts';
import type { Meaning, Surroundings } from './provider.ts';

/** Members of the request that steer the model and hold no content. */
const structuralMembers: ReadonlySet<string> = new Set([
  'model',
  'tool_choice',
  'thinking',
  'service_tier',
  'anthropic_version',
  'anthropic_beta',
  'betas',
  'context_management',
  'container',
  'inference_geo',
  'diagnostics',
]);

/** Members of a content block that name or link, at any block type. */
const structuralKeys: ReadonlySet<string> = new Set([
  'type',
  'id',
  'name',
  'tool_use_id',
  'tool_name',
  'server_name',
  'cache_control',
  'media_type',
  'file_id',
  'role',
  'error_code',
  'caller',
]);

/** What stands in a content block, `path[from]` being the block's member. */
function blockMeaning(path: JsonPath, from: number, around: Surroundings, isResult: boolean): Meaning {
  const key = path[from];
  if (typeof key !== 'string') return 'unknown';
  if (structuralKeys.has(key)) return 'structural';
  switch (key) {
    case 'text':
    case 'content':
    case 'output':
    case 'stdout':
    case 'stderr': {
      // A nested list of blocks: `content/<i>/<member>`; otherwise the text itself, or a result object.
      if (typeof path[from + 1] === 'number' && path.length > from + 2)
        return blockMeaning(path, from + 2, around, true);
      if (typeof path[from + 1] === 'string') return blockMeaning(path, from + 1, around, true);
      return isResult || key !== 'text' ? 'tool-output' : 'prose';
    }
    case 'input':
      return 'tool-input';
    case 'thinking':
      // A signature belongs to a block that says `thinking`, and follows its text: until such a block has been read
      // whole, the text counts as signed. Where the type has not been seen yet, nothing says that it will be.
      return around.sibling('type') === 'thinking' && (!around.isWhole || around.sibling('signature'))
        ? 'signed'
        : 'prose';
    case 'signature':
    case 'encrypted_content':
    case 'encrypted_index':
    case 'encrypted_stdout':
      return 'opaque';
    case 'data':
      return around.sibling('type') === 'redacted_thinking' ? 'opaque' : attachmentMeaning(undefined);
    case 'source':
      return sourceMeaning(path, from + 1, around);
    default:
      return isResult ? 'tool-output' : 'prose';
  }
}

/** What stands in the `source` of an image or document block. */
function sourceMeaning(path: JsonPath, from: number, around: Surroundings): Meaning {
  const key = path[from];
  if (key === 'data') {
    if (around.sibling('type') === 'text') return 'file';
    const byMedia = attachmentMeaning(around.sibling('media_type'));
    return byMedia === 'unknown' && around.sibling('type', 2) === 'image' ? 'opaque' : byMedia;
  }
  if (key === 'content' && typeof path[from + 1] === 'number') return blockMeaning(path, from + 2, around, true);
  return typeof key === 'string' && structuralKeys.has(key) ? 'structural' : 'unknown';
}

/** What the string at `path` of a Messages request is. Source: the API's published request shape and captured requests. */
export function anthropicMeaning(path: JsonPath, around: Surroundings): Meaning {
  const [top, index, member] = path;
  if (typeof top !== 'string') return 'unknown';
  if (structuralMembers.has(top)) return 'structural';
  switch (top) {
    case 'system':
      return path.length === 1 ? 'prose' : blockMeaning(path, 2, around, false);
    case 'messages':
      if (member === 'role') return 'structural';
      if (member === 'output_config') return 'structural';
      if (member !== 'content') return 'unknown';
      return path.length === 3 ? 'prose' : blockMeaning(path, 4, around, false);
    case 'tools':
      if (member === 'input_schema') return schemaMeaning(path, 3);
      return member === 'description' ? 'prose' : member === 'input_examples' ? 'tool-input' : 'structural';
    case 'output_config':
    case 'output_format':
      return schemaMeaning(path, 1);
    case 'stop_sequences':
      return index === undefined ? 'structural' : 'prose';
    default:
      return 'unknown';
  }
}
