/** A detector outside this program, which knows names and addresses: what it is asked, and what it answers. */

/** A text to look at. */
export interface Question {
  /** A digest of the text: equal texts are asked about once. */
  readonly key: string;
  readonly text: string;
}

/** Something that a detector saw in a text. */
export interface Spot {
  /** The detector's own name for it, e.g. `PERSON`. */
  readonly label: string;
  /** In bytes of the text's UTF-8; `end` is the first byte behind it. */
  readonly start: number;
  readonly end: number;
  /** How sure the detector is, from 0 to 1. */
  readonly score: number;
}

/** What became of some questions. */
export interface Answers {
  /** By the key of the question. Without a failure there is one for each. */
  readonly spots: ReadonlyMap<string, readonly Spot[]>;
  /** Why some have no answer: for people and the record, without any text that was asked about. */
  readonly failure?: string;
}

/** Asks a detector. Made in `app/`, faked in tests. */
export interface Detector {
  /** Never rejects. @param signal ends what is under way: the one who asked is gone */
  ask(questions: readonly Question[], signal: AbortSignal): Promise<Answers>;
}
