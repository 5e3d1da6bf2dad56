/** Which wire format a request speaks, by its path: the stand-in answers for every vendor at once. */
import { anthropic } from './anthropic.ts';
import { gemini } from './gemini.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiResponses } from './openai-responses.ts';
import type { WireFormat } from './conversation.ts';

/** Paths of model requests; ChatGPT's login uses `/backend-api/codex/responses`. */
const formats: readonly (readonly [path: RegExp, format: WireFormat])[] = [
  [/^\/v1\/messages$/, anthropic],
  [/\/chat\/completions$/, openaiChat],
  [/\/responses$/, openaiResponses],
  [/:(?:stream)?[gG]enerateContent$/, gemini],
];

/** Returns the format of a model request; undefined for side channels. */
export function wireFormat(method: string, target: string): WireFormat | undefined {
  const path = target.split('?', 1)[0] ?? '';
  if (method !== 'POST') return undefined;
  return formats.find(([pattern]) => pattern.test(path))?.[1];
}
