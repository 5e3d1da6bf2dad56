/** Turns placeholders in files back, from values that are at hand: protected ones and those of the files given. */
import { concat } from '../core/bytes.ts';
import type { KnownValue } from '../detect/match.ts';
import type { Engine } from './engine.ts';
import { scanText } from './scan.ts';

export interface Unmasked {
  readonly text: Uint8Array;
  readonly restored: number;
  /** Placeholders with a valid check whose value is not at hand. */
  readonly unresolved: number;
}

/** Makes a function that restores a text from the values of `known` and of the secrets found in `sources`. */
export function createUnmasker(
  engine: Engine,
  known: readonly KnownValue[],
  sources: readonly Uint8Array[],
): (text: Uint8Array) => Unmasked {
  const placeholders = engine.parts.placeholdersFor(undefined);
  const values = new Map<string, Uint8Array>();
  for (const { bytes } of known) {
    const kind = engine.parts.matcher.classify(bytes)?.kind ?? 'SECRET';
    values.set(placeholders.make(kind, bytes), bytes);
  }
  for (const source of sources) {
    for (const { placeholder, value } of scanText(source, engine).vault.entries()) values.set(placeholder, value);
  }
  return (text) => {
    const pieces: Uint8Array[] = [];
    let at = 0;
    let restored = 0;
    const found = placeholders.find(text);
    for (const { start, end } of found) {
      const value = values.get(Buffer.from(text.subarray(start, end)).toString('latin1'));
      if (value === undefined) continue;
      pieces.push(text.subarray(at, start), value);
      at = end;
      restored += 1;
    }
    pieces.push(text.subarray(at));
    return { text: concat(pieces), restored, unresolved: found.length - restored };
  };
}
