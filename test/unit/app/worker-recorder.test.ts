/** The record as a worker sees it. */
import { describe, expect, it } from 'vitest';
import { createWorkerRecorder } from '../../../src/app/worker-recorder.ts';
import type { SentEntry } from '../../../src/app/worker-messages.ts';
import { sampleDecision, sampleOutcome } from '../../helpers/record-entries.ts';

function recorderWithBatches() {
  const batches: (readonly SentEntry[])[] = [];
  const recorder = createWorkerRecorder((entries) => void batches.push(entries), true);
  return { recorder, batches };
}

/** The turn in which a batch goes out. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the recorder of a worker', () => {
  it('sends the entries of one turn together, in their order and as they are', async () => {
    const { recorder, batches } = recorderWithBatches();
    const [decision, outcome] = [sampleDecision('x1'), sampleOutcome('x1')];
    void recorder.decision(decision);
    void recorder.outcome(outcome);
    await nextTurn();
    void recorder.decision(decision);
    await nextTurn();

    expect(batches).toEqual([
      [
        { seq: 0, kind: 'decision', json: JSON.stringify(decision) },
        { seq: 1, kind: 'outcome', json: JSON.stringify(outcome) },
      ],
      [{ seq: 2, kind: 'decision', json: JSON.stringify(decision) }],
    ]);
  });

  it('settles an entry only when the primary says so, each as it says', async () => {
    const { recorder } = recorderWithBatches();
    const settled: string[] = [];
    const first = recorder.decision(sampleDecision('x1')).then(() => settled.push('first'));
    const second = recorder.decision(sampleDecision('x2'));
    await nextTurn();
    await nextTurn();
    expect(settled).toEqual([]);

    recorder.settle([0], [{ seq: 1, message: 'the disk is full' }]);

    await first;
    expect(settled).toEqual(['first']);
    await expect(second).rejects.toMatchObject({ code: 'ERR_AUDIT_WRITE', message: 'the disk is full' });
  });

  it('is settled at once when nothing waits, else with the last entry', async () => {
    const { recorder } = recorderWithBatches();
    await recorder.whenSettled();
    const entries = [recorder.decision(sampleDecision('x1')), recorder.decision(sampleDecision('x2'))];
    let isSettled = false;
    const settled = recorder.whenSettled().then(() => {
      isSettled = true;
    });

    recorder.settle([0], []);
    await nextTurn();
    expect(isSettled).toBe(false);

    recorder.settle([1], []);
    await Promise.all([...entries, settled]);
    expect(isSettled).toBe(true);
  });

  it('refuses what would wait beyond its bound', async () => {
    const { recorder } = recorderWithBatches();
    const entry = sampleDecision('x1');
    const waiting = Array.from({ length: 10_000 }, () => recorder.decision(entry));

    await expect(recorder.decision(entry)).rejects.toMatchObject({ code: 'ERR_AUDIT_WRITE' });

    recorder.settle(
      waiting.map((_, seq) => seq),
      [],
    );
    await Promise.all(waiting);
  });

  it('knows the health of the record from the primary', () => {
    const { recorder } = recorderWithBatches();
    expect(recorder.isHealthy).toBe(true);

    recorder.setHealthy(false);

    expect(recorder.isHealthy).toBe(false);
  });
});
