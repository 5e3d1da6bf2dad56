/** Processes that never were: what the primary tells them is kept, what they say is said by the test. */
import type { Forked } from '../../src/app/cluster-worker.ts';
import type { FromWorker, ToWorker } from '../../src/app/worker-messages.ts';

export interface FakeWorker extends Forked {
  readonly told: ToWorker[];
  readonly isKilled: boolean;
  say(message: FromWorker): void;
  /** Its process ends. */
  die(how: number | string): void;
}

/** Makes one; a kill ends it at once. */
export function fakeWorker(pid: number): FakeWorker {
  const told: ToWorker[] = [];
  let say: (message: FromWorker) => void = () => undefined;
  let exit: (code: number | null, signal: string | null) => void = () => undefined;
  let isKilled = false;
  const die = (how: number | string): void => {
    if (typeof how === 'number') exit(how, null);
    else exit(null, how);
  };
  return {
    pid,
    told,
    get isKilled() {
      return isKilled;
    },
    send: (message) => void told.push(message),
    onMessage: (listener) => {
      say = listener;
    },
    onExit: (listener) => {
      exit = listener;
    },
    kill() {
      isKilled = true;
      die('SIGKILL');
    },
    say: (message) => say(message),
    die,
  };
}
