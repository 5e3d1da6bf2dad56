/** What inspecting a request body costs: all of it, and what of it is not the matcher's; CPU time. */
import { createEngine, createEngineState } from '../../src/app/engine.ts';
import { rulesFor } from '../../src/app/rules-for.ts';
import { encodedViews } from '../../src/body/encoded-runs.ts';
import { readJson, type JsonDocument } from '../../src/body/json-document.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { RequestHead } from '../../src/core/http.ts';
import type { Matcher } from '../../src/detect/match.ts';
import { createMatcher } from '../../src/detect/matcher.ts';
import { createInspector } from '../../src/inspect/inspector.ts';
import type { Inspector } from '../../src/inspect/exchange.ts';
import { agentBody, textBody } from './bodies.ts';

/** Milliseconds of CPU time for a megabyte (10^6 bytes). */
export interface Cost {
  readonly best: number;
  readonly median: number;
}

const bodyBytes = 1_000_000;
const chunkBytes = 65_536;

/** `again`: texts that were read before are known again, as the history of a conversation is. */
type Reading = 'new' | 'again' | 'unmatched';

function inspectorWith(release: 'verdict' | 'stream', reading: Reading): Inspector {
  const nowhere = '/nonexistent/sluice';
  const loaded = loadConfig({
    env: { SLUICE_RELEASE: release },
    cwd: '/',
    userFile: `${nowhere}/sluice.yaml`,
    organisationFile: `${nowhere}/policy.yaml`,
  });
  const rules = rulesFor(loaded);
  const { parts } = createEngine(loaded, rules, createEngineState(Buffer.alloc(32, 9)));
  const matchers = {
    again: () => parts.matcher,
    new: () => createMatcher(rules),
    unmatched: () => blind(parts.matcher),
  };
  return createInspector({ ...parts, matcher: matchers[reading]() });
}

/** A matcher that sees nothing: what is left is the work around it. */
function blind({ lookBehind, lookAhead }: Matcher): Matcher {
  return {
    lookBehind,
    lookAhead,
    scan: (text, from, isComplete) => ({
      matches: [],
      resume: isComplete ? text.length : Math.max(from, text.length - 3),
    }),
    classify: () => undefined,
  };
}

const head: RequestHead = {
  method: 'POST',
  scheme: 'https',
  host: 'api.anthropic.com',
  port: 443,
  target: '/v1/messages?beta=true',
  protocol: 'http/1.1',
  headers: [['content-type', 'application/json']],
};

function inspect(inspector: Inspector, body: Buffer): void {
  const exchange = inspector.begin(head, { identity: 'bench' }, { id: 'bench', nowMs: 0 });
  const transform = exchange.body;
  for (let at = 0; at < body.length; at += chunkBytes) {
    const { stop } = transform.push(body.subarray(at, at + chunkBytes));
    if (stop !== undefined) throw new Error(`the body is refused: ${stop.reason}`);
  }
  const { stop } = transform.end();
  if (stop !== undefined) throw new Error(`the body is refused: ${stop.reason}`);
}

function documentOf(body: Uint8Array): JsonDocument {
  const read = readJson(body, { maxDepth: 1024, isSequence: false });
  if (!read.ok) throw new Error(read.reason);
  return read.document;
}

/** Runs all pieces of work in turns, so that what disturbs one disturbs all. */
function costs(work: Readonly<Record<string, () => void>>, bytes: number, rounds: number): Record<string, Cost> {
  const times = new Map<string, number[]>(Object.keys(work).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(work)) {
      const before = process.cpuUsage();
      for (let again = 0; again < 4; again += 1) run();
      const { user, system } = process.cpuUsage(before);
      times.get(name)?.push((user + system) / 4000 / (bytes / 1e6));
    }
  }
  return Object.fromEntries(
    [...times].map(([name, all]) => {
      const sorted = all.toSorted((a, b) => a - b);
      return [name, { best: sorted[0] ?? Number.NaN, median: sorted[sorted.length >> 1] ?? Number.NaN }];
    }),
  );
}

/** Measures both kinds of release on both kinds of body. */
export function benchInspect(rounds: number): Record<string, Record<string, Cost>> {
  const bodies = { 'one text': textBody(bodyBytes), 'agent session': agentBody(bodyBytes) };
  const inspectors = {
    gathered: inspectorWith('verdict', 'new'),
    streamed: inspectorWith('stream', 'new'),
    'gathered, read before': inspectorWith('verdict', 'again'),
    'gathered, but for the matcher': inspectorWith('verdict', 'unmatched'),
    'streamed, but for the matcher': inspectorWith('stream', 'unmatched'),
  };
  const results: Record<string, Record<string, Cost>> = {};
  for (const [name, body] of Object.entries(bodies)) {
    const document = documentOf(body);
    const nodes = [...document.nodes()];
    const texts = nodes.map((node) => document.text(node));
    const json = body.toString();
    const work = {
      ...Object.fromEntries(
        Object.entries(inspectors).map(([kind, inspector]) => [kind, () => inspect(inspector, body)]),
      ),
      'tokens and their places': () => void documentOf(body),
      'escapes undone': () => nodes.forEach((node) => document.text(node)),
      'encoded texts sought': () => texts.forEach((text) => encodedViews(text)),
      'JSON.parse': () => void JSON.parse(json),
    };
    results[name] = costs(work, body.length, rounds);
  }
  return results;
}

/** One table for each body. */
export function inspectTables(results: Readonly<Record<string, Readonly<Record<string, Cost>>>>): string {
  return Object.entries(results)
    .map(([body, rows]) => {
      const lines = Object.entries(rows).map(
        ([name, { best, median }]) =>
          `${name.padEnd(32)}${best.toFixed(2).padStart(8)}${median.toFixed(2).padStart(8)}`,
      );
      return [`${`${body}, CPU ms/MB`.padEnd(32)}${'best'.padStart(8)}${'median'.padStart(8)}`, ...lines].join('\n');
    })
    .join('\n\n');
}
