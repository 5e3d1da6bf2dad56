/** OpenAI Responses: `POST …/responses`, over HTTP and (the same events) over WebSocket. */
import { openaiError, responsesMessage } from './openai-answer.ts';
import { responsesMeaning } from './openai-responses-meaning.ts';
import { responsesReader } from './openai-responses-reply.ts';
import type { Provider } from './provider.ts';

/** The provider of Responses, wherever it is spoken. */
export const openaiResponses: Provider = {
  id: 'openai-responses',
  meaning: responsesMeaning,
  replyReader: responsesReader,
  refusal: (message) => openaiError(400, message),
  failure: openaiError,
  message: responsesMessage,
};
