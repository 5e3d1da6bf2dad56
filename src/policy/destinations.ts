/** Where a host stands: the user's destinations, then the built-in vendors, then `unknownHosts`; others only tighten. */
import { compileListed } from './entry.ts';
import type { TextTest } from './glob.ts';
import { canonicalHost, compileHosts } from './host-pattern.ts';
import { stricter, strictness, type BuiltInDestination, type DestinationAction, type PolicyLayer } from './layer.ts';
import type { DestinationRule } from './policy.ts';
import type { DestinationEntry } from './schema.ts';

interface Listed {
  readonly test: TextTest;
  readonly entry: DestinationEntry;
  readonly by: string;
}

/** One layer's say about destinations. */
interface Say {
  readonly listed: readonly Listed[];
  readonly unknownHosts: DestinationAction | undefined;
  readonly release: 'verdict' | 'stream' | undefined;
  readonly name: string;
}

function compileSay(layer: PolicyLayer): Say {
  return {
    listed: compileListed(layer, 'destinations', layer.destinations, (entry, by) => ({
      test: compileHosts(entry.hosts),
      entry,
      by: layer.name === 'user' ? by.replace('user ', '') : by,
    })),
    unknownHosts: layer.unknownHosts,
    release: layer.release,
    name: layer.name,
  };
}

/** The accounts that both lists admit; an empty list admits any, no account in common admits none. */
function commonAccounts(a: readonly string[], b: readonly string[]): readonly string[] | undefined {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const common = a.filter((account) => b.includes(account));
  return common.length === 0 ? undefined : common;
}

/** What a layer says of a host: a host that only the user lists is still unknown to the organisation. */
function opinionOf(
  say: Say,
  host: string,
  isBuiltIn: boolean,
): { readonly match?: Listed; readonly action?: DestinationAction } {
  const match = say.listed.find(({ test }) => test(host));
  const action = match?.entry.action ?? (isBuiltIn ? undefined : say.unknownHosts);
  return { ...(match !== undefined && { match }), ...(action !== undefined && { action }) };
}

/** Raises what the user's layer says by what another one says of the same host. */
function raise(base: DestinationRule, say: Say, opinion: ReturnType<typeof opinionOf>): DestinationRule {
  const { match } = opinion;
  const action = stricter(strictness.destination, base.action, opinion.action);
  const accounts = commonAccounts(base.accounts, match?.entry.accounts ?? []);
  const raised: DestinationRule = {
    ...base,
    action,
    release: stricter(
      strictness.release,
      stricter(strictness.release, base.release, say.release),
      match?.entry.release,
    ),
    framing: stricter(strictness.framing, base.framing, match?.entry.framing),
    accounts: accounts ?? base.accounts,
    by: action === base.action ? base.by : (match?.by ?? `${say.name} unknownHosts`),
  };
  if (accounts !== undefined) return raised;
  return { ...raised, action: 'block', by: `${match?.by ?? say.name} (no account is admitted by both lists)` };
}

/**
 * Compiles destinations into a lookup. In observe mode nothing is blocked: what would be is inspected where its host is
 * listed or a layer inspects unknown hosts, and tunnelled elsewhere.
 * @throws AppError `ERR_CONFIG_INVALID` for a pattern that cannot be read.
 */
export function compileDestinations(
  user: PolicyLayer,
  others: readonly PolicyLayer[],
  builtIns: readonly BuiltInDestination[],
  observes: boolean,
): (host: string) => DestinationRule {
  const own = compileSay(user);
  const says = others.map(compileSay);
  const shipped = builtIns.map((entry) => ({ entry, test: compileHosts(entry.hosts) }));

  return (rawHost) => {
    const host = canonicalHost(rawHost);
    const match = own.listed.find(({ test }) => test(host));
    const builtIn = shipped.find(({ test }) => test(host))?.entry;
    const base: DestinationRule = {
      action: match?.entry.action ?? builtIn?.action ?? own.unknownHosts ?? 'block',
      vendor: match?.entry.vendor ?? builtIn?.vendor ?? 'unknown',
      jurisdiction: match?.entry.jurisdiction ?? builtIn?.jurisdiction ?? 'unknown',
      release: match?.entry.release ?? own.release ?? 'verdict',
      framing: match?.entry.framing ?? 'any',
      accounts: match?.entry.accounts ?? [],
      by: match?.by ?? (builtIn === undefined ? 'unknownHosts' : `built-in ${builtIn.vendor}`),
    };
    const opinions = says.map((say) => ({ say, opinion: opinionOf(say, host, builtIn !== undefined) }));
    const decided = opinions.reduce((rule, { say, opinion }) => raise(rule, say, opinion), base);
    if (!observes || decided.action !== 'block') return decided;
    const isListed =
      builtIn !== undefined || [{ match }, ...opinions.map((each) => each.opinion)].some((each) => each.match);
    const inspects = [base.action, ...opinions.map(({ opinion }) => opinion.action)].includes('inspect');
    return {
      ...decided,
      action: isListed || inspects ? 'inspect' : 'tunnel',
      by: `observe: would block (${decided.by})`,
    };
  };
}
