/** Notices what has not moved for too long: one clock for all, where a timer for each would cost more than its work. */

/** Looks at all in one idle time: nothing is let go early, and nothing stays more than a fourth longer. */
const looksInTime = 4;

/** One thing that is watched. */
interface Watched {
  /** It moved. */
  readonly moved: () => void;
  /** It is watched no more; safe to call again. */
  readonly end: () => void;
}

/** @param onIdle called once, after about the time that the watch was made for */
export type IdleWatch = (onIdle: () => void) => Watched;

interface Entry {
  readonly onIdle: () => void;
  /** Looks since it last moved. */
  looks: number;
}

/** @param idleMs how long anything may stand still, in milliseconds */
export function createIdleWatch(idleMs: number): IdleWatch {
  const watched = new Set<Entry>();
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    for (const entry of watched) {
      entry.looks += 1;
      // The first look may come at once: one more than fit into the time have to pass.
      if (entry.looks <= looksInTime) continue;
      watched.delete(entry);
      entry.onIdle();
    }
    if (watched.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  return (onIdle) => {
    const entry: Entry = { onIdle, looks: 0 };
    watched.add(entry);
    // What it watches has a socket, which keeps the process: the watch itself does not.
    timer ??= setInterval(look, idleMs / looksInTime).unref();
    return {
      moved: () => {
        entry.looks = 0;
      },
      end: (): void => void watched.delete(entry),
    };
  };
}
