/** Reloads the configuration on SIGHUP and when one of its files changes: as a whole, or not at all. */
import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import { toAppError, type AppError } from '../core/errors.ts';
import type { LoadedConfig } from './load.ts';

/** Editors and orchestrators write in several steps: what comes within so many milliseconds is one change. */
const settleMs = 100;

export interface WatchOptions {
  /** Loads anew; throws when a file is bad. */
  readonly load: () => LoadedConfig;
  /** Takes over the new configuration. What it throws counts as a bad configuration: the old one stays. */
  readonly apply: (loaded: LoadedConfig) => void | Promise<void>;
  /** Told loudly; the old configuration is still in force. */
  readonly onError: (error: AppError) => void;
  /** What counts like the configuration though it stands beside it. */
  readonly beside?: {
    readonly files: readonly string[];
    /** Read anew; throws when it cannot be. */
    readonly content: () => string | undefined;
  };
  /** Files to watch at first; later those that the last good load names. */
  readonly files: readonly string[];
  /** Where SIGHUP arrives; the process, but for tests. */
  readonly signals?: Pick<NodeJS.EventEmitter, 'on' | 'off'>;
}

export interface ConfigWatcher {
  /** Loads and applies now; false when it failed and the old configuration stayed. */
  reload(): Promise<boolean>;
  close(): void;
}

/** What decides whether a reload changes anything. */
function contentOf({ config, layers }: LoadedConfig, beside: string | undefined): string {
  return JSON.stringify([config, layers, beside]);
}

/** Starts watching. */
export function createConfigWatcher(options: WatchOptions): ConfigWatcher {
  const { load, apply, onError, beside, signals = process } = options;
  let watchers: FSWatcher[] = [];
  let timer: NodeJS.Timeout | undefined;
  let inForce: string | undefined;
  let isClosed = false;
  // Reloads are made one after the other: two signals cannot overtake each other.
  let turn: Promise<boolean> = Promise.resolve(true);

  const reloadNow = async (isForced: boolean): Promise<boolean> => {
    try {
      const loaded = load();
      const content = contentOf(loaded, beside?.content());
      if (!isForced && content === inForce) return true;
      await apply(loaded);
      inForce = content;
      if (!isClosed) follow(loaded.files);
      return true;
    } catch (error: unknown) {
      onError(toAppError(error, 'ERR_CONFIG_INVALID', 'the configuration could not be reloaded'));
      return false;
    }
  };
  const queue = (isForced: boolean): Promise<boolean> => {
    turn = turn.then(() => (isClosed ? false : reloadNow(isForced)));
    return turn;
  };
  const onSignal = (): void => {
    // Failures are reported by onError.
    void queue(true);
  };
  const onChange = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      // Failures are reported by onError.
      void queue(false);
    }, settleMs);
    timer.unref();
  };

  /** Watches the folders, not the files: a file that is replaced by another keeps being watched. */
  const follow = (files: readonly string[]): void => {
    for (const watcher of watchers) watcher.close();
    const names = new Map<string, Set<string>>();
    for (const file of [...files, ...(beside?.files ?? [])]) {
      const folder = dirname(file);
      names.set(folder, (names.get(folder) ?? new Set()).add(basename(file)));
    }
    watchers = [];
    for (const [folder, wanted] of names) {
      try {
        const watcher = watch(folder, { persistent: false }, (_, name) => {
          // `..data` is how Kubernetes swaps a mounted configuration.
          if (name === null || wanted.has(name) || name === '..data') onChange();
        });
        watcher.on('error', () => watcher.close());
        watchers.push(watcher);
      } catch {
        // A folder that does not exist yet cannot be watched: SIGHUP still reloads.
        continue;
      }
    }
  };

  signals.on('SIGHUP', onSignal);
  follow(options.files);
  return {
    reload: () => queue(true),
    close() {
      isClosed = true;
      clearTimeout(timer);
      signals.off('SIGHUP', onSignal);
      for (const watcher of watchers) watcher.close();
      watchers = [];
    },
  };
}
