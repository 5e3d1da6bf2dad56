/** What is to be changed in a text of a reply. */

/** A replacement in a text: `[start, end)` becomes `text`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** How many of the JSON strings around it the text is escaped for already; none by default. */
  readonly escaped?: number;
}
