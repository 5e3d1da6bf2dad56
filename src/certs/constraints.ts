/** Which hosts an authority may speak for (X.509 name constraints, RFC 5280 §4.2.1.10). */
import { AppError } from '../core/errors.ts';
import { isWithin, parseHost, type HostName } from './names.ts';

/** The permitted subtrees: a DNS entry stands for itself and everything below it, an address for itself alone. */
export interface NameConstraints {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
}

/**
 * Turns the configuration's host patterns into constraints. A wildcard becomes the domain below its last `*`
 * (`*.a.example` and `x*.a.example`: `a.example`), because a subtree is all that a certificate can express.
 *
 * @throws AppError `ERR_CONFIG_INVALID` for a pattern that is no host, or whose domain has fewer than two labels: an
 * authority for a whole top-level domain would be constrained in name only.
 */
export function constraintsFor(patterns: readonly string[]): NameConstraints {
  const dns = new Set<string>();
  const ip = new Set<string>();
  for (const pattern of patterns) {
    const host = subtreeOf(pattern);
    if (host === undefined) {
      throw new AppError('ERR_CONFIG_INVALID', `the host pattern ${JSON.stringify(pattern)} cannot be certified for`, {
        hint: 'name the hosts, or a wildcard below a domain of at least two labels',
      });
    }
    (host.kind === 'dns' ? dns : ip).add(host.name);
  }
  const widest = [...dns].filter((name) => ![...dns].some((other) => other !== name && isWithin(name, other)));
  return { dns: widest.sort(), ip: [...ip].sort() };
}

/** Whether an authority can be limited to the pattern: it is a host, or a wildcard below at least two labels. */
export function isCertifiable(pattern: string): boolean {
  return subtreeOf(pattern) !== undefined;
}

/** Whether an authority with these constraints (null: none) may issue for the host. */
export function permits(constraints: NameConstraints | null, host: string): boolean {
  const parsed = parseHost(host);
  if (parsed === undefined) return false;
  if (constraints === null) return true;
  if (parsed.kind === 'ip') return constraints.ip.includes(parsed.name);
  return constraints.dns.some((domain) => isWithin(parsed.name, domain));
}

/** The patterns that the constraints do not cover whole, in the order given. */
export function uncovered(constraints: NameConstraints | null, patterns: readonly string[]): string[] {
  return patterns.filter((pattern) => !permits(constraints, domainOf(pattern)));
}

function subtreeOf(pattern: string): HostName | undefined {
  const host = parseHost(domainOf(pattern));
  const isTooWide = pattern.includes('*') && (host?.kind === 'ip' || host?.name.includes('.') === false);
  return isTooWide ? undefined : host;
}

function domainOf(pattern: string): string {
  const star = pattern.lastIndexOf('*');
  if (star === -1) return pattern;
  const dot = pattern.indexOf('.', star);
  return dot === -1 ? '' : pattern.slice(dot + 1);
}
