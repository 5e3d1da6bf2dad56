/** A request body on its way while it is inspected: decoded, rewritten, encoded again, with back-pressure throughout. */
import { PassThrough, pipeline, type Duplex, type Readable } from 'node:stream';
import type { BodyTransform, Step } from '../core/transform.ts';
import { decoderFor, encoderFor, type StreamCoding } from './coding-streams.ts';
import type { IdleWatch } from './idle-watch.ts';
import { createOutlet } from './outlet.ts';
import { InspectionStop, stageBytes, stageOf } from './transform-stage.ts';

export interface RequestStreamOptions {
  readonly source: Readable;
  /** Bytes that were taken from the source already. */
  readonly held: readonly Uint8Array[];
  /** Undefined: bytes pass as they are. */
  readonly transform: BodyTransform | undefined;
  readonly coding: StreamCoding;
  readonly watch: IdleWatch;
  /** How large the blocks may be that it is sent in, in bytes. */
  readonly blockBytes: () => number;
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

/** Where what is read goes. */
interface Sink {
  readonly output: Readable;
  /** False when no more should come until there is room. */
  write(chunk: Uint8Array): boolean;
  end(): void;
  /** Nothing more will come, and what is under way is not wanted. */
  drop(): void;
}

/** What a sink may do to the body that comes in. */
interface Inflow {
  /** There is room again. */
  readonly resume: () => void;
  /** It is over: with an error, or whole. */
  readonly settle: (error?: Error) => void;
}

/** Starts the stages. The source is never destroyed: the reply may have to go out on its socket. */
export function streamRequest(options: RequestStreamOptions): RequestStream {
  const { source, held, transform, coding, watch, onBytes, onSettled } = options;
  let isSettled = false;
  const watched = watch(() => settle(new Error('the request body stopped coming')));

  function detach(): void {
    isSettled = true;
    watched.end();
    source.off('data', onData);
    source.off('end', onEnd);
    source.pause();
  }

  function settle(error?: Error): void {
    if (isSettled) return;
    detach();
    if (error !== undefined) sink.output.destroy(error);
    onSettled(error);
  }

  function onData(chunk: Buffer): void {
    watched.moved();
    onBytes(chunk.length);
    // Once it has settled the source is somebody else's: a refused upload is being drained.
    if (!sink.write(chunk) && !isSettled) source.pause();
  }

  function onEnd(): void {
    watched.end();
    sink.end();
  }

  const inflow: Inflow = {
    settle,
    resume() {
      if (!isSettled) source.resume();
    },
  };
  const isPlain = transform === undefined || coding === 'identity';
  const sink = isPlain ? plainSink(options, inflow) : codedSink(options, transform, inflow);
  sink.output.on('end', () => settle());
  sink.output.on('error', settle);
  // After the caller has what is returned here: judging what is held may settle all of it.
  queueMicrotask(() => {
    let hasRoom = true;
    for (const chunk of held) if (!isSettled) hasRoom = sink.write(chunk);
    if (isSettled) return;
    source.on('data', onData);
    source.on('end', onEnd);
    if (hasRoom) source.resume();
  });
  return {
    output: sink.output,
    stop() {
      detach();
      sink.output.destroy();
      sink.drop();
    },
  };
}

/** Without a coding there is nothing asynchronous in between: what is read is judged and handed on in one step. */
function plainSink({ transform, onBusy, blockBytes }: RequestStreamOptions, { resume, settle }: Inflow): Sink {
  const outlet = createOutlet(resume, blockBytes);

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

  return {
    output: outlet.readable,
    write: (chunk) => (transform === undefined ? outlet.write(chunk) : take(() => transform.push(chunk))),
    end() {
      if (transform !== undefined) take(() => transform.end());
      if (!outlet.readable.destroyed) outlet.end();
    },
    drop: () => undefined,
  };
}

/** A body whose coding is undone and applied again, which takes stages that work in their own time. */
function codedSink(
  { coding, onBusy }: RequestStreamOptions,
  transform: BodyTransform,
  { resume, settle }: Inflow,
): Sink {
  const output = new PassThrough({ highWaterMark: stageBytes });
  const stages = [decoderFor(coding), stageOf(transform, onBusy), encoderFor(coding), output];
  const [entry = output, ...rest] = stages.filter((stage): stage is Duplex => stage !== undefined);
  pipeline([entry, ...rest], (error) => {
    if (error !== null && error !== undefined) settle(error);
  });
  entry.on('drain', resume);
  return {
    output,
    write: (chunk) => entry.write(chunk),
    end: () => entry.end(),
    drop: () => entry.destroy(),
  };
}
