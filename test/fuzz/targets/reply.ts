/** Replies: what was masked in a request comes back whole through every format, and damage never breaks the rest. */
import type { Exchange, ReplyPlan } from '../../../src/inspect/exchange.ts';
import type { Random } from '../../../src/rules/examples.ts';
import { at, parseJson, textAt } from '../../helpers/json-at.ts';
import { formats, type Format } from '../../helpers/vendor-stream.ts';
import { begin, protectedTexts, routes, send, type Route } from '../engine.ts';
import { cutBytes, damaged, natural, oddText, oneOf, several } from '../generate.ts';
import { law, type Target } from '../target.ts';

/** Where the text of a body made by a route stands. */
const textPaths = {
  'anthropic-messages': ['messages', 0, 'content'],
  'openai-chat': ['messages', 0, 'content'],
  'openai-responses': ['input'],
  gemini: ['contents', 0, 'parts', 0, 'text'],
  'gemini-code-assist': ['request', 'contents', 0, 'parts', 0, 'text'],
} as const;

function routeOf(format: Format): Route {
  const found = Object.values(routes).find(({ provider }) => provider.id === format.provider.id);
  if (found === undefined) throw new Error(`no route has the provider ${format.provider.id}`);
  return found;
}

function pathOf(format: Format): readonly (string | number)[] {
  const found = Object.entries(textPaths).find(([id]) => id === format.provider.id)?.[1];
  if (found === undefined) throw new Error(`no body is known for the provider ${format.provider.id}`);
  return found;
}

/** Sends a text; returns the exchange, ready for its reply, and the text as the vendor received it. */
function masked(format: Format, text: string): { readonly exchange: Exchange; readonly text: string } | undefined {
  const route = routeOf(format);
  const exchange = begin('verdict', route);
  const { output, stop } = send(exchange, [Buffer.from(JSON.stringify(route.body(text)))]);
  return stop === undefined ? { exchange, text: textAt(parseJson(output.toString()), ...pathOf(format)) } : undefined;
}

function passed(plan: ReplyPlan, chunks: readonly Uint8Array[]): Buffer {
  if (plan.kind === 'untouched') return Buffer.concat(chunks);
  if (plan.kind === 'reply') throw new Error('a reply was refused');
  const steps = [...chunks.map((chunk) => plan.body.push(chunk)), plan.body.end()];
  return Buffer.concat(steps.flatMap(({ output }) => [...output]));
}

const planOf = (exchange: Exchange, format: Format): ReplyPlan =>
  exchange.reply({ status: 200, headers: [['content-type', format.contentType]] });

function sizesFrom(random: Random): readonly number[] {
  return several(random, 5, () => 1 + natural(random, 40));
}

/** Text around protected values, without what asks for them to stay at home (URLs) or looks like a placeholder. */
function textFrom(random: Random): string {
  return several(random, 6, () => (natural(random, 2) === 0 ? oneOf(random, protectedTexts) : oddText(random, 3)))
    .join(oneOf(random, ['', ' ', '\n']))
    .replaceAll(/(?:https?:)?\/\/[\w.:-]*\/?|SLUICE/g, 'x');
}

/** What a reader may make a link of: a value in it stays a placeholder. */
const linkLike = /\/\/|[\w-]\.[a-z\d-]+(?::\d+)?[/?#]|[[\]]\(|\]:|www\./i;

/** A text without escapes: a value comes back as what it is, not with those that it was written with and need not have. */
function withoutEscapes(text: string): string {
  const plain = text.replaceAll(/\\+u([0-9a-f]{4})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return plain.replaceAll('\\', '');
}

const isSameText = (said: unknown, text: string): boolean =>
  said === text || (typeof said === 'string' && withoutEscapes(said) === withoutEscapes(text));

export const restoredReply: Target = {
  name: 'reply-restored',
  make: (random) => Buffer.from(textFrom(random)),
  check(input, random) {
    const text = Buffer.from(input).toString();
    if (linkLike.test(text) || /sluice/i.test(text)) return;
    const format = oneOf(random, formats);
    const sent = masked(format, text);
    if (sent === undefined) return;
    const turn = { text: sent.text, tool: 'Write', args: { file_path: '/a', content: sent.text } };
    const reply = Buffer.from(format.write(turn, sizesFrom(random)));
    const { texts, calls } = format.read(passed(planOf(sent.exchange, format), cutBytes(random, reply)).toString());
    law(
      texts.every((said) => isSameText(said, text)),
      `${format.name}: prose does not come back as it was`,
    );
    law(
      calls.every((call) => isSameText(at(call, 'content'), text)),
      `${format.name}: arguments do not come back as they were`,
    );
  },
};

/** The request behind the damaged replies: every protected value was masked in it. */
const everyValue = protectedTexts.join('\n');

/** The second byte of an input: whether a placeholder was written into the reply. */
const withPlaceholders = 1;
const withoutPlaceholders = 2;

export const damagedReply: Target = {
  name: 'reply-damaged',
  make(random) {
    const index = natural(random, formats.length);
    const format = formats[index] ?? oneOf(random, formats);
    const kind = oneOf(random, [withPlaceholders, withoutPlaceholders]);
    const text = kind === withPlaceholders ? (masked(format, textFrom(random))?.text ?? '') : oddText(random, 8);
    const turn = { text, tool: oneOf(random, ['Write', 'Bash', 'WebFetch']), args: { content: text, command: text } };
    return Buffer.concat([Buffer.of(index, kind), damaged(random, Buffer.from(format.write(turn, sizesFrom(random))))]);
  },
  check(input, random) {
    const format = formats[(input[0] ?? 0) % formats.length] ?? oneOf(random, formats);
    const reply = input.subarray(2);
    const open = (): ReplyPlan => {
      const sent = masked(format, everyValue);
      if (sent === undefined) throw new Error('the request was refused');
      return planOf(sent.exchange, format);
    };
    const whole = passed(open(), [reply]);
    law(passed(open(), cutBytes(random, reply)).equals(whole), `${format.name}: the output depends on the cuts`);
    if (input[1] !== withoutPlaceholders) return;
    law(whole.equals(reply), `${format.name}: a reply without placeholders is changed`);
  },
};
