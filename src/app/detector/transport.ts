/** How a question reaches a detector: over HTTP, or as a line to a program. */

/** A question as it is sent: the body of Presidio Analyzer's `POST /analyze`. */
export interface SentQuestion {
  readonly text: string;
  readonly language: string;
  readonly score_threshold: number;
  /** The labels that count. */
  readonly entities: readonly string[];
}

export interface Transport {
  /** False until a program that has just been started has answered for the first time: it may be reading its model. */
  readonly isWarm: boolean;
  /**
   * Resolves with the answer as JSON, not yet checked.
   * @throws DetectorFailure, or the signal's reason once it is aborted
   */
  ask(question: SentQuestion, signal: AbortSignal): Promise<unknown>;
  close(): void;
}

/** The longest answer that is read, in bytes. */
export const mostAnswerBytes = 4 * 1024 * 1024;
