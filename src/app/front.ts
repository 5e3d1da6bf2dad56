/** What accepts connections, in this process or in several: as the service sees it. */
import type { HostPort } from '../proxy/connect-target.ts';
import type { Proxy } from '../proxy/proxy.ts';

export interface Front {
  /** Starts listening; port 0 takes any. @throws AppError as `Proxy.listen` does */
  listen(place: HostPort): Promise<HostPort>;
  readonly activeExchanges: number;
  /** Takes nothing new, lets what runs end until the deadline, then cuts. */
  drain(deadlineMs: number): Promise<void>;
  /** Cuts everything at once. */
  close(): Promise<void>;
  /** The engines are others now. This and what follows settle once it counts in every process. */
  enginesChanged(): Promise<void>;
  runAdded(id: string): Promise<void>;
  runEnded(id: string): Promise<void>;
  /** Who may use the proxy is another list now. */
  usersChanged(): Promise<void>;
  /** The listeners of this proxy are known better. */
  ownChanged(): Promise<void>;
}

/** The front of one process: what changes is shared with it, and counts at once. */
export function createLocalFront(proxy: Proxy): Front {
  const atOnce = (): Promise<void> => Promise.resolve();
  return {
    listen: (place) => proxy.listen(place),
    get activeExchanges() {
      return proxy.stats.activeExchanges;
    },
    drain: async (deadlineMs) => void (await proxy.drain(deadlineMs)),
    close: () => proxy.close(),
    enginesChanged: atOnce,
    runAdded: atOnce,
    runEnded: atOnce,
    usersChanged: atOnce,
    ownChanged: atOnce,
  };
}
