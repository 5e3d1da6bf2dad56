/** A request body on its way while it is inspected: decoded, rewritten, encoded again, with back-pressure throughout. */
import { PassThrough, pipeline, Transform, type Duplex, type Readable } from 'node:stream';
import type { BodyTransform, Step, StopReason } from '../core/transform.ts';
import { decoderFor, encoderFor, type StreamCoding } from './coding-streams.ts';
import type { IdleWatch } from './idle-watch.ts';
import { createOutlet } from './outlet.ts';

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
  const { transform, coding } = options;
  return transform === undefined || coding === 'identity' ? streamPlain(options) : streamCoded(options, transform);
}

/** Without a coding there is nothing asynchronous in between: what is read is judged and handed on in one step. */
function streamPlain(options: RequestStreamOptions): RequestStream {
  const { source, held, transform, watch, onBytes, onBusy, onSettled } = options;
  let isSettled = false;
  const outlet = createOutlet(() => {
    if (!isSettled) source.resume();
  });
  const watched = watch(() => settle(new Error('the request body stopped coming')));

  function detach(): void {
    watched.end();
    source.off('data', onData);
    source.off('end', onEnd);
    source.pause();
  }

  function settle(error?: Error): void {
    if (isSettled) return;
    isSettled = true;
    detach();
    if (error !== undefined) outlet.readable.destroy(error);
    onSettled(error);
  }

  /** Runs a step and hands on what it releases; false when nothing more should come for now, or ever. */
  function take(run: () => Step): boolean {
    let step: Step;
    try {
      step = onBusy(run);
    } catch (error: unknown) {
      settle(error instanceof Error ? error : new Error('inspection failed', { cause: error }));
      return false;
    }
    let hasRoom = true;
    for (const chunk of step.output) if (chunk.length > 0) hasRoom = outlet.write(chunk);
    if (step.stop === undefined) return hasRoom;
    settle(new InspectionStop(step.stop));
    return false;
  }

  function pass(chunk: Uint8Array): boolean {
    return transform === undefined ? outlet.write(chunk) : take(() => transform.push(chunk));
  }

  function onData(chunk: Buffer): void {
    watched.moved();
    onBytes(chunk.length);
    // Once it has settled the source is somebody else's: a refused upload is being drained.
    if (!pass(chunk) && !isSettled) source.pause();
  }

  function onEnd(): void {
    watched.end();
    if (transform !== undefined) take(() => transform.end());
    if (!isSettled) outlet.end();
  }

  outlet.readable.on('end', () => settle());
  outlet.readable.on('error', settle);
  // After the caller has what is returned here: judging what is held may settle all of it.
  queueMicrotask(() => {
    let hasRoom = true;
    for (const chunk of held) if (!isSettled) hasRoom = pass(chunk);
    if (isSettled) return;
    source.on('data', onData);
    source.on('end', onEnd);
    if (hasRoom) source.resume();
  });
  return {
    output: outlet.readable,
    stop() {
      isSettled = true;
      detach();
      outlet.readable.destroy();
    },
  };
}

/** A body whose coding is undone and applied again, which takes stages that work in their own time. */
function streamCoded(options: RequestStreamOptions, transform: BodyTransform): RequestStream {
  const { source, held, coding, watch, onBytes, onBusy, onSettled } = options;
  const output = new PassThrough({ highWaterMark: stageBytes });
  const stages = [decoderFor(coding), stageOf(transform, onBusy), encoderFor(coding), output];
  const [entry = output, ...rest] = stages.filter((stage): stage is Duplex => stage !== undefined);
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
  pipeline([entry, ...rest], (error) => {
    if (error !== null && error !== undefined) settle(error);
  });
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
      entry.destroy();
    },
  };
}
