/** Which hosts the authority must be able to speak for: those that the configuration inspects or blocks. */
import { isCertifiable, permits, constraintsFor } from '../certs/constraints.ts';
import type { Config } from '../config/schema.ts';
import { vendors } from '../providers/vendors.ts';
import type { AuthorityNeed } from './authority.ts';

/** A pattern for every host. */
const everyHost = new Set(['*', '**']);

/**
 * Lists the built-in vendors' hosts, without those that a destination tunnels, and those of the destinations that are
 * inspected or blocked. What is blocked by a pattern too wide for a certificate is left out: it is refused on its
 * CONNECT.
 *
 * @throws AppError `ERR_CONFIG_INVALID` later, when the authority is made, for an inspected pattern that no
 * certificate can express.
 */
export function authorityNeed(config: Pick<Config, 'destinations' | 'unknownHosts'>): AuthorityNeed {
  const { destinations, unknownHosts } = config;
  const patternsOf = (action: string): string[] =>
    destinations.filter((entry) => entry.action === action).flatMap((entry) => entry.hosts);
  const tunnelled = patternsOf('tunnel').filter(isCertifiable);
  const inspected = patternsOf('inspect');
  const builtIn = vendors.flatMap((vendor) => vendor.hosts).filter((host) => !isTunnelled(host, tunnelled));
  return {
    hosts: [
      ...builtIn,
      ...inspected.filter((pattern) => !everyHost.has(pattern)),
      ...patternsOf('block').filter(isCertifiable),
    ],
    isUnconstrained: unknownHosts === 'inspect' || inspected.some((pattern) => everyHost.has(pattern)),
  };
}

/** Whether a tunnelled pattern takes in a whole vendor pattern. */
function isTunnelled(host: string, tunnelled: readonly string[]): boolean {
  return tunnelled.some((pattern) =>
    pattern.startsWith('*.')
      ? host !== pattern.slice(2) && permits(constraintsFor([pattern]), host.replace(/^\*\./, 'x.'))
      : host === pattern,
  );
}
