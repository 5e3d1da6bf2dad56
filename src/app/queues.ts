/** Dear work done one piece at a time, fairly: each who asks has a short queue, and they take turns. */

type Work = () => Promise<void>;

export interface Queues {
  /** Does the work when its turn comes; undefined when too much waits for the same one already. */
  run<T>(whose: string, work: () => Promise<T>): Promise<T> | undefined;
}

/** @param waitingAtMost pieces of one queue that wait, beside the one under way */
export function createQueues(waitingAtMost: number): Queues {
  /** In the order of their turns: whose turn it was goes to the end. */
  const queues = new Map<string, Work[]>();
  let isBusy = false;

  function next(): void {
    const [first] = queues;
    if (first === undefined) {
      isBusy = false;
      return;
    }
    isBusy = true;
    const [whose, waiting] = first;
    const work = waiting.shift();
    queues.delete(whose);
    if (waiting.length > 0) queues.set(whose, waiting);
    if (work === undefined) next();
    // Voided: it never rejects, the one who asked is told.
    else void work().then(next);
  }

  return {
    run<T>(whose: string, work: () => Promise<T>): Promise<T> | undefined {
      const waiting = queues.get(whose) ?? [];
      if (waiting.length >= waitingAtMost) return undefined;
      const done = new Promise<T>((resolve, reject) => {
        waiting.push(() => work().then(resolve, reject));
      });
      queues.set(whose, waiting);
      if (!isBusy) next();
      return done;
    },
  };
}
