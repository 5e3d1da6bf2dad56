/** The one seam through which bytes are read and rewritten: synchronous, pure, chunk-invariant. */
import type { Finding } from './finding.ts';

/** Why a transform stopped: nothing more may be pushed, and what it held back must not leave. */
export interface StopReason {
  /** `blocked`: policy said so. `unreadable`: the body could not be read. `limit`: a size or depth limit was passed. */
  readonly kind: 'blocked' | 'unreadable' | 'limit';
  /** For people and the record: lower-case start, no value, no secret. */
  readonly reason: string;
}

/** What one push released. Output chunks may be views of the chunks pushed (clean bytes are not copied). */
export interface Step {
  readonly output: readonly Uint8Array[];
  readonly findings: readonly Finding[];
  readonly stop?: StopReason;
}

/**
 * A push-based body rewriter. Output may lag input; nothing else does.
 *
 * Chunk invariance: the concatenated output and the findings do not depend on how the input was cut into chunks.
 */
export interface BodyTransform {
  push(chunk: Uint8Array): Step;
  /** Flushes what was held; called once. */
  end(): Step;
}

const noOutput: readonly Uint8Array[] = [];
const noFindings: readonly Finding[] = [];

/** A step that releases nothing. */
export const emptyStep: Step = { output: noOutput, findings: noFindings };

/** A step that only releases bytes. */
export function release(...output: Uint8Array[]): Step {
  return { output, findings: noFindings };
}

/** A step that ends the transform. */
export function stop(kind: StopReason['kind'], reason: string, findings: readonly Finding[] = noFindings): Step {
  return { output: noOutput, findings, stop: { kind, reason } };
}
