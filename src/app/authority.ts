/** The authority that the configuration needs: loaded, made, or kept with a warning. */
import { createAuthority, loadAuthority, rotateAuthority, type Authority } from '../certs/authority.ts';
import { uncovered } from '../certs/constraints.ts';
import { AppError } from '../core/errors.ts';

/** What an authority must be able to speak for. */
export interface AuthorityNeed {
  /** Host patterns that are inspected or blocked. */
  readonly hosts: readonly string[];
  /** `unknownHosts: inspect`: any host. */
  readonly isUnconstrained: boolean;
}

export interface PreparedAuthority {
  readonly authority: Authority;
  /** What a person should know: what was made, or what is not covered. */
  readonly notices: readonly string[];
}

const describe = ({ hosts, isUnconstrained }: AuthorityNeed): string =>
  isUnconstrained ? 'for any host (unknownHosts: inspect)' : `limited to ${hosts.length} host patterns`;

/** Whether the authority can do all that is needed, and is not needlessly wide. */
function fits(authority: Authority, need: AuthorityNeed): boolean {
  if (need.isUnconstrained) return authority.constraints === null;
  return authority.constraints !== null && uncovered(authority.constraints, need.hosts).length === 0;
}

/**
 * Prepares the authority of a home. One that was never trusted or exported is replaced where it does not fit; one that
 * was is kept, because replacing it would break every client that trusts it.
 * @throws AppError of `loadAuthority`; `ERR_CA_INVALID` when any host is to be inspected and the one in use cannot.
 */
export function prepareAuthority(home: string, need: AuthorityNeed, nowMs: number): PreparedAuthority {
  const options = { hosts: need.isUnconstrained ? null : need.hosts, nowMs };
  let authority: Authority;
  try {
    authority = loadAuthority(home, { nowMs });
  } catch (error: unknown) {
    if (!(error instanceof AppError) || error.code !== 'ERR_CA_MISSING') throw error;
    const made = createAuthority(home, options);
    return { authority: made, notices: [`made a local authority ${describe(need)}: ${made.paths.certificate}`] };
  }
  if (fits(authority, need)) return { authority, notices: [] };
  if (!authority.trusted && !authority.exported) {
    const made = rotateAuthority(home, options);
    return { authority: made, notices: [`made a new local authority ${describe(need)}: ${made.paths.certificate}`] };
  }
  if (need.isUnconstrained) {
    throw new AppError(
      'ERR_CA_INVALID',
      'unknownHosts: inspect needs an authority for any host, and this one is limited',
      {
        hint: 'run `sluice ca rotate`, then trust the new one where the old one was',
      },
    );
  }
  const missing = uncovered(authority.constraints, need.hosts);
  const notices =
    missing.length === 0
      ? []
      : [`the authority does not cover ${missing.join(', ')}: requests there are refused until \`sluice ca rotate\``];
  return { authority, notices };
}
