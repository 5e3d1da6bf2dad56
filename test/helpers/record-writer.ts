/**
 * A process that writes a record and says on stdout what was acknowledged, for tests that kill it or take its disk
 * away: `node --import tsx test/helpers/record-writer.ts <home> <parallel>`. It ends when stdin does.
 */
import { createRecorder } from '../../src/audit/recorder.ts';
import { sampleDecision, sampleOutcome, startMs } from './record-entries.ts';
import { sourceWorker } from './source-worker.ts';

const [home = '', parallel = '1'] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const ignore = (): void => undefined;
const recorder = await createRecorder({
  home,
  retentionDays: 36_500,
  logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  clock: { nowMs: () => startMs },
  restartMs: 20,
  checkpointMs: 50,
  startWriter: (settings) => sourceWorker('src/audit/worker.ts', settings),
});

const ending = new AbortController();
process.stdin.on('end', () => ending.abort());
process.stdin.resume();

async function writeExchanges(lane: number): Promise<void> {
  for (let n = 0; !ending.signal.aborted; n += 1) {
    const id = `lane${lane}-${n}`;
    try {
      await recorder.decision(sampleDecision(id));
      say(`decision ${id}`);
      await recorder.outcome(sampleOutcome(id));
      say(`outcome ${id}`);
    } catch {
      say(`refused ${id}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

await Promise.all(Array.from({ length: Number(parallel) }, (_unused, lane) => writeExchanges(lane)));
await recorder.close();
say(`closed ${recorder.stats.lost}`);
