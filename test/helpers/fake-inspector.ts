/** An inspector that does what a test says, in place of the real one. */
import { concat, utf8 } from '../../src/core/bytes.ts';
import type { DecisionEntry, OutcomeEntry } from '../../src/core/decision.ts';
import type { LocalReply, ReplyHead, RequestHead } from '../../src/core/http.ts';
import { emptyStep, release, type BodyTransform } from '../../src/core/transform.ts';
import type { Exchange, Inspector, Plan, ReplyPlan, Route, Verdict } from '../../src/inspect/exchange.ts';

/** What a test may choose; everything else passes. */
export interface FakeBehaviour {
  readonly route?: (host: string) => Route['action'];
  readonly plan?: (head: RequestHead) => Plan;
  readonly body?: () => BodyTransform;
  readonly spill?: () => Plan;
  readonly verdict?: (head: RequestHead) => Verdict | undefined;
  /** Whether trailers may leave; where not, the request is refused. */
  readonly mayTrail?: boolean;
  readonly reply?: (head: ReplyHead) => ReplyPlan;
}

export interface FakeInspector extends Inspector {
  /** The heads that exchanges began with. */
  readonly heads: RequestHead[];
}

const passing: BodyTransform = { push: (chunk) => release(chunk), end: () => emptyStep };

/** Replaces one text by another in a whole body, released at its end. */
export function replacing(from: string, to: string): BodyTransform {
  const chunks: Uint8Array[] = [];
  return {
    push(chunk) {
      chunks.push(chunk);
      return emptyStep;
    },
    end: () => release(utf8(Buffer.from(concat(chunks)).toString('utf8').replaceAll(from, to))),
  };
}

export const gather: Plan = { kind: 'forward', mode: 'gather', coding: 'identity' };
export const stream: Plan = { kind: 'forward', mode: 'stream', coding: 'identity' };
export const pass: Plan = { kind: 'forward', mode: 'pass', coding: 'identity' };

export function refusal(message = 'refused here'): LocalReply {
  const body = utf8(JSON.stringify({ error: { message } }));
  return { status: 400, headers: [['content-type', 'application/json']], body };
}

export function fakeInspector(behaviour: FakeBehaviour = {}): FakeInspector {
  const heads: RequestHead[] = [];
  const routeOf = (host: string): Route => ({
    action: behaviour.route?.(host) ?? 'inspect',
    host,
    vendor: 'test',
    jurisdiction: 'unknown',
    reason: 'test',
  });

  function decision(id: string, host: string, bytes: number, changes: Partial<DecisionEntry>): DecisionEntry {
    return {
      id,
      time: new Date(0).toISOString(),
      client: { app: 'test', version: '0' },
      destination: { host, vendor: 'test', jurisdiction: 'unknown' },
      request: { method: 'POST', path: '/', protocol: 'http/1.1', coding: 'identity', bytes },
      action: 'forward',
      findings: [],
      sources: [],
      coverage: { read: bytes, opaque: 0, unread: 0 },
      policyVersion: 'test',
      ...changes,
    };
  }

  return {
    heads,
    route: routeOf,
    begin(head, _peer, { id }): Exchange {
      heads.push(head);
      const body = behaviour.body?.() ?? passing;
      const outgoing = { target: head.target, headers: head.headers };
      let plan = behaviour.plan?.(head) ?? gather;
      const outcome = (ending: Parameters<Exchange['outcome']>[0]): OutcomeEntry => ({
        id,
        time: ending.time,
        response: { status: ending.status, bytes: ending.responseBytes },
        addedMs: ending.addedMs,
        requestBytes: ending.requestBytes,
        ...(ending.action === undefined ? {} : { action: ending.action }),
        ...(ending.reason === undefined ? {} : { reason: ending.reason }),
      });
      return {
        id,
        get plan() {
          return plan;
        },
        body,
        spill() {
          plan = behaviour.spill?.() ?? stream;
          return plan;
        },
        questions: () => [],
        answered: () => undefined,
        trailers(received) {
          if (behaviour.mayTrail !== false) return received;
          plan = { kind: 'reply', reply: refusal() };
          return undefined;
        },
        head: () => outgoing,
        verdict: () =>
          behaviour.verdict?.(head) ?? (plan.kind === 'reply' ? plan : { kind: 'forward', head: outgoing }),
        decision: (bytes) => decision(id, head.host, bytes, {}),
        reply: (reply) => behaviour.reply?.(reply) ?? { kind: 'untouched' },
        outcome,
        failure: (status, message) => ({ ...refusal(message), status }),
      };
    },
    connection: (route, _port, _peer, { id, action, reason }) =>
      decision(id, route.host, 0, { action, ...(reason === undefined ? {} : { reason }) }),
  };
}
