/** Gemini: `…:generateContent` and `…:streamGenerateContent`, bare and in the Code Assist envelope. */
import { geminiError, geminiMessage } from './gemini-answer.ts';
import { codeAssistMeaning, geminiMeaning } from './gemini-meaning.ts';
import { geminiReader } from './gemini-reply.ts';
import type { Provider } from './provider.ts';

/** The provider of the API with a key (and of Vertex AI). */
export const gemini: Provider = {
  id: 'gemini',
  meaning: geminiMeaning,
  replyReader: geminiReader,
  refusal: (message) => geminiError(400, message),
  failure: geminiError,
  message: (text, context) => geminiMessage(text, context, false),
};

/** The provider of Code Assist (Google login): the same, wrapped in `request` and `response`. */
export const geminiCodeAssist: Provider = {
  ...gemini,
  id: 'gemini-code-assist',
  meaning: codeAssistMeaning,
  message: (text, context) => geminiMessage(text, context, true),
};
