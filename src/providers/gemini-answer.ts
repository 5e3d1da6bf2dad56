/** Refusals, failures and synthetic messages in the shape of Gemini. */
import type { LocalReply } from '../core/http.ts';
import { idFrom, jsonReply, noRetry, sseReply } from './answer.ts';
import type { ReplyContext } from './provider.ts';

const statusNames: Readonly<Record<number, string>> = { 404: 'NOT_FOUND', 503: 'UNAVAILABLE' };

/** An error in the vendor's shape; below 500 clients are told not to retry. */
export function geminiError(status: number, message: string): LocalReply {
  const name = statusNames[status] ?? (status < 500 ? 'INVALID_ARGUMENT' : 'INTERNAL');
  return jsonReply(
    status,
    { error: { code: status, message, status: name, details: [] } },
    status < 500 ? noRetry : [],
  );
}

/** A 200 with one model text; `isWrapped` for Code Assist, which puts it under `response`. */
export function geminiMessage(text: string, context: ReplyContext, isWrapped: boolean): LocalReply {
  const response = {
    candidates: [{ content: { parts: [{ text }], role: 'model' }, finishReason: 'STOP', index: 0 }],
    usageMetadata: { promptTokenCount: 0, candidatesTokenCount: 1, totalTokenCount: 1 },
    modelVersion: context.model ?? 'unknown',
    responseId: idFrom('resp', context.id),
  };
  const body = isWrapped ? { response, traceId: idFrom('trace', context.id) } : response;
  return context.isStream ? sseReply([[undefined, body]]) : jsonReply(200, body);
}
