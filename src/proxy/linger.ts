/** Work that nobody waits for yet: put off for a moment, so that under load it goes along with work somebody does. */

export interface Linger {
  /** Puts a piece of work off; it is run once, unless it is taken back. */
  add(work: () => void): void;
  /** Takes it back: it is done already. */
  remove(work: () => void): void;
}

/** @param lingerMs how long anything is put off, in milliseconds, at most about twice */
export function createLinger(lingerMs: number): Linger {
  const waiting = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  let isArmed = false;

  function run(): void {
    isArmed = false;
    const due = [...waiting];
    waiting.clear();
    for (const work of due) work();
  }

  return {
    add(work) {
      waiting.add(work);
      if (isArmed) return;
      isArmed = true;
      // One timer for all: making one for each would cost more than what is put off.
      if (timer === undefined) timer = setTimeout(run, lingerMs);
      else timer.refresh();
    },
    remove(work) {
      waiting.delete(work);
    },
  };
}
