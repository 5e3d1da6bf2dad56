/** OpenAI Chat Completions: `POST …/chat/completions`, spoken by many vendors; also the older `…/completions`. */
import { chatMessage, openaiError } from './openai-answer.ts';
import { chatMeaning } from './openai-chat-meaning.ts';
import { chatReader } from './openai-chat-reply.ts';
import type { Provider } from './provider.ts';

/** The provider of Chat Completions, wherever it is spoken. */
export const openaiChat: Provider = {
  id: 'openai-chat',
  meaning: chatMeaning,
  replyReader: chatReader,
  refusal: (message) => openaiError(400, message),
  failure: openaiError,
  message: chatMessage,
};
