/** What a JSON tokenizer tells its handler. */

/** Set where a string holds any escape. */
export const hasEscapes = 1;
/** Set where a string holds `\u` or `\/`: an escape that an encoder seldom needs. */
export const hasOddEscapes = 2;

/** What the tokenizer reports, in document order. Offsets are absolute; `end` is exclusive. */
export interface JsonHandler {
  openObject(start: number): void;
  openArray(start: number): void;
  /** The innermost container ends. */
  close(end: number): void;
  /** The opening quote of a member name or a string value. */
  stringStart(start: number, isName: boolean): void;
  /** Called for an open string value each time another `partBytes` of it have been seen. */
  stringPart(at: number): void;
  /** A member name with its quotes. `flags`: {@link hasEscapes}, {@link hasOddEscapes}. */
  name(start: number, end: number, flags: number): void;
  /** A string value with its quotes. */
  string(start: number, end: number, flags: number): void;
  number(start: number, end: number): void;
  /** `true`, `false`, `null`. */
  literal(start: number, end: number): void;
}
