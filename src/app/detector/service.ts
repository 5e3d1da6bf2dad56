/** Asks a detector: so many questions at one time, each in its time, all of a request in theirs. */
import type { DetectorConfig } from '../../config/detector.ts';
import type { Answers, Detector, Question, Spot } from '../../core/detector.ts';
import type { Clock } from '../../core/ports.ts';
import { readAnswer } from './answer.ts';
import { DetectorFailure, toFailure, type FailureKind } from './failure.ts';
import { createSlots } from './slots.ts';
import type { Transport } from './transport.ts';

export interface DetectorService extends Detector {
  close(): void;
}

export interface ServiceOptions {
  readonly config: DetectorConfig;
  readonly transport: Transport;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Told of each question that has come to an end, but for those that nobody waited for any more. */
  readonly onAsked: (result: 'answered' | FailureKind, seconds: number) => void;
}

/** The questions of one request. */
class Round {
  readonly spots = new Map<string, readonly Spot[]>();
  failure: DetectorFailure | undefined;
  private readonly under = new Set<AbortController>();
  private settle: () => void = () => undefined;
  /** Settles once it is over, whatever is still under way. */
  readonly over: Promise<void>;

  constructor() {
    this.over = new Promise((resolve) => {
      this.settle = resolve;
    });
  }

  get isOver(): boolean {
    return this.failure !== undefined;
  }

  /** The first failure ends the round: what has been answered by then counts all the same. */
  fail(failure: DetectorFailure): void {
    if (this.failure !== undefined) return;
    this.failure = failure;
    for (const controller of this.under) controller.abort(failure);
    this.settle();
  }

  /** Runs one question, which ends with the round. */
  async ask(timeoutMs: number, run: (signal: AbortSignal) => Promise<readonly Spot[]>): Promise<readonly Spot[]> {
    const controller = new AbortController();
    const timer = setTimeout(
      () => controller.abort(new DetectorFailure('timeout', `no answer within ${String(timeoutMs)} ms`)),
      timeoutMs,
    );
    this.under.add(controller);
    try {
      return await run(controller.signal);
    } finally {
      clearTimeout(timer);
      this.under.delete(controller);
    }
  }
}

/** Makes the detector that a configuration describes, on a transport. */
export function createDetectorService({ config, transport, clock, onAsked }: ServiceOptions): DetectorService {
  const { language, minScore, timeoutMs, totalMs, concurrency } = config;
  const labels = new Set(Object.keys(config.entities));
  const entities = [...labels];
  const slots = createSlots(concurrency);

  async function askOne(round: Round, { text }: Question): Promise<readonly Spot[]> {
    const startedMs = clock.monotonicMs();
    const ended = (result: 'answered' | FailureKind): void => onAsked(result, (clock.monotonicMs() - startedMs) / 1000);
    try {
      const found = await round.ask(transport.isWarm ? timeoutMs : totalMs, async (signal) => {
        const answer = await transport.ask({ text, language, score_threshold: minScore, entities }, signal);
        return readAnswer(answer, text, { labels, minScore });
      });
      ended('answered');
      return found;
    } catch (error: unknown) {
      const failure = toFailure(error);
      if (!round.isOver) ended(failure.kind);
      throw failure;
    }
  }

  /** Asks one question after the other; several of these share them out. */
  async function work(round: Round, questions: Iterator<Question>): Promise<void> {
    for (let next = questions.next(); next.done !== true; next = questions.next()) {
      const release = await slots.take();
      try {
        if (round.isOver) return;
        round.spots.set(next.value.key, await askOne(round, next.value));
      } catch (error: unknown) {
        round.fail(toFailure(error));
        return;
      } finally {
        release();
      }
    }
  }

  return {
    async ask(questions: readonly Question[], signal: AbortSignal): Promise<Answers> {
      const round = new Round();
      const gone = (): void => round.fail(new DetectorFailure('unavailable', 'nobody waits for it any more'));
      const timer = setTimeout(
        () => round.fail(new DetectorFailure('timeout', `not every answer within ${String(totalMs)} ms`)),
        totalMs,
      );
      if (signal.aborted) gone();
      signal.addEventListener('abort', gone, { once: true });
      const shared = questions.values();
      const workers = Array.from({ length: Math.min(concurrency, questions.length) }, () => work(round, shared));
      // What is in the queue behind others' questions is not waited for.
      await Promise.race([Promise.all(workers), round.over]);
      clearTimeout(timer);
      signal.removeEventListener('abort', gone);
      const spots = new Map(round.spots);
      return round.failure === undefined ? { spots } : { spots, failure: round.failure.message };
    },
    close: () => transport.close(),
  };
}
