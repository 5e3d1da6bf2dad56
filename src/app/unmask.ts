/** Turns placeholders in files back, from values that are at hand: protected ones and those of the files given. */
import { isUtf8 } from 'node:buffer';
import type { KnownValue } from '../detect/match.ts';
import { unmask } from '../mask/unmask.ts';
import { createVault } from '../mask/vault.ts';
import type { Engine } from './engine.ts';
import { scanText } from './scan.ts';

export interface Unmasked {
  readonly text: Uint8Array;
  readonly restored: number;
  /** Placeholders whose value is not at hand, and damaged ones that could mean more than one value. */
  readonly unresolved: number;
}

/**
 * Makes a function that restores a text from the values of `known` and of the secrets found in `sources`: escaped where
 * the text is JSON, and damaged placeholders too where they can mean but one value. What is not UTF-8 stays as it is.
 */
export function createUnmasker(
  engine: Engine,
  known: readonly KnownValue[],
  sources: readonly Uint8Array[],
): (text: Uint8Array) => Unmasked {
  const placeholders = engine.parts.placeholdersFor(undefined);
  const vault = createVault();
  for (const { bytes } of known) {
    const kind = engine.parts.matcher.classify(bytes)?.kind ?? 'SECRET';
    vault.add({ placeholder: placeholders.make(kind, bytes), value: bytes, rule: 'protected-value', urlHosts: [] });
  }
  for (const source of sources) {
    for (const entry of scanText(source, engine).vault.entries()) vault.add(entry);
  }
  return (text) => {
    if (vault.size === 0 || !isUtf8(text)) {
      return { text, restored: 0, unresolved: placeholders.find(text).length };
    }
    const { text: unmasked, counts } = unmask(Buffer.from(text).toString(), vault, placeholders);
    return { text: Buffer.from(unmasked), restored: counts.restored, unresolved: counts.unresolved };
  };
}
