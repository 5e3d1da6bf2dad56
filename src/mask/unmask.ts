/** Puts values back into the content of a file in which placeholders ended up. */
import type { RestoreCounts } from '../core/decision.ts';
import { createFinder } from './finder.ts';
import type { Placeholders } from './placeholders.ts';
import { applyEdits, createRestorer } from './restore.ts';
import { defaultRestoreRules } from './stays-home.ts';
import type { Vault } from './vault.ts';

/** Restores every placeholder of the vault in a text; damaged ones only when they can mean but one value. */
export function unmask(
  text: string,
  vault: Vault,
  placeholders: Pick<Placeholders, 'isValid'>,
): { readonly text: string; readonly counts: RestoreCounts } {
  const restorer = createRestorer({
    finder: createFinder(vault, placeholders),
    rules: defaultRestoreRules,
    useOf: () => 'file',
    stoodInRequest: () => false,
  });
  const { edits, counts } = restorer.file(text);
  return { text: applyEdits(text, edits), counts };
}
