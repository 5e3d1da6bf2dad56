/** The primary's end of a worker's entries. */
import { describe, expect, it } from 'vitest';
import { createIntake } from '../../../src/app/worker-intake.ts';
import type { ToWorker } from '../../../src/app/worker-messages.ts';
import { AppError } from '../../../src/core/errors.ts';
import type { Recorder } from '../../../src/core/ports.ts';
import { sampleDecision, sampleOutcome } from '../../helpers/record-entries.ts';

/** A recorder whose entries become durable when the test says so. */
function heldRecorder() {
  const entries: { readonly id: string; readonly entry: object; readonly settle: (error?: Error) => void }[] = [];
  const take = (entry: { readonly id: string }): Promise<void> =>
    new Promise((resolve, reject) => {
      const settle = (error?: Error): void => (error === undefined ? resolve() : reject(error));
      entries.push({ id: entry.id, entry, settle });
    });
  const recorder: Recorder & { isHealthy: boolean } = { isHealthy: true, decision: take, outcome: take };
  return { recorder, entries };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const sent = [
  { seq: 7, kind: 'decision' as const, json: JSON.stringify(sampleDecision('a')) },
  { seq: 8, kind: 'outcome' as const, json: JSON.stringify(sampleOutcome('a')) },
  { seq: 9, kind: 'decision' as const, json: JSON.stringify(sampleDecision('b')) },
];

describe('what a worker sends for the record', () => {
  it('is acknowledged only once it is durable, what settles together in one message', async () => {
    const { recorder, entries } = heldRecorder();
    const answers: ToWorker[] = [];
    createIntake(recorder, (message) => void answers.push(message)).take(sent);
    await nextTurn();
    expect(entries.map(({ id }) => id)).toEqual(['a', 'a', 'b']);
    expect(answers).toEqual([]);

    entries[0]?.settle();
    entries[1]?.settle();
    await nextTurn();
    await nextTurn();

    expect(answers).toEqual([{ type: 'settled', durable: [7, 8], failed: [], isRecordHealthy: true }]);
  });

  it('is told to have failed where the record does not take it, with the health of the record', async () => {
    const { recorder, entries } = heldRecorder();
    const answers: ToWorker[] = [];
    createIntake(recorder, (message) => void answers.push(message)).take(sent);
    recorder.isHealthy = false;
    entries[0]?.settle(new AppError('ERR_AUDIT_WRITE', 'the disk is full'));
    entries[1]?.settle(new TypeError('something with a value in it'));
    entries[2]?.settle();
    await nextTurn();
    await nextTurn();

    expect(answers).toEqual([
      {
        type: 'settled',
        durable: [9],
        failed: [
          { seq: 7, message: 'the disk is full' },
          { seq: 8, message: 'the entry was not taken' },
        ],
        isRecordHealthy: false,
      },
    ]);
  });

  it('is given an end where the worker died before it could say one, once, and a refused connection none', () => {
    const { recorder, entries } = heldRecorder();
    const intake = createIntake(recorder, () => undefined);
    const request = { ...sampleDecision('c').request, protocol: 'connect' as const };
    const connections = [
      sampleDecision('refused', { action: 'block', request }),
      sampleDecision('tunnel', { action: 'tunnel', request }),
    ].map((entry, index) => ({ seq: 10 + index, kind: 'decision' as const, json: JSON.stringify(entry) }));
    intake.take([...sent, ...connections]);
    const before = entries.length;

    intake.abandon(Date.UTC(2026, 0, 2));
    intake.abandon(Date.UTC(2026, 0, 3));

    const ending = {
      time: '2026-01-02T00:00:00.000Z',
      response: { status: 0, bytes: 0 },
      addedMs: 0,
      action: 'error',
      reason: 'its worker ended',
    };
    expect(entries.slice(before).map(({ entry }) => entry)).toEqual([
      { ...ending, id: 'b' },
      { ...ending, id: 'tunnel' },
    ]);
  });
});
