/** A body's inspection as a stage of a stream. */
import { Transform } from 'node:stream';
import type { BodyTransform, Step, StopReason } from '../core/transform.ts';

/** Raised within the stages when inspection stops the body. */
export class InspectionStop extends Error {
  readonly stop: StopReason;

  constructor(stop: StopReason) {
    super('inspection stopped the body');
    this.stop = stop;
  }
}

/** Bytes that a stage holds before it stops its source: large enough for TLS, small enough for hundreds of streams. */
export const stageBytes = 65_536;

/** A transform as a stage of a stream; a stop comes out as an {@link InspectionStop}. */
export function stageOf(body: BodyTransform, onBusy: (run: () => Step) => Step): Transform {
  const passOn = (stage: Transform, step: Step, done: (error?: Error | null) => void): void => {
    for (const chunk of step.output) if (chunk.length > 0) stage.push(chunk);
    done(step.stop === undefined ? null : new InspectionStop(step.stop));
  };
  const run = (stage: Transform, work: () => Step, done: (error?: Error | null) => void): void => {
    let step: Step;
    try {
      step = onBusy(work);
    } catch (error: unknown) {
      done(error instanceof Error ? error : new Error('inspection failed', { cause: error }));
      return;
    }
    passOn(stage, step, done);
  };
  return new Transform({
    highWaterMark: stageBytes,
    transform(chunk: Buffer, _encoding, done) {
      run(this, () => body.push(chunk), done);
    },
    flush(done) {
      run(this, () => body.end(), done);
    },
  });
}
