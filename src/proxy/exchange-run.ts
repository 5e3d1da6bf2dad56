/** Drives one exchange: request in, verdict, request out, reply back, and an entry in the record for each half. */
import type { Readable } from 'node:stream';
import { withoutHeaders, type HeaderList, type LocalReply, type ReplyHead } from '../core/http.ts';
import type { BodyTransform } from '../core/transform.ts';
import type { Exchange, OutgoingHead } from '../inspect/exchange.ts';
import { declaredLength } from '../inspect/unary.ts';
import { bodyOf } from './body-blocks.ts';
import { BodyTooLarge, limitBody } from './body-limit.ts';
import type { ClientSide } from './client-side.ts';
import type { StreamCoding } from './coding-streams.ts';
import { consult, type Consultation } from './consult.ts';
import { drainBody } from './drain.ts';
import { EarlyReply } from './early-reply.ts';
import type { ExchangeDeps, Place } from './exchange-deps.ts';
import { ExchangeMeter } from './exchange-meter.ts';
import { ExchangeRecord, type Measured } from './exchange-record.ts';
import { describeError, upstreamReason } from './failure-text.ts';
import type { Lease } from './gather-memory.ts';
import { endToEnd, namedByConnection, trailing } from './headers.ts';
import { sendLocal } from './local-reply.ts';
import { outgoingHeaders } from './outgoing-headers.ts';
import { blockBytesAmong } from './outlet.ts';
import { ReplyRelay } from './reply-relay.ts';
import { gatherBody, type Gathered } from './request-gather.ts';
import { streamRequest, type RequestStream } from './request-stream.ts';
import { drainBytes } from './settings.ts';
import { InspectionStop } from './transform-stage.ts';
import type { UpstreamFlow, UpstreamListener } from './upstream-call.ts';

/** A body that is only passed on is held whole below this: one buffer is cheaper than a stream. */
const smallBytes = 65_536;

/** No part of a 1xx head: a body's framing, and what would lead the client around the proxy. */
const notInformed: ReadonlySet<string> = new Set(['alt-svc', 'content-length', 'trailer']);
/** Heads of 1xx that a client is told of: they are written whether it reads or not. */
const infosAtMost = 16;

export class ExchangeRun implements UpstreamListener {
  private readonly shared: ExchangeDeps;
  private readonly place: Place;
  private readonly client: ClientSide;
  private readonly exchange: Exchange;
  private readonly record: ExchangeRecord;
  private readonly meter: ExchangeMeter;
  private readonly declared: number | undefined;
  private lease: Lease | undefined;
  private consultation: Consultation | undefined;
  private upload: RequestStream | undefined;
  private flow: UpstreamFlow | undefined;
  private relay: ReplyRelay | undefined;
  private early: EarlyReply | undefined;
  private infos = 0;
  private isOver = false;
  private isAnswering = false;
  private readonly onOver: () => void;

  constructor(shared: ExchangeDeps, place: Place, client: ClientSide, onOver: () => void) {
    const { deps, stats } = shared;
    this.shared = shared;
    this.place = place;
    this.client = client;
    this.onOver = onOver;
    this.declared = declaredLength(client.headers);
    this.meter = new ExchangeMeter(deps.clock);
    const startedMs = deps.clock.monotonicMs();
    const { method, scheme, target, protocol, headers } = client;
    const head = { method, scheme, host: place.judgedHost, port: place.target.port, target, protocol, headers };
    const context = { id: deps.clock.newId(), nowMs: deps.clock.nowMs() };
    this.exchange = deps.inspectorFor(place.peer).begin(head, place.peer, context);
    this.record = new ExchangeRecord(deps, stats, shared.linger, this.exchange);
    this.meter.addBusy(startedMs);
  }

  /** Runs until the reply has ended; never rejects. */
  async run(): Promise<void> {
    this.client.onGone(() => this.clientGone());
    try {
      await this.begin();
    } catch (error: unknown) {
      this.crash(error);
    }
  }

  private async begin(): Promise<void> {
    const { deps, stats } = this.shared;
    const settings = deps.settings();
    if (!deps.recorder.isHealthy && settings.onAuditFailure === 'block') return this.failRecord();
    if (stats.activeExchanges > settings.streams) return this.fail(503, 'too many requests at one time', 'overload');
    const { plan } = this.exchange;
    if (plan.kind === 'reply') return this.answer(plan.reply);
    const isSmall = plan.mode === 'pass' && this.declared !== undefined && this.declared <= smallBytes;
    if (!this.client.hasBody) this.sendEmpty();
    else if (plan.mode === 'gather') await this.gather(settings.gatherBytes);
    else if (isSmall) await this.gather(smallBytes);
    else this.stream([], plan.mode, plan.coding);
  }

  private sendEmpty(): void {
    // A body that never comes is ended all the same: Node tells a request's end only to who reads it.
    this.client.body.resume();
    const step = this.meter.timed(() => this.exchange.body.end());
    this.sendWhole({ kind: 'whole', output: [...step.output] });
  }

  private async gather(maxBytes: number): Promise<void> {
    const { memory, deps, bodyWatch } = this.shared;
    this.lease = memory.lease();
    const gathered = await gatherBody({
      body: this.client.body,
      transform: this.exchange.body,
      lease: this.lease,
      maxBytes,
      declared: this.declared,
      watch: bodyWatch,
      onBytes: (count) => this.countRequest(count),
      onBusy: (startedMs) => this.meter.addBusy(startedMs),
      nowMs: () => deps.clock.monotonicMs(),
      beforeEnd: () => this.consult(),
    });
    if (this.isOver) return;
    switch (gathered.kind) {
      case 'whole':
      case 'stopped':
        return this.sendWhole(gathered);
      case 'no-room':
        return this.fail(503, 'too many large requests at one time: try again', 'no room to gather');
      case 'slow':
        return this.fail(
          408,
          'the request came too slowly while others waited for its room',
          'request came too slowly',
        );
      case 'idle':
        return this.fail(408, 'the request stopped coming', 'request stopped coming');
      case 'spilled': {
        const plan = this.exchange.spill();
        this.lease.release();
        if (plan.kind === 'reply') return this.answer(plan.reply);
        return this.stream(gathered.held, plan.mode, plan.coding);
      }
    }
  }

  /** Shows a whole body to a detector; undefined when there is nothing to ask. The wait counts as ours. */
  private consult(): Promise<boolean> | undefined {
    const { deps } = this.shared;
    const startedMs = deps.clock.monotonicMs();
    this.consultation = consult(this.exchange, deps.detector?.());
    if (this.consultation === undefined) {
      this.meter.addBusy(startedMs);
      return undefined;
    }
    return this.consultation.done.finally(() => this.meter.addBusy(startedMs));
  }

  /** Sends a request whose body is known, if the verdict says so. */
  private sendWhole(gathered: Extract<Gathered, { kind: 'whole' | 'stopped' }>): void {
    const verdict = this.exchange.verdict();
    if (verdict.kind === 'reply') {
      void this.answer(verdict.reply);
      return;
    }
    if (gathered.kind === 'stopped') throw new TypeError('a stopped body has a verdict to forward');
    const { output } = gathered;
    const contentLength = output.reduce((sum, chunk) => sum + chunk.length, 0);
    this.send(verdict.head, contentLength === 0 ? {} : { body: bodyOf(output, contentLength), contentLength });
    // The wait for the record hides behind the vendor's own.
    this.record.decideSoon(this.meter.requestBytes);
  }

  private stream(held: readonly Uint8Array[], mode: 'gather' | 'stream' | 'pass', coding: StreamCoding): void {
    const { bodyWatch, deps, stats } = this.shared;
    const limits = deps.settings();
    const transform: BodyTransform | undefined =
      mode === 'pass' ? undefined : limitBody(this.exchange.body, limits, () => this.meter.requestBytes);
    this.upload = streamRequest({
      source: this.client.body,
      held,
      transform,
      coding,
      watch: bodyWatch,
      blockBytes: () => blockBytesAmong(stats.activeExchanges),
      onBytes: (count) => this.countRequest(count),
      onBusy: (run) => this.meter.timed(run),
      onSettled: (error) => {
        try {
          this.uploadSettled(error);
        } catch (failure: unknown) {
          this.crash(failure);
        }
      },
    });
    const isExact = mode === 'pass' && this.declared !== undefined;
    this.send(this.exchange.head(), {
      body: this.upload.output,
      ...(isExact ? { contentLength: this.declared ?? 0 } : {}),
    });
  }

  private uploadSettled(error: Error | undefined): void {
    if (this.isOver) return;
    if (error === undefined) {
      this.record.decideSoon(this.meter.requestBytes);
      return;
    }
    this.flow?.abort();
    if (error instanceof BodyTooLarge) {
      this.fail(400, error.message, error.message);
      return;
    }
    if (!(error instanceof InspectionStop)) {
      this.fail(400, 'the request body could not be read to its end', 'unreadable body');
      return;
    }
    const verdict = this.exchange.verdict();
    if (verdict.kind === 'forward') throw new TypeError('a stopped body has a verdict to forward');
    if (this.client.isStarted) this.cut(error.stop.reason);
    else void this.answer(verdict.reply);
  }

  private send(head: OutgoingHead, framed: { body?: Uint8Array | Readable; contentLength?: number }): void {
    if (this.isOver) return;
    const { client, place } = this;
    const { headers, mayTrail, named } = outgoingHeaders(client, head.headers, this.declared);
    this.flow = this.shared.upstream.send(
      {
        target: place.target,
        protocol: client.protocol,
        method: client.method,
        path: head.target,
        headers,
        ...framed,
        ...(mayTrail ? { trailers: () => this.outgoingTrailers(named) } : {}),
      },
      this,
    );
  }

  /** What goes out behind the body; where nothing may, the request ends here. */
  private outgoingTrailers(named: ReadonlySet<string>): HeaderList {
    const trailers = this.exchange.trailers(trailing(this.client.trailers(), named));
    if (trailers !== undefined) return trailers;
    const verdict = this.exchange.verdict();
    if (verdict.kind === 'forward') throw new TypeError('stopped trailers have a verdict to forward');
    this.flow?.abort();
    if (this.client.isStarted) this.cut('a finding in the trailers');
    else void this.answer(verdict.reply);
    return [];
  }

  onInfo({ status, headers }: ReplyHead): void {
    if (this.isOver || this.infos >= infosAtMost) return;
    this.infos += 1;
    try {
      this.client.inform(status, withoutHeaders(endToEnd(headers, namedByConnection(headers)), notInformed));
    } catch (error: unknown) {
      // A hint that cannot be written is no reason to lose the reply.
      this.shared.deps.logger.debug({ id: this.exchange.id, ...describeError(error) }, 'a 1xx head was dropped');
    }
  }

  onHead(head: ReplyHead): boolean {
    this.lease?.release();
    const early = new EarlyReply(head);
    this.early = early;
    // After what came with the head: a small reply that is whole by then needs the record once, not twice.
    queueMicrotask(() => {
      this.relayReply(early).catch((error: unknown) => this.crash(error));
    });
    return true;
  }

  onData(chunk: Uint8Array): boolean {
    if (this.relay !== undefined) return this.relay.data(chunk);
    return this.early?.add(chunk) ?? true;
  }

  onEnd(trailers: HeaderList): void {
    if (this.relay !== undefined) this.relay.end(trailers);
    else if (this.early !== undefined) this.early.trailers = trailers;
  }

  onError(error: unknown): void {
    if (this.isOver) return;
    const { stats, deps } = this.shared;
    stats.upstreamErrors += 1;
    deps.logger.debug({ id: this.exchange.id, ...describeError(error) }, 'the upstream failed');
    const reason = upstreamReason(error);
    this.fail(502, `${this.place.target.host} cannot be reached: ${reason}`, `upstream failed: ${reason}`);
  }

  private async relayReply(early: EarlyReply): Promise<void> {
    if (this.isOver) return;
    const { head } = early;
    if (head.status < 200 || head.status > 599) {
      return this.fail(502, 'the reply has no valid status', 'upstream failed: invalid status');
    }
    // SECURITY: no byte of the reply before the decision is durable. Guarded by exchange.test.ts, "waits for the
    // record before the first byte of the reply".
    const plan = this.exchange.reply(head);
    if (plan.kind === 'reply') return this.answer(plan.reply);
    this.meter.status = head.status;
    const isWhole = early.trailers !== undefined && plan.kind === 'untouched';
    if (isWhole || !this.record.isDecided) {
      const mayGoOn = await (isWhole
        ? this.record.finish({ ...this.measured(), responseBytes: early.bytes })
        : this.record.decide(this.meter.requestBytes));
      // A refusal that began meanwhile has the word.
      if (this.isOver || this.isAnswering) return;
      if (!mayGoOn) return this.failRecord();
    }
    const { pending, timeouts } = this.shared;
    this.early = undefined;
    this.relay = new ReplyRelay({
      client: this.client,
      head,
      plan,
      pending: pending.share(),
      resumeUpstream: () => this.flow?.resume(),
      keepAliveMs: timeouts.keepAlive,
      onReady: () => void this.finish(),
      onBroken: (reason) => this.cut(reason),
    });
    this.relay.start();
    let hasRoom = true;
    for (const chunk of early.chunks) hasRoom = this.relay.data(chunk);
    if (early.trailers !== undefined) this.relay.end(early.trailers);
    else if (hasRoom) this.flow?.resume();
  }

  /** The outcome becomes durable before the last byte leaves. */
  private async finish(): Promise<void> {
    const mayGoOn = await this.record.finish(this.measured());
    if (this.isOver) return;
    if (mayGoOn) this.relay?.complete();
    else this.client.cut();
    this.over();
  }

  /** Answers in place of the upstream, once the client can read it. */
  private async answer(reply: LocalReply, cutReason?: string): Promise<void> {
    const { client } = this;
    if (this.isAnswering || this.isOver) return;
    this.isAnswering = true;
    this.shared.stats.refused += 1;
    this.stopSending();
    try {
      const isWhole =
        !client.hasBody ||
        (await drainBody(client.body, drainBytes, this.shared.timeouts.drain, (count) => this.countRequest(count)));
      if (this.isOver) return;
      if (!isWhole) client.closeAfter();
      this.meter.status = reply.status;
      const mayGoOn = await this.record.finish({ ...this.measured(), responseBytes: reply.body.length }, cutReason);
      if (this.isOver) return;
      sendLocal(client, mayGoOn ? reply : this.recordFailure());
    } catch (error: unknown) {
      this.shared.deps.logger.error({ id: this.exchange.id, ...describeError(error) }, 'a reply could not be sent');
      client.cut();
    }
    this.over();
  }

  private recordFailure(): LocalReply {
    return this.exchange.failure(400, 'the record cannot be written, so nothing may pass (see `sluice doctor`)');
  }

  private failRecord(): void {
    void this.answer(this.recordFailure(), 'the record cannot be written');
  }

  private fail(status: number, message: string, reason: string): void {
    if (this.isOver) return;
    if (this.client.isStarted) this.cut(reason);
    else void this.answer(this.exchange.failure(status, message), reason);
  }

  private cut(reason: string): void {
    if (this.isOver) return;
    this.stopSending();
    this.client.cut();
    this.over();
    void this.record.finish(this.measured(), reason);
  }

  private clientGone(): void {
    if (this.isOver) return;
    this.stopSending();
    this.over();
    void this.record.finish(this.measured(), 'client gone');
  }

  /** A defect: closed, never passed. */
  private crash(error: unknown): void {
    this.shared.deps.logger.error({ id: this.exchange.id, ...describeError(error) }, 'an exchange failed');
    this.fail(500, 'internal error', 'internal error');
  }

  private stopSending(): void {
    this.flow?.abort();
    this.consultation?.cancel();
    this.upload?.stop();
    this.relay?.stop();
    this.lease?.release();
  }

  private over(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.lease?.release();
    this.upload?.stop();
    this.onOver();
  }

  private measured(): Measured {
    return this.meter.measured(this.relay?.sentBytes ?? 0);
  }

  private countRequest(count: number): void {
    this.meter.requestBytes += count;
  }
}
