/** Passes one upstream reply to the client, untouched or rewritten, never faster than the client takes it. */
import type { Duplex } from 'node:stream';
import { headerValue, withoutHeaders, type HeaderList, type ReplyHead } from '../core/http.ts';
import type { BodyTransform, Step } from '../core/transform.ts';
import type { PassedReply } from '../inspect/exchange.ts';
import { isBodilessReply, type ClientSide } from './client-side.ts';
import { decoderFor } from './coding-streams.ts';
import { endToEnd, namedByConnection, trailing } from './headers.ts';
import type { PendingShare } from './pending-budget.ts';

export interface ReplyRelayOptions {
  readonly client: ClientSide;
  readonly head: ReplyHead;
  readonly plan: PassedReply;
  /** Says when too much waits for this client, and the upstream is paused. */
  readonly pending: PendingShare;
  readonly resumeUpstream: () => void;
  readonly keepAliveMs: number;
  /** Everything but what `complete` writes has been written. */
  readonly onReady: (trailers: HeaderList) => void;
  /** It cannot be completed: broken coding, a transform that stopped or threw. */
  readonly onBroken: (reason: string) => void;
}

/** `alt-svc` would lead the client around the proxy. */
const notForwarded: ReadonlySet<string> = new Set(['alt-svc']);
const bodyFraming: ReadonlySet<string> = new Set(['alt-svc', 'content-length', 'content-encoding']);
const noLength: ReadonlySet<string> = new Set(['alt-svc', 'content-length']);
const noTrailer: ReadonlySet<string> = new Set(['alt-svc', 'trailer']);

export class ReplyRelay {
  /** Body bytes written to the client. */
  sentBytes = 0;
  private readonly options: ReplyRelayOptions;
  private readonly isBodiless: boolean;
  private readonly transform: BodyTransform | undefined;
  private decoder: Duplex | undefined;
  /** The declared length of an untouched body: the chunk that completes it waits for the outcome. */
  private declared: number | undefined;
  private withheld: Uint8Array | undefined;
  private keepAliveTimer: NodeJS.Timeout | undefined;
  private isHolding = false;
  private isPaused = false;
  private isDone = false;

  constructor(options: ReplyRelayOptions) {
    const { client, head, plan } = options;
    this.options = options;
    this.isBodiless = isBodilessReply(client.method, head.status);
    this.transform = plan.kind === 'rewrite' && !this.isBodiless ? plan.body : undefined;
  }

  /** Sends the head. @throws when it cannot be written, or its coding cannot be read here */
  start(): void {
    const { client, head, plan, keepAliveMs } = this.options;
    const named = namedByConnection(head.headers);
    if (plan.kind === 'untouched' || this.isBodiless) {
      const length = headerValue(head.headers, 'content-length');
      const drops = head.status === 204 ? noLength : length === undefined ? notForwarded : noTrailer;
      if (length !== undefined && !this.isBodiless) this.declared = Number(length);
      client.start(head.status, withoutHeaders(endToEnd(head.headers, named), drops), this.isBodiless);
      return;
    }
    if (plan.coding === 'zstd') throw new TypeError('the reply is coded in zstd, which was not asked for');
    this.decoder = decoderFor(plan.coding);
    this.decoder?.on('data', (chunk: Buffer) => this.rewrite(chunk));
    this.decoder?.on('drain', () => this.resumeIfRoom());
    this.decoder?.on('end', () => this.flush());
    this.decoder?.on('error', () => this.fail('its content coding is broken'));
    client.start(head.status, withoutHeaders(endToEnd(plan.headers, named), bodyFraming), false);
    const { keepAlive } = plan;
    if (keepAlive === undefined) return;
    this.keepAliveTimer = setTimeout(() => {
      if (this.isDone) return;
      if (this.isHolding) this.send(keepAlive);
      this.keepAliveTimer?.refresh();
    }, keepAliveMs);
  }

  /** Takes bytes of the upstream; false pauses it until `resumeUpstream`. */
  data(chunk: Uint8Array): boolean {
    if (this.isDone || this.isBodiless) return true;
    if (this.decoder !== undefined) {
      if (this.decoder.write(chunk) && !this.isOverfull) return true;
      this.isPaused = true;
      return false;
    }
    if (this.transform !== undefined) this.rewrite(chunk);
    else this.pass(chunk);
    if (!this.isOverfull) return true;
    this.isPaused = true;
    this.options.client.onceDrained(() => this.resumeIfRoom());
    return false;
  }

  private trailers: HeaderList = [];

  /** The upstream's reply has ended. */
  end(trailers: HeaderList): void {
    if (this.isDone) return;
    const named = namedByConnection(this.options.head.headers);
    this.trailers = withoutHeaders(trailing(trailers, named), notForwarded);
    if (this.decoder !== undefined) this.decoder.end();
    else this.flush();
  }

  /** Writes what was kept back and ends the reply. */
  complete(): void {
    const { client } = this.options;
    if (this.withheld !== undefined) this.send(this.withheld);
    client.end(this.trailers);
  }

  /** Nothing more is written. */
  stop(): void {
    this.isDone = true;
    this.options.pending.release();
    clearTimeout(this.keepAliveTimer);
    this.decoder?.destroy();
  }

  private get isOverfull(): boolean {
    return this.options.pending.isOver(this.options.client.pendingBytes);
  }

  private resumeIfRoom(): void {
    if (this.isDone) return;
    this.decoder?.resume();
    if (!this.isPaused) return;
    this.isPaused = false;
    this.options.pending.isOver(this.options.client.pendingBytes);
    this.options.resumeUpstream();
  }

  private pass(chunk: Uint8Array): void {
    const isLast = this.declared !== undefined && this.sentBytes + chunk.length >= this.declared;
    if (isLast) this.withheld = chunk;
    else this.send(chunk);
  }

  private rewrite(chunk: Uint8Array): void {
    const { transform } = this;
    if (transform === undefined || this.isDone) return;
    this.isHolding = true;
    this.take(() => transform.push(chunk));
    if (this.decoder === undefined || !this.isOverfull) return;
    this.decoder.pause();
    this.options.client.onceDrained(() => this.resumeIfRoom());
  }

  private flush(): void {
    const { transform } = this;
    if (this.isDone) return;
    if (transform !== undefined && !this.take(() => transform.end())) return;
    this.stop();
    this.options.onReady(this.trailers);
  }

  /** Runs a step of the transform and sends what it releases; false when it stopped. */
  private take(run: () => Step): boolean {
    let step: Step;
    try {
      step = run();
    } catch {
      // SECURITY: the transform's state is unknown: nothing more of this reply may pass. Guarded by
      // exchange.test.ts, "cuts a reply whose transform throws".
      this.fail('its inspection failed');
      return false;
    }
    for (const chunk of step.output) if (chunk.length > 0) this.send(chunk);
    if (step.stop === undefined) return true;
    this.fail(step.stop.reason);
    return false;
  }

  private send(chunk: Uint8Array): void {
    this.isHolding = false;
    this.keepAliveTimer?.refresh();
    this.sentBytes += chunk.length;
    this.options.client.write(chunk);
  }

  private fail(reason: string): void {
    if (this.isDone) return;
    this.stop();
    this.options.onBroken(reason);
  }
}
