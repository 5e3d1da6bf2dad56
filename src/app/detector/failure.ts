/** Why a detector gave no answer that counts: never with anything of what it was asked or said. */

/** `unavailable`: it cannot be reached, or ended. `invalid`: it answered what is no answer. */
export type FailureKind = 'timeout' | 'unavailable' | 'invalid';

/** Lower-case start, no text, for the record and for people. */
export class DetectorFailure extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string) {
    super(message);
    this.name = 'DetectorFailure';
    this.kind = kind;
  }
}

/** The failure that an error stands for; anything that is none is a detector that cannot be used. */
export function toFailure(error: unknown): DetectorFailure {
  return error instanceof DetectorFailure ? error : new DetectorFailure('unavailable', 'it could not be asked');
}
