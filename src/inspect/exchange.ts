/** The seam between the proxy and the inspection of one exchange: pure, synchronous, no sockets. */
import type { DecisionEntry, ExchangeAction, OutcomeEntry } from '../core/decision.ts';
import type { Answers, Question } from '../core/detector.ts';
import type { HeaderList, LocalReply, ReplyHead, RequestHead } from '../core/http.ts';
import type { BodyTransform } from '../core/transform.ts';

/** Who is speaking, as the proxy knows it. */
export interface Peer {
  /** Whose known values and memory count: a user, a run, or the machine. */
  readonly identity: string;
  readonly user?: string;
  /** The run's id (of its hashed credential), when the connection carries one. */
  readonly run?: string;
}

/** Where a CONNECT may go. */
export interface Route {
  readonly action: 'inspect' | 'tunnel' | 'block';
  readonly host: string;
  readonly vendor: string;
  readonly jurisdiction: string;
  /** Why, for the record: the destination's pattern or `unknownHosts`. */
  readonly reason: string;
}

/** What the proxy is to do with a request, known from its head. */
export type Plan =
  /** Drain the body (bounded), record, reply. */
  | { readonly kind: 'reply'; readonly reply: LocalReply }
  /**
   * Feed `body` and forward. `gather`: the body as received (still coded) goes in, everything comes out at `end()`.
   * `stream`: the body decoded from `coding` goes in, the output is encoded again. `pass`: nothing is to be read.
   */
  | {
      readonly kind: 'forward';
      readonly mode: 'gather' | 'stream' | 'pass';
      readonly coding: 'identity' | 'gzip' | 'deflate' | 'br';
    };

/** What leaves in place of the head received. Framing (content-length, transfer-encoding, host) is the proxy's. */
export interface OutgoingHead {
  readonly target: string;
  readonly headers: HeaderList;
}

/** The verdict on a request. */
export type Verdict =
  { readonly kind: 'forward'; readonly head: OutgoingHead } | { readonly kind: 'reply'; readonly reply: LocalReply };

/** What becomes of a reply: another one takes the place of one that may not be passed on. */
export type ReplyPlan = PassedReply | { readonly kind: 'reply'; readonly reply: LocalReply };

/** How a reply is passed on. */
export type PassedReply =
  | { readonly kind: 'untouched' }
  /** Decode from `coding`, feed `body`, send its output without content coding or length. */
  | {
      readonly kind: 'rewrite';
      readonly headers: HeaderList;
      readonly coding: 'identity' | 'gzip' | 'deflate' | 'br' | 'zstd';
      readonly body: BodyTransform;
      /** Sent while the transform holds events back for long, so that the client keeps waiting; absent when not SSE. */
      readonly keepAlive?: Uint8Array;
    };

/** How an exchange ended. */
export interface Ending {
  readonly status: number;
  readonly responseBytes: number;
  readonly requestBytes: number;
  readonly addedMs: number;
  /** RFC 3339. */
  readonly time: string;
  /** Set when it was cut: `client gone`, `upstream reset` … */
  readonly action?: ExchangeAction;
  readonly reason?: string;
}

/**
 * Inspection of one exchange. Call order: plan → (head) → body… → (questions → answered)… → body's end → verdict →
 * decision → reply → outcome.
 */
export interface Exchange {
  readonly id: string;
  readonly plan: Plan;
  /** The request body's transform; for `pass` it hands through. */
  readonly body: BodyTransform;
  /**
   * Called when a gathered body outgrows `gatherBytes`: the plan that counts from here on, a reply or a `stream`. The
   * body is then pushed again from its first byte.
   */
  spill(): Plan;
  /**
   * Called once a gathered body has been pushed whole, before its `end()`, and again after each answer: what a detector
   * is to be asked about. None: nothing is left to ask, and the body may end. What is not answered counts as a failure.
   */
  questions(): readonly Question[];
  answered(answers: Answers): void;
  /** The head for a streamed request, before its body is known. */
  head(): OutgoingHead;
  /** The request's trailers as they may leave, once `body` has ended; undefined: none may, and the verdict is a reply. */
  trailers(received: HeaderList): HeaderList | undefined;
  /** The verdict, once `body` has ended or stopped (or `plan` is a reply). */
  verdict(): Verdict;
  /** The entry to be made durable before the first byte of the reply. `requestBytes`: as received so far. */
  decision(requestBytes: number): DecisionEntry;
  reply(head: ReplyHead): ReplyPlan;
  outcome(ending: Ending): OutcomeEntry;
  /** A reply in the vendor's shape for what is not policy: 502 upstream failed, 503 overload, 400 record failing. */
  failure(status: number, message: string): LocalReply;
}

/** Begins exchanges under one configuration; replaced as a whole on reload. */
export interface Inspector {
  route(host: string, port: number): Route;
  begin(head: RequestHead, peer: Peer, context: { readonly id: string; readonly nowMs: number }): Exchange;
  /** The entry for a tunnel or a refused CONNECT. */
  connection(
    route: Route,
    port: number,
    peer: Peer,
    context: {
      readonly id: string;
      readonly nowMs: number;
      readonly action: 'tunnel' | 'block' | 'error';
      readonly reason?: string;
    },
  ): DecisionEntry;
}
