/** Gemini: `:generateContent` and `:streamGenerateContent?alt=sse`, plain and wrapped as with a Google login. */
import { jsonReply, sseEvent, sseReply } from './events.ts';
import { fragments } from './fragments.ts';
import { items, member, strings, text } from './json.ts';
import type { Answer, Conversation, WireFormat, WireReply } from './conversation.ts';

/** `/v1beta/models/<model>:<method>`; with a login the model stands in the body. */
const modelInPath = /\/models\/([^/:]+):/;

function read(body: unknown, target: string): Conversation {
  const request = member(body, 'request') ?? body;
  const texts: string[] = [];
  let results = 0;
  for (const content of items(member(request, 'contents'))) {
    if (member(content, 'role') === 'model') continue;
    for (const part of items(member(content, 'parts'))) {
      const response = member(part, 'functionResponse');
      if (response !== undefined) results += 1;
      texts.push(...strings(member(part, 'text') ?? member(response, 'response')));
    }
  }
  const declarations = items(member(request, 'tools')).flatMap((tool) => items(member(tool, 'functionDeclarations')));
  return {
    model: modelInPath.exec(target)?.[1] ?? text(member(body, 'model')),
    isStream: target.includes(':streamGenerateContent'),
    wantsJson: member(member(request, 'generationConfig'), 'responseMimeType') === 'application/json',
    tools: new Set(declarations.map((declaration) => text(member(declaration, 'name')))),
    texts,
    results,
  };
}

function render(answer: Answer, conversation: Conversation, id: string): WireReply {
  const { call } = answer;
  const shared = {
    responseId: id,
    modelVersion: conversation.model,
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
  };
  const callParts =
    call?.kind === 'function'
      ? [{ functionCall: { name: call.name, args: call.input }, thoughtSignature: 'c2lnbmF0dXJl' }]
      : [];
  const reply = (parts: readonly object[], isLast: boolean): object => ({
    candidates: [{ index: 0, content: { role: 'model', parts }, ...(isLast ? { finishReason: 'STOP' } : {}) }],
    ...shared,
  });
  if (!conversation.isStream) {
    const said = answer.text === '' ? [] : [{ text: answer.text }];
    return jsonReply(200, reply([...said, ...callParts], true));
  }
  const events = [
    ...fragments(answer.text).map((part) => reply([{ text: part }], false)),
    ...callParts.map((part) => reply([part], false)),
    reply([{ text: '' }], true),
  ];
  return sseReply(events.map((event) => sseEvent(event)));
}

/** The wire format of `generativelanguage.googleapis.com`. */
export const gemini: WireFormat = { read, render };
