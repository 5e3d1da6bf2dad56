/** JSON as an assistant sends it: a conversation of prose and code, nothing in it to find. */

const paragraphs = [
  'The handler reads the order, checks the stock and answers with the new total.\\n',
  '  if (order.items.length === 0) {\\n    return { status: \\"empty\\", total: 0 };\\n  }\\n',
  'Tests cover the usual cases; the retry path is not reached by any of them yet.\\n',
  '12\\tconst total = items.reduce((sum, item) => sum + item.price * item.count, 0);\\n',
  'Grüße aus dem Büro: the locale file holds “curly quotes”, dashes – and 漢字.\\n',
] as const;

const opening =
  '{"model":"claude-sonnet-4-5","max_tokens":64,"stream":false,"system":"You are a careful reviewer.","messages":[';
const closing = ']}';

/** Text of a message: about 64 KiB, so that big bodies have many messages as real ones do. */
const messageBytes = 65_536;

function message(index: number, bytes: number): string {
  let text = `{"role":"${index % 2 === 0 ? 'user' : 'assistant'}","content":"`;
  const end = '"}';
  let size = Buffer.byteLength(text) + end.length;
  for (let at = index; ; at += 1) {
    const paragraph = paragraphs[at % paragraphs.length] ?? '';
    const next = Buffer.byteLength(paragraph);
    if (size + next > bytes) break;
    text += paragraph;
    size += next;
  }
  return text + '.'.repeat(bytes - size) + end;
}

/** Yields a body of exactly so many bytes (at least 512) in chunks. */
export function* payloadChunks(bytes: number): Generator<Buffer> {
  const messages = Math.max(1, Math.ceil((bytes - 256) / messageBytes));
  const room = bytes - opening.length - closing.length - (messages - 1);
  yield Buffer.from(opening);
  const each = Math.floor(room / messages);
  // Two of the same kind repeat: building each would cost more than sending it.
  const usual = [0, 1].map((index) => Buffer.from(message(index, each)));
  for (let index = 0; index < messages - 1; index += 1) {
    yield usual[index % 2] ?? Buffer.alloc(0);
    yield Buffer.from(',');
  }
  yield Buffer.from(message(0, room - each * (messages - 1)));
  yield Buffer.from(closing);
}

/** A whole body. */
export function payload(bytes: number): Buffer {
  return Buffer.concat([...payloadChunks(bytes)]);
}

const contentStart = Buffer.from('"content":"');
const stampBytes = 8;

/** Where each message's text begins. */
function textsOf(body: Buffer): readonly number[] {
  const starts: number[] = [];
  for (let at = body.indexOf(contentStart); at !== -1; at = body.indexOf(contentStart, at + 1)) {
    starts.push(at + contentStart.length);
  }
  return starts;
}

/** What of a body is the same in the next request: nothing, or all but the last message, as a conversation is. */
export type Repeated = 'nothing' | 'history';

/** Makes bodies of one length whose texts differ as asked. Copies: an earlier one may still be on its way. */
export function createBodies(bytes: number, repeated: Repeated): () => Buffer {
  const body = payload(bytes);
  const starts = textsOf(body);
  const changing = repeated === 'nothing' ? starts : starts.slice(-1);
  let made = 0;
  return () => {
    made += 1;
    const next = Buffer.from(body);
    for (const start of changing) next.write(String(made).padStart(stampBytes, '0'), start, 'latin1');
    return next;
  };
}
