/** Anthropic Messages: `POST /v1/messages`. */
import { anthropicError, anthropicMessage } from './anthropic-answer.ts';
import { anthropicMeaning } from './anthropic-meaning.ts';
import { anthropicReader } from './anthropic-reply.ts';
import type { Provider } from './provider.ts';

/** The provider of Anthropic Messages, wherever it is spoken. */
export const anthropic: Provider = {
  id: 'anthropic-messages',
  meaning: anthropicMeaning,
  replyReader: anthropicReader,
  refusal: (message, context) => anthropicError(400, message, context),
  failure: anthropicError,
  message: anthropicMessage,
};
