/** The authority that a configuration needs: the home's own where it fits, a new one where nobody would notice. */
import { AppError } from '../core/errors.ts';
import { createAuthority, loadAuthority, rotateAuthority, type Authority, type AuthorityOptions } from './authority.ts';
import { uncovered } from './constraints.ts';

/** Below this an authority that nobody else has is replaced before it expires. */
const renewWithinMs = 30 * 86_400_000;

export interface EnsuredAuthority {
  readonly authority: Authority;
  /**
   * `loaded`: it fits. `created`: there was none. `replaced`: it did not fit and was known to this home alone.
   * `kept`: it does not fit, but other programs may trust it, so only `ca rotate` replaces it.
   */
  readonly outcome: 'loaded' | 'created' | 'replaced' | 'kept';
  /** Host patterns of the configuration that it may not speak for; their CONNECTs can only be refused. */
  readonly uncovered: readonly string[];
}

/**
 * Loads the authority of a home, makes it where there is none, and replaces it where it does not fit (a host outside,
 * no constraints where the configuration needs none so wide, about to expire) and was never trusted or exported.
 *
 * @throws AppError as `loadAuthority` and `createAuthority` do, but for `ERR_CA_MISSING`; `ERR_CA_HOST_OUTSIDE` when
 * every host is to be inspected and the authority, which others trust, is constrained.
 */
export function ensureAuthority(home: string, options: AuthorityOptions): EnsuredAuthority {
  const { hosts, nowMs } = options;
  const authority = loadIfPresent(home, options);
  if (authority === undefined) return { authority: createAuthority(home, options), outcome: 'created', uncovered: [] };

  const { constraints, notAfterMs } = authority;
  const missing = hosts === null ? [] : uncovered(constraints, hosts);
  const isAsWide = (hosts === null) === (constraints === null);
  const isLasting = notAfterMs - nowMs > renewWithinMs;
  if (isAsWide && isLasting && missing.length === 0) return { authority, outcome: 'loaded', uncovered: [] };

  if (!authority.trusted && !authority.exported) {
    return { authority: rotateAuthority(home, options), outcome: 'replaced', uncovered: [] };
  }
  if (hosts === null && constraints !== null) {
    throw new AppError('ERR_CA_HOST_OUTSIDE', '`unknownHosts: inspect` needs an authority without constraints');
  }
  return { authority, outcome: 'kept', uncovered: missing };
}

function loadIfPresent(home: string, options: AuthorityOptions): Authority | undefined {
  try {
    return loadAuthority(home, options);
  } catch (error: unknown) {
    if (error instanceof AppError && error.code === 'ERR_CA_MISSING') return undefined;
    throw error;
  }
}
