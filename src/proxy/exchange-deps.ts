/** What every exchange of one proxy shares. */
import type { Peer } from '../inspect/exchange.ts';
import type { UpstreamTarget } from './dialer.ts';
import type { GatherMemory } from './gather-memory.ts';
import type { IdleWatch } from './idle-watch.ts';
import type { Linger } from './linger.ts';
import type { PendingBudget } from './pending-budget.ts';
import type { ProxyDeps, ProxyStats, ProxyTimeouts } from './settings.ts';
import type { Upstream } from './upstream.ts';

export interface ExchangeDeps {
  readonly deps: ProxyDeps;
  readonly timeouts: ProxyTimeouts;
  readonly stats: ProxyStats;
  readonly memory: GatherMemory;
  readonly pending: PendingBudget;
  readonly linger: Linger;
  /** For request bodies that stop coming. */
  readonly bodyWatch: IdleWatch;
  readonly upstream: Upstream;
}

/** Where an exchange's requests go and for whom, fixed by CONNECT (or by an absolute-form target). */
export interface Place {
  readonly peer: Peer;
  readonly target: UpstreamTarget;
  /** The name that inspection judges by: the stricter of the CONNECT host and the TLS name. */
  readonly judgedHost: string;
}
