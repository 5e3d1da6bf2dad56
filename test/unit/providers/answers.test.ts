import { describe, expect, it } from 'vitest';
import { fromUtf8 } from '../../../src/core/bytes.ts';
import { headerValue, type LocalReply } from '../../../src/core/http.ts';
import { anthropic } from '../../../src/providers/anthropic.ts';
import { gemini, geminiCodeAssist } from '../../../src/providers/gemini.ts';
import { generic } from '../../../src/providers/generic.ts';
import { openaiChat } from '../../../src/providers/openai-chat.ts';
import { openaiResponses } from '../../../src/providers/openai-responses.ts';
import type { Provider } from '../../../src/providers/provider.ts';
import { at } from '../../helpers/json-at.ts';
import { eventsOf } from '../../helpers/vendor-stream.ts';

const context = { isStream: false, id: '01ab-cd', model: 'm' };
const providers: readonly Provider[] = [anthropic, openaiChat, openaiResponses, gemini, geminiCodeAssist, generic];
const json = (reply: LocalReply): unknown => JSON.parse(fromUtf8(reply.body));
const M = 'Sluice refused: rule x';

describe('refusals', () => {
  it.each(providers)('of $id are a 400 in JSON that is not to be retried', (provider) => {
    const reply = provider.refusal(M, { ...context, isStream: true });
    expect(reply.status).toBe(400);
    expect(headerValue(reply.headers, 'content-type')).toBe('application/json');
    expect(headerValue(reply.headers, 'x-should-retry')).toBe('false');
    expect(fromUtf8(reply.body)).toContain(M);
  });

  it('have the shape that each client shows', () => {
    expect(json(anthropic.refusal(M, context))).toEqual({
      type: 'error',
      error: { type: 'invalid_request_error', message: M },
      request_id: 'req_01abcd',
    });
    for (const provider of [openaiChat, openaiResponses]) {
      expect(json(provider.refusal(M, context))).toEqual({
        error: { message: M, type: 'invalid_request_error', param: null, code: 'policy_blocked' },
      });
    }
    expect(json(gemini.refusal(M, context))).toEqual({
      error: { code: 400, message: M, status: 'INVALID_ARGUMENT', details: [] },
    });
    expect(json(generic.refusal(M, context))).toEqual({ error: { type: 'blocked_by_policy', message: M } });
  });
});

describe('failures', () => {
  it.each(providers)('of $id keep their status, and may be retried from 500 on', (provider) => {
    for (const status of [502, 503]) {
      const reply = provider.failure(status, M, context);
      expect(reply.status).toBe(status);
      expect(headerValue(reply.headers, 'x-should-retry')).toBeUndefined();
      expect(fromUtf8(reply.body)).toContain(M);
    }
    expect(headerValue(provider.failure(400, M, context).headers, 'x-should-retry')).toBe('false');
  });
});

describe('synthetic messages', () => {
  const speaking = providers.filter((provider) => provider !== generic);

  it.each(speaking)('of $id are read by its own reader, whole', (provider) => {
    const reply = provider.message(M, context);
    const body = json(reply);
    const [part] = provider.replyReader().read(body, undefined).parts;
    expect(reply.status).toBe(200);
    expect(at(body, ...(part?.path ?? []))).toBe(M);
  });

  it.each(speaking)('of $id are read by its own reader, streamed', (provider) => {
    const reply = provider.message(M, { ...context, isStream: true });
    const reader = provider.replyReader();
    expect(headerValue(reply.headers, 'content-type')).toMatch(/^text\/event-stream/);
    const texts = eventsOf(fromUtf8(reply.body)).flatMap((event) =>
      reader
        .read(event, undefined)
        .parts.filter(({ isRepeat }) => isRepeat !== true)
        .map(({ path }) => at(event, ...path)),
    );
    expect(texts.join('')).toBe(M);
  });

  it('name each Anthropic event as its type, and end the message', () => {
    const body = fromUtf8(anthropic.message(M, { ...context, isStream: true }).body);
    const names = [...body.matchAll(/^event: (.+)$/gm)].map(([, name]) => name);
    expect(names).toEqual(eventsOf(body).map((event) => at(event, 'type')));
    expect(names.at(-1)).toBe('message_stop');
  });

  it('number the Responses events and complete the response', () => {
    const events = eventsOf(fromUtf8(openaiResponses.message(M, { ...context, isStream: true }).body));
    expect(events.map((event) => at(event, 'sequence_number'))).toEqual(events.map((_event, i) => i));
    expect(events.at(-1)).toMatchObject({ type: 'response.completed', response: { status: 'completed' } });
  });

  it('end a chat stream with its mark', () => {
    const body = fromUtf8(openaiChat.message(M, { ...context, isStream: true }).body);
    expect(body.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  it('are the refusal where no shape is known', () => {
    expect(generic.message(M, context).status).toBe(400);
  });
});
