/** Several processes behind one listener: how they are started, kept alike, replaced and ended. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClusterFront } from '../../../src/app/cluster-front.ts';
import type { WorkerSetup } from '../../../src/app/worker-messages.ts';
import { fakeWorker, type FakeWorker } from '../../helpers/fake-workers.ts';
import { fakeRecorder } from '../../helpers/proxy-rig.ts';

const asked = { host: '127.0.0.1', port: 0 };
const bound = { host: '127.0.0.1', port: 4711 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Setup = Omit<WorkerSetup, 'listen'>;

/** Only identity counts here: what it holds is tested with the real processes. */
const setupOf = (): Setup => {
  const source: Setup['sources']['base'] = JSON.parse('{}');
  const authority: Setup['authority'] = JSON.parse('{}');
  const run = { id: 'r1', cwd: '/', pid: 1, startedMs: 0, hash: '00' };
  return {
    installationKey: new Uint8Array(32),
    sources: { base: source, runs: new Map([['r1', source]]) },
    users: undefined,
    runs: [run],
    authority,
    env: {},
    own: [bound],
    isRecordHealthy: true,
  };
};

function frontOf(workers: number) {
  const forked: FakeWorker[] = [];
  const logged: { readonly level: string; readonly message: string }[] = [];
  const at = (level: string) => (_fields: object, message: string) => void logged.push({ level, message });
  const recorder = fakeRecorder();
  const questions: string[] = [];
  const front = createClusterFront({
    workers,
    fork: () => {
      const worker = fakeWorker(100 + forked.length);
      forked.push(worker);
      return worker;
    },
    setup: setupOf,
    recorder,
    onAsked: (result, seconds) => void questions.push(`${result} ${String(seconds)}`),
    logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    clock: { monotonicMs: () => performance.now(), nowMs: () => Date.now() },
  });
  /** What a worker says until it listens. */
  const come = (worker: FakeWorker | undefined, place = bound): void => {
    worker?.say({ type: 'hello' });
    worker?.say({ type: 'listening', at: place });
  };
  return { front, forked, logged, recorder, questions, come };
}

/** Two that listen. */
async function running() {
  const made = frontOf(2);
  const listening = made.front.listen(asked);
  for (const worker of made.forked) made.come(worker);
  expect(await listening).toEqual(bound);
  return made;
}

/** Whether a promise has settled by now. */
async function hasSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  const settled = promise.then(() => undefined);
  // Longer than any chain of microtasks in here.
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  return (await Promise.race([settled, Promise.resolve(pending)])) !== pending;
}

const placeTold = (worker: FakeWorker | undefined) =>
  worker?.told.flatMap((message) => (message.type === 'setup' ? [message.setup.listen] : []));

describe('the start', () => {
  it('is done when every worker listens', async () => {
    const { front, forked, come } = frontOf(3);
    const listening = front.listen(asked);
    come(forked[0]);
    come(forked[1]);
    expect(await hasSettled(listening)).toBe(false);

    come(forked[2]);

    expect(await listening).toEqual(bound);
    expect(forked).toHaveLength(3);
    expect(placeTold(forked[2])).toEqual([asked]);
  });

  it('fails with what a worker says, and with its end when it says nothing', async () => {
    const refused = frontOf(2);
    const first = refused.front.listen(asked);
    refused.forked[1]?.say({
      type: 'failed',
      code: 'ERR_PORT_IN_USE',
      message: 'it is in use',
      hint: 'choose another',
    });
    await expect(first).rejects.toMatchObject({
      code: 'ERR_PORT_IN_USE',
      message: 'it is in use',
      hint: 'choose another',
    });

    const dead = frontOf(1);
    const second = dead.front.listen(asked);
    dead.forked[0]?.die(70);
    await expect(second).rejects.toMatchObject({ code: 'ERR_INTERNAL', message: expect.stringContaining('code 70') });
  });
});

describe('a worker that does not come up', () => {
  it('is ended, and is replaced where others serve', async () => {
    const { forked } = await running();
    forked[0]?.die(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(forked).toHaveLength(3);

    await vi.advanceTimersByTimeAsync(59_999);
    expect(forked[2]?.isKilled).toBe(false);
    await vi.advanceTimersByTimeAsync(1 + 200);

    expect(forked[2]?.isKilled).toBe(true);
    expect(forked).toHaveLength(4);
  });
});

describe('a change', () => {
  it('counts when every worker has taken it over', async () => {
    const { front, forked } = await running();
    const changed = front.runAdded('r1');
    forked[0]?.say({ type: 'changed', seq: 0 });
    expect(await hasSettled(changed)).toBe(false);

    forked[1]?.say({ type: 'changed', seq: 0 });

    await changed;
    expect(forked[1]?.told.at(-1)).toMatchObject({ type: 'change', change: { kind: 'run', run: { id: 'r1' } } });
  });

  it('ends a worker that cannot take it over, or does not answer, and replaces it', async () => {
    const { front, forked, logged } = await running();
    const changed = front.enginesChanged();
    forked[0]?.say({ type: 'changed', seq: 0, problem: 'ERR_RULES_INVALID' });
    expect(forked[0]?.isKilled).toBe(true);
    expect(await hasSettled(changed)).toBe(false);

    await vi.advanceTimersByTimeAsync(30_000);

    await changed;
    expect(forked[1]?.isKilled).toBe(true);
    expect(forked.length).toBeGreaterThan(2);
    expect(logged.filter(({ level }) => level === 'error').length).toBeGreaterThanOrEqual(2);
  });

  it('does not wait for a worker that will begin with it', async () => {
    const { front, forked } = await running();
    forked[0]?.die('SIGSEGV');
    await vi.advanceTimersByTimeAsync(100);
    expect(forked).toHaveLength(3);

    const changed = front.runEnded('r1');
    forked[1]?.say({ type: 'changed', seq: 0 });

    await changed;
    expect(forked[2]?.told).toEqual([]);
  });
});

describe('a worker that ends', () => {
  it('is replaced, later each time, and its exchanges no longer count', async () => {
    const { front, forked } = await running();
    forked[0]?.say({ type: 'active', exchanges: 3 });
    forked[1]?.say({ type: 'active', exchanges: 4 });
    expect(front.activeExchanges).toBe(7);

    forked[0]?.die('SIGKILL');
    expect(front.activeExchanges).toBe(4);
    await vi.advanceTimersByTimeAsync(99);
    expect(forked).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(forked).toHaveLength(3);

    forked[2]?.die(1);
    await vi.advanceTimersByTimeAsync(199);
    expect(forked).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(1);
    expect(forked).toHaveLength(4);
  });

  it('is replaced on the same port, also when it was the last', async () => {
    const { forked, come } = await running();
    forked[0]?.die('SIGKILL');
    await vi.advanceTimersByTimeAsync(100);
    come(forked[2]);
    expect(placeTold(forked[2])).toEqual([asked]);

    forked[1]?.die('SIGKILL');
    forked[2]?.die('SIGKILL');
    await vi.advanceTimersByTimeAsync(100);
    come(forked[3]);
    // The one after shares the listener of the one before, and so names it in its words.
    await vi.advanceTimersByTimeAsync(100);
    come(forked[4]);

    expect(placeTold(forked[3])).toEqual([bound]);
    expect(placeTold(forked[4])).toEqual([bound]);
  });

  it('is not kept when it listens elsewhere than the others', async () => {
    const { forked, come } = await running();
    forked[0]?.die('SIGKILL');
    await vi.advanceTimersByTimeAsync(100);

    come(forked[2], { ...bound, port: 5000 });
    await vi.advanceTimersByTimeAsync(0);

    expect(forked[2]?.isKilled).toBe(true);
  });
});

describe('the health of the record', () => {
  it('reaches every worker when it changes', async () => {
    const { forked, recorder } = await running();
    recorder.isHealthy = false;

    await vi.advanceTimersByTimeAsync(200);

    const told = { type: 'settled', durable: [], failed: [], isRecordHealthy: false };
    for (const worker of forked) expect(worker.told.at(-1)).toEqual(told);
  });
});

describe('a detector', () => {
  it('is counted for all workers in one place', async () => {
    const { forked, questions } = await running();

    forked[0]?.say({ type: 'asked', result: 'answered', seconds: 0.25 });
    forked[1]?.say({ type: 'asked', result: 'timeout', seconds: 2 });

    expect(questions).toEqual(['answered 0.25', 'timeout 2']);
  });
});

describe('the end', () => {
  it('drains every worker, and replaces none', async () => {
    const { front, forked, logged } = await running();
    const drained = front.drain(15_000);
    for (const worker of forked) expect(worker.told.at(-1)).toEqual({ type: 'drain', deadlineMs: 15_000 });
    forked[0]?.die(0);
    expect(await hasSettled(drained)).toBe(false);
    forked[1]?.die(0);

    await drained;
    await vi.advanceTimersByTimeAsync(60_000);

    expect(forked).toHaveLength(2);
    expect(logged).toEqual([]);
  });

  it('ends a worker that does not drain in time', async () => {
    const { front, forked } = await running();
    const drained = front.drain(1_000);
    forked[0]?.die(0);

    await vi.advanceTimersByTimeAsync(6_000);

    await drained;
    expect(forked[1]?.isKilled).toBe(true);
  });

  it('takes a worker along that waits to be started', async () => {
    const { front, forked } = await running();
    forked[0]?.die(1);
    await front.close();

    await vi.advanceTimersByTimeAsync(60_000);

    expect(forked).toHaveLength(2);
    expect(forked[1]?.isKilled).toBe(true);
  });
});
