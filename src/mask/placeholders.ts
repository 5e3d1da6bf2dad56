/** Placeholders: `SLUICE_<KIND>_<id>`, a keyed function of the value. The interface; `createPlaceholders` makes one. */

export interface Placeholders {
  /** The placeholder of a value. Same key, kind and value: same text, for ever and on every replica. */
  make(kind: string, value: Uint8Array): string;
  /** Whether the text is, as a whole, a placeholder with a valid check. */
  isValid(text: string): boolean;
  /** The ranges of valid placeholders in text, in order. */
  find(text: Uint8Array): readonly { readonly start: number; readonly end: number }[];
}
