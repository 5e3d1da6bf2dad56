/** The work of the soak test: masked, clean, blocked, streamed and large requests, aborts and tunnels. */
import { ProxyAgent, type Dispatcher } from 'undici';
import { payload } from '../bench/payload.ts';

export const inspectedHost = 'api.anthropic.com';
export const blockedHost = 'api.openai.com';
export const tunnelledHost = 'files.soak.example';

/** How requests went; numbers of requests are in their user agent, and so in the record. */
export interface Tally {
  /** The requests that got a whole answer. */
  readonly answered: Set<number>;
  tunnels: number;
  aborted: number;
  /** What went otherwise than it must, by kind. */
  readonly wrong: string[];
}

export interface Work {
  readonly proxyPort: number;
  /** The proxy's authority, and the vendor's for what is tunnelled. */
  readonly ca: string;
  readonly vendorCa: string;
  /** A value that the rules find. */
  readonly secret: string;
  /** Ends the work between two requests. */
  readonly isOver: () => boolean;
}

type Kind = 'clean' | 'masked' | 'sse' | 'large' | 'blocked' | 'abort' | 'tunnel';

const round: readonly Kind[] = [
  'clean',
  'masked',
  'sse',
  'clean',
  'blocked',
  'sse',
  'large',
  'abort',
  'masked',
  'tunnel',
];

const large = payload(1_000_000);
const hangUpMs = 30;

function bodyOf(words: string): string {
  return JSON.stringify({ model: 'm', messages: [{ role: 'user', content: words }] });
}

interface Ask {
  readonly host: string;
  readonly mode: string;
  readonly body: string | Buffer;
}

/** Everything of a reply's text, the deltas of a stream joined. */
function spokenText(body: string): string {
  const deltas = [...body.matchAll(/"text_delta","text":("(?:[^"\\]|\\.)*")/g)].map(([, json = '""']) => json);
  return deltas.length === 0 ? body : deltas.map((json): string => String(JSON.parse(json))).join('');
}

/** One worker: requests one after the other, idle for as long as each took (half load), until it is over. */
export async function work(
  { proxyPort, ca, vendorCa, secret, isOver }: Work,
  tally: Tally,
  next: () => number,
): Promise<void> {
  const uri = `http://127.0.0.1:${proxyPort}`;
  const inspected = new ProxyAgent({ uri, requestTls: { ca } });
  const post = async (
    dispatcher: Dispatcher,
    number: number,
    ask: Ask,
    signal?: AbortSignal,
  ): Promise<[number, string]> => {
    const { statusCode, body } = await dispatcher.request({
      origin: `https://${ask.host}`,
      path: `/v1/messages?mode=${ask.mode}`,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': `soak/${number}` },
      body: ask.body,
      signal: signal ?? null,
    });
    const said = await body.text();
    if (ask.host !== tunnelledHost) tally.answered.add(number);
    return [statusCode, said];
  };
  const check = (kind: Kind, isRight: boolean): void => {
    if (!isRight) tally.wrong.push(kind);
  };
  const perform = async (kind: Kind, number: number): Promise<void> => {
    const words = `request ${number}`;
    const sent = (mode: string, body: string | Buffer, host = inspectedHost) =>
      post(inspected, number, { host, mode, body });
    switch (kind) {
      case 'clean': {
        const [status, said] = await sent('echo', bodyOf(words));
        return check(kind, status === 200 && said.includes(words));
      }
      case 'masked':
      case 'sse': {
        const [status, said] = await sent(kind === 'sse' ? 'sse' : 'echo', bodyOf(`key ${secret} of ${words}`));
        return check(kind, status === 200 && spokenText(said).includes(`key ${secret} of ${words}`));
      }
      case 'large': {
        const [status] = await sent('echo', large);
        return check(kind, status === 200);
      }
      case 'blocked': {
        const [status, said] = await sent('echo', bodyOf(words), blockedHost);
        return check(kind, status === 400 && said.includes('Sluice'));
      }
      case 'abort': {
        const signal = AbortSignal.timeout(hangUpMs);
        const ask = { host: inspectedHost, mode: 'never', body: bodyOf(words) };
        const outcome = await post(inspected, number, ask, signal).catch(() => undefined);
        tally.aborted += 1;
        return check(kind, outcome === undefined);
      }
      case 'tunnel': {
        const dispatcher = new ProxyAgent({ uri, requestTls: { ca: vendorCa } });
        const ask = { host: tunnelledHost, mode: 'echo', body: bodyOf(words) };
        const [status] = await post(dispatcher, number, ask);
        await dispatcher.destroy();
        tally.tunnels += 1;
        return check(kind, status === 200);
      }
    }
  };
  while (!isOver()) {
    const number = next();
    const kind = round[number % round.length] ?? 'clean';
    const started = performance.now();
    try {
      await perform(kind, number);
    } catch (error: unknown) {
      tally.wrong.push(`${kind}: ${error instanceof Error ? error.message : 'unknown'}`);
    }
    const tookMs = performance.now() - started;
    await new Promise((resolve) => setTimeout(resolve, tookMs));
  }
  await inspected.destroy();
}
