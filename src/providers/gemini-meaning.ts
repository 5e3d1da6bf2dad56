/** What the strings of a Gemini request are; both spellings of member names (camel and snake) are in use. */
import type { JsonPath } from '../body/json-path.ts';
import { schemaMeaning } from './json-schema.ts';
import { attachmentMeaning } from './media.ts';
import type { Meaning, Surroundings } from './provider.ts';

/** Members of the request that steer the model and hold no content. */
const structuralMembers: ReadonlySet<string> = new Set([
  'model',
  'toolConfig',
  'tool_config',
  'safetySettings',
  'safety_settings',
  'cachedContent',
  'cached_content',
  'session_id',
]);

/** Members of the Code Assist envelope around `request`. */
const envelopeMembers: ReadonlySet<string> = new Set(['model', 'project', 'user_prompt_id', 'enabled_credit_types']);

/** What stands in a part, `path[from]` being its member. */
function partMeaning(path: JsonPath, from: number, around: Surroundings): Meaning {
  const inner = path[from + 1];
  switch (String(path[from])) {
    case 'text':
      return 'prose';
    case 'thoughtSignature':
    case 'thought_signature':
      return 'opaque';
    case 'functionCall':
    case 'function_call':
      return inner === 'args' ? 'tool-input' : 'structural';
    case 'functionResponse':
    case 'function_response':
      if (inner === 'parts')
        return typeof path[from + 2] === 'number' ? partMeaning(path, from + 3, around) : 'unknown';
      return inner === 'response' ? 'tool-output' : 'structural';
    case 'inlineData':
    case 'inline_data':
      if (inner !== 'data') return inner === 'displayName' || inner === 'display_name' ? 'prose' : 'structural';
      return attachmentMeaning(around.sibling('mimeType') ?? around.sibling('mime_type'));
    case 'executableCode':
    case 'executable_code':
      return inner === 'code' ? 'tool-input' : 'structural';
    case 'codeExecutionResult':
    case 'code_execution_result':
      return inner === 'output' ? 'tool-output' : 'structural';
    default:
      return 'unknown';
  }
}

/** What stands in a content, `path[from]` being its member. */
function contentMeaning(path: JsonPath, from: number, around: Surroundings): Meaning {
  if (path[from] === 'role') return 'structural';
  if (path[from] !== 'parts') return 'unknown';
  return typeof path[from + 1] === 'number' ? partMeaning(path, from + 2, around) : partMeaning(path, from + 1, around);
}

/** What the string at `path` of a bare request is. Source: the API's published shape and captured requests. */
export function geminiMeaning(path: JsonPath, around: Surroundings): Meaning {
  const [top] = path;
  if (typeof top !== 'string') return 'unknown';
  if (structuralMembers.has(top)) return 'structural';
  switch (top) {
    case 'contents':
      return typeof path[1] === 'number' ? contentMeaning(path, 2, around) : contentMeaning(path, 1, around);
    case 'systemInstruction':
    case 'system_instruction':
      return path.length === 1 ? 'prose' : contentMeaning(path, 1, around);
    case 'tools':
      return schemaMeaning(path, 2);
    case 'generationConfig':
    case 'generation_config':
      return path[1] === 'stopSequences' || path[1] === 'stop_sequences' ? 'prose' : schemaMeaning(path, 1);
    default:
      return 'unknown';
  }
}

/** The same for the Code Assist envelope `{model, project, user_prompt_id, request}`; bare requests are read too. */
export function codeAssistMeaning(path: JsonPath, around: Surroundings): Meaning {
  const [top] = path;
  if (top === 'request') return geminiMeaning(path.slice(1), around);
  if (typeof top === 'string' && envelopeMembers.has(top)) return 'structural';
  return geminiMeaning(path, around);
}
