/** A request body on its way while it is inspected: decoded, rewritten, encoded again, with back-pressure throughout. */
import { PassThrough, pipeline, Transform, type Readable, type Writable } from 'node:stream';
import type { BodyTransform, Step, StopReason } from '../core/transform.ts';
import { decoderFor, encoderFor, type StreamCoding } from './coding-streams.ts';
import type { IdleWatch } from './idle-watch.ts';

/** Raised within the stages when inspection stops the body. */
export class InspectionStop extends Error {
  readonly stop: StopReason;

  constructor(stop: StopReason) {
    super('inspection stopped the body');
    this.stop = stop;
  }
}

/** Bytes that a stage holds before it stops its source: large enough for TLS, small enough for hundreds of streams. */
const stageBytes = 65_536;

/** A transform as a stage of a stream. */
function stageOf(body: BodyTransform, onBusy: (run: () => Step) => Step): Transform {
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

export interface RequestStreamOptions {
  readonly source: Readable;
  /** Bytes that were taken from the source already. */
  readonly held: readonly Uint8Array[];
  /** Undefined: bytes pass as they are. */
  readonly transform: BodyTransform | undefined;
  readonly coding: StreamCoding;
  readonly watch: IdleWatch;
  readonly onBytes: (count: number) => void;
  readonly onBusy: (run: () => Step) => Step;
  /** Called once: with the error of a stage or of time, or without when the whole body has passed. */
  readonly onSettled: (error?: Error) => void;
}

export interface RequestStream {
  /** What is sent to the upstream. */
  readonly output: Readable;
  /** Stops reading the source; it is left paused and whole. */
  stop(): void;
}

/** Starts the stages. The source is never destroyed: the reply may have to go out on its socket. */
export function streamRequest(options: RequestStreamOptions): RequestStream {
  const { source, held, transform, coding, watch, onBytes, onBusy, onSettled } = options;
  const output = new PassThrough({ highWaterMark: stageBytes });
  const stages = transform === undefined ? [] : [decoderFor(coding), stageOf(transform, onBusy), encoderFor(coding)];
  const [first, ...rest] = [...stages.filter((stage) => stage !== undefined), output];
  const entry: Writable = first ?? output;
  let isSettled = false;

  const watched = watch(() => settle(new Error('the request body stopped coming')));
  const onDrain = (): void => {
    source.resume();
  };
  const onData = (chunk: Buffer): void => {
    watched.moved();
    onBytes(chunk.length);
    if (!entry.write(chunk)) source.pause();
  };
  const onEnd = (): void => {
    watched.end();
    entry.end();
  };

  function detach(): void {
    watched.end();
    entry.off('drain', onDrain);
    source.off('data', onData);
    source.off('end', onEnd);
    source.pause();
  }

  function settle(error?: Error): void {
    if (isSettled) return;
    isSettled = true;
    detach();
    if (error !== undefined) output.destroy(error);
    onSettled(error);
  }

  output.on('end', () => settle());
  output.on('error', settle);
  if (first !== undefined && rest.length > 0) {
    pipeline([first, ...rest], (error) => {
      if (error !== null && error !== undefined) settle(error);
    });
  }
  entry.on('drain', onDrain);
  let isFull = false;
  for (const chunk of held) if (!entry.write(chunk)) isFull = true;
  source.on('data', onData);
  source.on('end', onEnd);
  if (isFull) source.pause();
  else source.resume();
  return {
    output,
    stop() {
      isSettled = true;
      detach();
      output.destroy();
      if (first !== undefined && first !== output) first.destroy();
    },
  };
}
