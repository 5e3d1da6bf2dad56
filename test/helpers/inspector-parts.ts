/** An inspector for tests: the real rooms, a few rules, and whatever the user's layer says. */
import { createKnownValues } from '../../src/detect/known-values.ts';
import { createMatcher } from '../../src/detect/matcher.ts';
import type { Rule } from '../../src/detect/rule.ts';
import type { Exchange, Inspector, Peer } from '../../src/inspect/exchange.ts';
import { createInspector } from '../../src/inspect/inspector.ts';
import { createMemory } from '../../src/inspect/memory.ts';
import type { InspectorParts } from '../../src/inspect/parts.ts';
import { createFingerprinter } from '../../src/mask/fingerprint.ts';
import { createPlaceholders } from '../../src/mask/placeholders.ts';
import { createFindingCounts } from '../../src/policy/counter.ts';
import { createPolicy } from '../../src/policy/create-policy.ts';
import type { PolicyLayer } from '../../src/policy/layer.ts';
import { registry } from '../../src/providers/registry.ts';
import type { HeaderList } from '../../src/core/http.ts';
import { testRules } from './request-scan.ts';

const key = Buffer.alloc(32, 9);

/** A value that the rule `test-token` finds. */
export const token = (n = 0): string => `tkn_${String(n).padStart(24, 'aB3dE5fG7hJ9kL2mN4pQ6rS8')}`;

export interface TestInspectorOptions {
  readonly user?: Partial<PolicyLayer>;
  readonly rules?: readonly Rule[];
  readonly parts?: Partial<InspectorParts>;
}

/** Makes an inspector whose built-in vendor hosts are inspected and everything else tunnelled. */
export function testInspector({ user = {}, rules = testRules, parts = {} }: TestInspectorOptions = {}): Inspector {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const policy = createPolicy({
    user: { name: 'user', unknownHosts: 'tunnel', ...user },
    builtInDestinations: registry.vendors.map(({ hosts, id, jurisdiction }) => ({
      hosts,
      vendor: id,
      jurisdiction,
      action: 'inspect',
    })),
    ruleIds: rules.map(({ id }) => id),
  });
  const placeholders = createPlaceholders({ key, prefix: 'SLUICE' });
  return createInspector({
    policy,
    registry,
    matcher: createMatcher(rules),
    ruleOf: (id) => byId.get(id),
    protectedValues: [],
    createKnown: createKnownValues,
    canSpread: (value) => value.length >= 8,
    memory: createMemory(createKnownValues),
    counts: createFindingCounts(),
    placeholdersFor: () => placeholders,
    fingerprint: createFingerprinter({ key }),
    prefix: 'SLUICE',
    limits: { bodyBytes: 1 << 24, decodeDepth: 4, expansionRatio: 200, gatherBytes: 1 << 20 },
    refusalForm: 'auto',
    restore: { prose: true, files: true, shell: true, network: false, mcp: [] },
    replyCodings: new Set(['identity', 'gzip']),
    findsNothing: false,
    ...parts,
  });
}

export interface TestRequest {
  readonly host?: string;
  readonly method?: string;
  readonly target?: string;
  readonly headers?: HeaderList;
  readonly body?: string | Uint8Array;
  readonly peer?: Peer;
  readonly nowMs?: number;
}

/** What a request came to. */
export interface Judged {
  readonly exchange: Exchange;
  /** The body as it leaves; empty when it does not. */
  readonly sent: string;
}

/** Begins a Messages request (or another) and pushes its body through. */
export function judge(inspector: Inspector, request: TestRequest): Judged {
  const body = typeof request.body === 'string' ? Buffer.from(request.body) : (request.body ?? Buffer.alloc(0));
  const exchange = inspector.begin(
    {
      method: request.method ?? 'POST',
      scheme: 'https',
      host: request.host ?? 'api.anthropic.com',
      port: 443,
      target: request.target ?? '/v1/messages',
      protocol: 'http/1.1',
      headers: request.headers ?? [
        ['content-type', 'application/json'],
        ['content-length', String(body.length)],
      ],
    },
    request.peer ?? { identity: 'local' },
    { id: 'decision1', nowMs: request.nowMs ?? 0 },
  );
  if (exchange.plan.kind === 'reply') return { exchange, sent: '' };
  const steps = [exchange.body.push(body), exchange.body.end()];
  return { exchange, sent: Buffer.concat(steps.flatMap(({ output }) => output)).toString() };
}

/** A Messages body with one text. */
export const messages = (text: string, more: object = {}): string =>
  JSON.stringify({ model: 'claude-x', messages: [{ role: 'user', content: text }], ...more });
