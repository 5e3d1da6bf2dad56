/** What stands in a text for something else. */
import type { Range } from './range.ts';

/** A stretch of text that stands for other bytes, or for none. */
export interface Escape extends Range {
  readonly means: Uint8Array;
}
