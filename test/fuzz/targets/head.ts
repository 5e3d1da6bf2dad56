/** Request heads: any target and headers are read, nothing protected goes on or is recorded, the rest stays. */
import type { HeaderList } from '../../../src/core/http.ts';
import { begin, protectedForms, protectedText, routes, secretText } from '../engine.ts';
import { damaged, natural, oddText, oneOf, several } from '../generate.ts';
import { law, type Target } from '../target.ts';

const names = ['x-title', 'referer', 'user-agent', 'x-api-key', 'authorization', 'cookie', 'accept-encoding', 'x-key'];
/** What a request presents to its own vendor, and what is judged by another rule than its text. */
const exempt = new Set(['x-api-key', 'authorization', 'cookie', 'accept-encoding', 'content-encoding']);

function lines(input: Uint8Array): readonly string[] {
  return Buffer.from(input)
    .toString()
    .split('\n')
    .map((line) => line.replaceAll(/[\r\0]/g, ''));
}

/** A first line that is the target, and header lines, of characters that the wire could have brought. */
function headOf(input: Uint8Array): { readonly target: string; readonly headers: HeaderList } {
  const [first = '', ...rest] = lines(input);
  // Node hands header values on as latin1: what is beyond arrives as the bytes of its UTF-8.
  const wire = (text: string): string => Buffer.from(text).toString('latin1');
  const headers = rest.flatMap((line): HeaderList => {
    const [, name = '', value = ''] = /^([\w-]{1,40}): ?(.*)$/.exec(line) ?? [];
    return name === '' ? [] : [[name, wire(value)]];
  });
  return { target: `/${encodeURI(first).replaceAll('%25', '%')}`, headers };
}

export const head: Target = {
  name: 'head',
  make(random) {
    const words = (): string =>
      several(random, 3, () => oneOf(random, [secretText, protectedText, oddText])(random))
        .join(oneOf(random, ['', ' ', '/', '&a=']))
        .replaceAll('\n', ' ');
    const target = `v1/messages/${words()}?beta=true&q=${encodeURIComponent(words())}`;
    const headers = several(random, 5, () => `${oneOf(random, names)}: ${words()}`);
    const bytes = Buffer.from([target, ...headers].join('\n'));
    return natural(random, 3) === 0 ? damaged(random, bytes) : bytes;
  },
  check(input) {
    const { target, headers } = headOf(input);
    const exchange = begin('verdict', { host: routes.anthropic.host, target }, headers);
    const recorded = JSON.stringify(exchange.decision(0));
    law(!protectedForms.some((form) => recorded.includes(form)), 'a protected value reaches the record');
    if (exchange.plan.kind === 'reply') return;

    const out = exchange.head();
    const before = [['content-type', 'application/json'] as const, ...headers];
    law(
      out.headers.every(([name], index) => name === before[index]?.[0]) && out.headers.length === before.length,
      'headers change their names or order',
    );
    const kept = out.headers.filter(([name]) => !exempt.has(name.toLowerCase())).map(([, value]) => value);
    const texts = [...kept, ...kept.map((value) => Buffer.from(value, 'latin1').toString())];
    const leaked = protectedForms.findIndex((form) => [out.target, ...texts].some((text) => text.includes(form)));
    law(leaked === -1, `a protected value leaves in the head, spelled as form ${leaked}`);
  },
};
