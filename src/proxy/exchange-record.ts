/** The two entries an exchange leaves, and what happens when they cannot be made durable. */
import type { Exchange } from '../inspect/exchange.ts';
import { describeError } from './failure-text.ts';
import type { ProxyDeps, ProxyStats } from './settings.ts';

/** How an exchange went, as far as the proxy measures it. */
export interface Measured {
  readonly status: number;
  readonly responseBytes: number;
  readonly requestBytes: number;
  readonly addedMs: number;
}

type Parts = Pick<ProxyDeps, 'recorder' | 'clock' | 'logger' | 'settings'>;

/** Writes each entry once. Both return whether the exchange may go on. */
export class ExchangeRecord {
  private decided: Promise<boolean> | undefined;
  private isOver = false;
  private readonly parts: Parts;
  private readonly stats: ProxyStats;
  private readonly exchange: Exchange;

  constructor(parts: Parts, stats: ProxyStats, exchange: Exchange) {
    this.parts = parts;
    this.stats = stats;
    this.exchange = exchange;
  }

  get hasDecided(): boolean {
    return this.decided !== undefined;
  }

  /** Starts (or joins) writing the decision; true when it is durable, or may be missing by configuration. */
  decide(requestBytes: number): Promise<boolean> {
    this.decided ??= this.settle('decision', () => this.parts.recorder.decision(this.exchange.decision(requestBytes)));
    return this.decided;
  }

  /** Writes the outcome after the decision. */
  async finish(measured: Measured, cut?: string): Promise<boolean> {
    if (this.isOver) return true;
    this.isOver = true;
    await this.decide(measured.requestBytes);
    const time = new Date(this.parts.clock.nowMs()).toISOString();
    const ending =
      cut === undefined ? { ...measured, time } : { ...measured, time, action: 'error' as const, reason: cut };
    return this.settle('outcome', () => this.parts.recorder.outcome(this.exchange.outcome(ending)));
  }

  private async settle(entry: string, write: () => Promise<void>): Promise<boolean> {
    try {
      await write();
      return true;
    } catch (error: unknown) {
      const mayGoOn = this.parts.settings().onAuditFailure === 'forward';
      if (mayGoOn) this.stats.auditLost += 1;
      this.parts.logger.error(
        { id: this.exchange.id, entry, mayGoOn, ...describeError(error) },
        'an entry was not recorded',
      );
      return mayGoOn;
    }
  }
}
