/** Measures one exchange: the bytes of its request, and the time that the proxy itself takes. */
import type { Clock } from '../core/ports.ts';
import type { Measured } from './exchange-record.ts';

export class ExchangeMeter {
  /** Of the reply that the client gets; 0 as long as there is none. */
  status = 0;
  requestBytes = 0;
  private busyMs = 0;
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Counts the time since `startedMs` (of the monotonic clock) as ours. */
  addBusy(startedMs: number): void {
    this.busyMs += this.clock.monotonicMs() - startedMs;
  }

  /** Runs something and counts its time as ours. */
  timed<T>(run: () => T): T {
    const startedMs = this.clock.monotonicMs();
    try {
      return run();
    } finally {
      this.addBusy(startedMs);
    }
  }

  measured(responseBytes: number): Measured {
    return { status: this.status, requestBytes: this.requestBytes, responseBytes, addedMs: this.busyMs };
  }
}
