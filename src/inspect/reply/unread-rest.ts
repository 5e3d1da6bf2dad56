/** The rest of a reply that cannot be read any more: it passes as it is, up to the first placeholder in it. */
import { concat, noBytes } from '../../core/bytes.ts';

export interface UnreadRest {
  /** Whether something that begins as a placeholder does was met: nothing from there on may pass. */
  readonly hasMet: boolean;
  /** Takes bytes and returns those that may pass, without copying where it can. */
  push(bytes: Uint8Array): Uint8Array;
  /** Returns what was held because it might have become one. */
  end(): Uint8Array;
}

/**
 * Makes the passage for what a reply still holds.
 * @param prefix of placeholders, looked for in any case: it has 2–16 letters and digits
 */
export function createUnreadRest(prefix: string): UnreadRest {
  const sought = prefix.toLowerCase();
  let held: Uint8Array = noBytes;
  let hasMet = false;

  /** The length of the longest end of a text that may still become what is sought. */
  function openEnd(text: string): number {
    for (let length = Math.min(sought.length - 1, text.length); length > 0; length -= 1) {
      if (text.endsWith(sought.slice(0, length))) return length;
    }
    return 0;
  }

  return {
    get hasMet() {
      return hasMet;
    },
    push(bytes) {
      if (hasMet) return noBytes;
      const all = held.length === 0 ? bytes : concat([held, bytes]);
      const text = Buffer.from(all.buffer, all.byteOffset, all.byteLength).toString('latin1').toLowerCase();
      const at = text.indexOf(sought);
      hasMet = at !== -1;
      const passes = hasMet ? at : all.length - openEnd(text);
      held = hasMet ? noBytes : all.subarray(passes);
      return all.subarray(0, passes);
    },
    end() {
      const last = held;
      held = noBytes;
      return last;
    },
  };
}
