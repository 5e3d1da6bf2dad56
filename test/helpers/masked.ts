/** A vault with values in it, for tests of what is put back. */
import { utf8 } from '../../src/core/bytes.ts';
import { createFinder } from '../../src/mask/finder.ts';
import { createPlaceholders } from '../../src/mask/placeholders.ts';
import { createRestorer, type Restorer } from '../../src/mask/restore.ts';
import { defaultRestoreRules, type RestoreRules } from '../../src/mask/stays-home.ts';
import { createVault, type Vault } from '../../src/mask/vault.ts';
import { toolUse } from '../../src/providers/tool-use.ts';

/** Placeholders under a key of zeroes. */
export const placeholders = createPlaceholders({ key: new Uint8Array(32), prefix: 'SLUICE' });

/** Adds a value to a vault and returns its placeholder. */
export function mask(vault: Vault, value: string, kind = 'SECRET', urlHosts: readonly string[] = []): string {
  const bytes = utf8(value);
  const placeholder = placeholders.make(kind, bytes);
  vault.add({ placeholder, value: bytes, rule: 'test-rule', urlHosts });
  return placeholder;
}

/** A vault with one value, and its placeholder. */
export function masked(value: string, kind = 'SECRET', urlHosts: readonly string[] = []): { vault: Vault; p: string } {
  const vault = createVault();
  return { vault, p: mask(vault, value, kind, urlHosts) };
}

/** A restorer over a vault. */
export function restorerOf(
  vault: Vault,
  rules: Partial<RestoreRules> = {},
  stoodInRequest: (text: string) => boolean = () => false,
): Restorer {
  return createRestorer({
    finder: createFinder(vault, placeholders),
    rules: { ...defaultRestoreRules, ...rules },
    useOf: toolUse,
    stoodInRequest,
  });
}
