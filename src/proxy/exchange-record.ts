/** The two entries an exchange leaves, and what happens when they cannot be made durable. */
import type { Exchange } from '../inspect/exchange.ts';
import { describeError } from './failure-text.ts';
import type { Linger } from './linger.ts';
import type { ProxyDeps, ProxyStats } from './settings.ts';

/** How an exchange went, as far as the proxy measures it. */
export interface Measured {
  readonly status: number;
  readonly responseBytes: number;
  readonly requestBytes: number;
  readonly addedMs: number;
}

type Parts = Pick<ProxyDeps, 'recorder' | 'clock' | 'logger' | 'settings'>;

/** Writes each entry once. `decide` and `finish` return whether the exchange may go on. */
export class ExchangeRecord {
  /** Whether the decision is durable, or may be missing by configuration: no need to wait for it any more. */
  isDecided = false;
  private decided: Promise<boolean> | undefined;
  private putOff: (() => void) | undefined;
  private isOver = false;
  private readonly parts: Parts;
  private readonly stats: ProxyStats;
  private readonly linger: Linger;
  private readonly exchange: Exchange;

  constructor(parts: Parts, stats: ProxyStats, linger: Linger, exchange: Exchange) {
    this.parts = parts;
    this.stats = stats;
    this.linger = linger;
    this.exchange = exchange;
  }

  /**
   * Writes the decision in the vendor's time: where the exchange is alone right behind its request, among others with
   * theirs. Not before: a connection that was idle is written to in this turn's immediates, and the request would wait
   * for the entry to be made (some 0.1 ms, measured).
   */
  decideSoon(requestBytes: number): void {
    if (this.decided !== undefined || this.putOff !== undefined) return;
    const decide = (): void => {
      if (this.putOff === decide) void this.decide(requestBytes);
    };
    this.putOff = decide;
    if (this.stats.activeExchanges < 2) setImmediate(decide);
    else this.linger.add(decide);
  }

  /** Starts (or joins) writing the decision; true when it is durable, or may be missing by configuration. */
  decide(requestBytes: number): Promise<boolean> {
    if (this.putOff !== undefined) this.linger.remove(this.putOff);
    this.putOff = undefined;
    this.decided ??= this.writeDecision(requestBytes);
    return this.decided;
  }

  /** Writes the outcome behind the decision, in one batch with it where that still waits. */
  finish(measured: Measured, cut?: string): Promise<boolean> {
    if (this.isOver) return Promise.resolve(true);
    this.isOver = true;
    const decided = this.decide(measured.requestBytes);
    const time = new Date(this.parts.clock.nowMs()).toISOString();
    const ending =
      cut === undefined ? { ...measured, time } : { ...measured, time, action: 'error' as const, reason: cut };
    return this.writeOutcome(decided, ending);
  }

  private async writeDecision(requestBytes: number): Promise<boolean> {
    try {
      await this.parts.recorder.decision(this.exchange.decision(requestBytes));
      this.isDecided = true;
    } catch (error: unknown) {
      this.isDecided = this.mayGoOnWithout('decision', error);
    }
    return this.isDecided;
  }

  /** The record keeps the order: an outcome is never durable before its decision. */
  private async writeOutcome(decided: Promise<boolean>, ending: Parameters<Exchange['outcome']>[0]): Promise<boolean> {
    let mayGoOn = true;
    try {
      await this.parts.recorder.outcome(this.exchange.outcome(ending));
    } catch (error: unknown) {
      mayGoOn = this.mayGoOnWithout('outcome', error);
    }
    return (await decided) && mayGoOn;
  }

  private mayGoOnWithout(entry: string, error: unknown): boolean {
    const mayGoOn = this.parts.settings().onAuditFailure === 'forward';
    if (mayGoOn) this.stats.auditLost += 1;
    this.parts.logger.error(
      { id: this.exchange.id, entry, mayGoOn, ...describeError(error) },
      'an entry was not recorded',
    );
    return mayGoOn;
  }
}
