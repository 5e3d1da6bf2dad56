/** The real engine for fuzz targets: the default configuration and every rule that ships, with a few protected values. */
import { createEngine, createEngineState } from '../../src/app/engine.ts';
import { rulesFor } from '../../src/app/rules-for.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { HeaderList, RequestHead } from '../../src/core/http.ts';
import type { Finding } from '../../src/core/finding.ts';
import { createKnownValues } from '../../src/detect/known-values.ts';
import { formsOf } from '../../src/detect/known-values-forms.ts';
import type { Exchange } from '../../src/inspect/exchange.ts';
import { createInspector } from '../../src/inspect/inspector.ts';
import { createMemory } from '../../src/inspect/memory.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { registry } from '../../src/providers/registry.ts';
import { fillExample, type Random } from '../../src/rules/examples.ts';
import { loadPackRules } from '../../src/rules/load.ts';
import { natural, oneOf } from './generate.ts';

/** Protected values with everything that encodings change: long enough to match everywhere. */
export const protectedTexts: readonly string[] = [
  'pr0tected "quoted" value\\42',
  'db_pa55word_of_mine',
  'k9/aB+c3==/Zx81-qq',
  'Grüße-漢字-😀-2026-x',
];

const known = createKnownValues();
for (const text of protectedTexts) {
  known.add({ bytes: Buffer.from(text), rule: 'protected-value', name: 'FUZZ', isProtected: true });
}

/** Every spelling in which a protected value may never leave. */
export const protectedForms: readonly string[] = protectedTexts.flatMap((text) =>
  formsOf(Buffer.from(text)).map(({ bytes }) => Buffer.from(bytes).toString('utf8')),
);

const state = createEngineState(Buffer.alloc(32, 9));
const nowhere = '/nonexistent/sluice';

function partsFor(release: 'verdict' | 'stream') {
  const loaded = loadConfig({
    env: { SLUICE_RELEASE: release },
    cwd: '/',
    userFile: `${nowhere}/sluice.yaml`,
    organisationFile: `${nowhere}/policy.yaml`,
  });
  return createEngine(loaded, rulesFor(loaded), state, { protectedValues: [known] }).parts;
}

const parts = { verdict: partsFor('verdict'), stream: partsFor('stream') };

/** A place where requests go. */
export interface Route {
  readonly host: string;
  readonly target: string;
  readonly provider: Provider;
  /** A body with a text where the user's words stand, and how to get it back. */
  readonly body: (text: string) => unknown;
}

function route(host: string, target: string, body: (text: string) => unknown): Route {
  return { host, target, provider: registry.routeOf(host, 'POST', target).provider, body };
}

const gemini = (text: string) => ({ contents: [{ role: 'user', parts: [{ text }] }] });

/** One for each wire format, and one that no provider knows. */
export const routes = {
  anthropic: route('api.anthropic.com', '/v1/messages', (text) => ({
    model: 'm',
    messages: [{ role: 'user', content: text }],
  })),
  chat: route('api.openai.com', '/v1/chat/completions', (text) => ({
    model: 'm',
    messages: [{ role: 'user', content: text }],
  })),
  responses: route('api.openai.com', '/v1/responses', (text) => ({ model: 'm', input: text })),
  gemini: route('generativelanguage.googleapis.com', '/v1beta/models/m:generateContent', gemini),
  codeAssist: route('cloudcode-pa.googleapis.com', '/v1internal:streamGenerateContent', (text) => ({
    model: 'm',
    request: gemini(text),
  })),
  other: route('api.anthropic.com', '/v1/unknown', (text) => ({ text })),
} as const satisfies Readonly<Record<string, Route>>;

/** Begins an exchange that remembers nothing of those before it. */
export function begin(
  release: 'verdict' | 'stream',
  { host, target }: Pick<Route, 'host' | 'target'>,
  headers: HeaderList = [],
): Exchange {
  const head: RequestHead = {
    method: 'POST',
    scheme: 'https',
    host,
    port: 443,
    target,
    protocol: 'http/1.1',
    headers: [['content-type', 'application/json'], ...headers],
  };
  const inspector = createInspector({ ...parts[release], memory: createMemory(createKnownValues) });
  return inspector.begin(head, { identity: 'fuzz' }, { id: 'fuzz', nowMs: 0 });
}

export interface Sent {
  readonly output: Buffer;
  readonly findings: readonly Finding[];
  /** Why it stopped, if it did; what came out before does not count then. */
  readonly stop: string | undefined;
}

/** Feeds a body to an exchange. */
export function send(exchange: Exchange, chunks: readonly Uint8Array[]): Sent {
  const output: Uint8Array[] = [];
  const findings: Finding[] = [];
  const { body } = exchange;
  for (const chunk of [...chunks, undefined]) {
    const step = chunk === undefined ? body.end() : body.push(chunk);
    output.push(...step.output);
    findings.push(...step.findings);
    if (step.stop !== undefined) return { output: Buffer.concat(output), findings, stop: JSON.stringify(step.stop) };
  }
  return { output: Buffer.concat(output), findings, stop: undefined };
}

const examples = loadPackRules(['secrets', 'regulated/*']).flatMap(({ rule, examples: { match } }) =>
  match.map((example) => ({ rule, example })),
);

/** A text that a rule of the packs finds, freshly generated, with what its example has around it. */
export function secretText(random: Random): string {
  const { rule, example } = oneOf(random, examples);
  return fillExample(example, rule, random);
}

/** A protected value, as it is or in some spelling. */
export function protectedText(random: Random): string {
  return natural(random, 2) === 0 ? oneOf(random, protectedTexts) : oneOf(random, protectedForms);
}
