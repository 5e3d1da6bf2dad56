/** Shows a gathered body to a detector, between the last of its bytes and its verdict. */
import type { Detector, Question } from '../core/detector.ts';
import type { Exchange } from '../inspect/exchange.ts';

/** Questions on their way. */
export interface Consultation {
  /** Settles when the body may end; false when it was cancelled, and nobody waits any more. Rejects for a defect only. */
  readonly done: Promise<boolean>;
  /** The client is gone: what is under way is ended. */
  cancel(): void;
}

type Asked = Pick<Exchange, 'questions' | 'answered'>;

async function askAll(
  exchange: Asked,
  detector: Detector | undefined,
  first: readonly Question[],
  signal: AbortSignal,
): Promise<boolean> {
  for (let questions = first; questions.length > 0; questions = exchange.questions()) {
    const answers = await detector?.ask(questions, signal);
    if (signal.aborted) return false;
    // A reload may have taken it away while the body came in: what it was to see is not passed in silence.
    exchange.answered(answers ?? { spots: new Map(), failure: 'there is none any more' });
  }
  return true;
}

/** Asks what an exchange wants to know; undefined when that is nothing, at no cost but the call. */
export function consult(exchange: Asked, detector: Detector | undefined): Consultation | undefined {
  const first = exchange.questions();
  if (first.length === 0) return undefined;
  const controller = new AbortController();
  return {
    done: askAll(exchange, detector, first, controller.signal),
    cancel: () => controller.abort(),
  };
}
