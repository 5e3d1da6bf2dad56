/** Puts the layers of a policy together: the user's is the base, every other one can only raise it. */
import { createHash } from 'node:crypto';
import { actions, mostSevere, type Action } from '../core/finding.ts';
import { compileDestinations } from './destinations.ts';
import { compileExceptions, compileListed, compilePolicy, type CompiledEntry } from './entry.ts';
import { mayBlock, stricter, strictness, type BuiltInDestination, type PolicyLayer } from './layer.ts';
import { compilePathGlobs, spellingsOf } from './paths.ts';
import type { ExchangeFacts, FindingFacts, Judgement, PathRule, Policy } from './policy.ts';
import { compileSideRoutes } from './side-routes.ts';

/** Rules that no pack holds: what the detector reports for `protect:`, `paths:` and `markers:`. */
const ownRuleIds = ['protected-value', 'known-value', 'proprietary-path', 'proprietary-marker'] as const;

/** What a policy is made of. */
export interface PolicyOptions {
  /** With the defaults filled in. */
  readonly user: PolicyLayer;
  readonly organisation?: readonly PolicyLayer[];
  readonly project?: readonly PolicyLayer[];
  /** Vendors and developers' hosts that ship; they come after the user's destinations. */
  readonly builtInDestinations?: readonly BuiltInDestination[];
  /** The ids of every rule in force: a name that none has is an error. */
  readonly ruleIds: readonly string[];
  /** Whether a rule in force blocks by its own default. */
  readonly rulesBlock?: boolean;
  /** A digest of the rules in force; part of the policy's version. */
  readonly rulesVersion?: string;
}

/** What one layer's matching entries come to. */
interface Outcome {
  readonly action: Action;
  readonly as: Judgement['as'] | undefined;
  readonly by: string;
}

const masks = ['lookalike', 'placeholder', 'withheld'] as const satisfies readonly Judgement['as'][];

/** The stricter of two kinds of mask; undefined has no opinion. */
function strictestMask(a: Judgement['as'] | undefined, b: Judgement['as'] | undefined): Judgement['as'] | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return masks.indexOf(b) > masks.indexOf(a) ? b : a;
}

/** Raises an outcome by entries, the most severe of which counts. */
function raisedBy(base: Outcome, entries: readonly CompiledEntry[]): Outcome {
  let outcome = base;
  for (const entry of entries) {
    const action = mostSevere(outcome.action, entry.action);
    if (action !== outcome.action) outcome = { action, as: entry.as, by: entry.by };
    else if (entry.action === action) outcome = { ...outcome, as: strictestMask(outcome.as, entry.as) };
  }
  return outcome;
}

/** The user's say: matching entries replace the rule's own action, but what the wire claims can only raise it. */
function baseOutcome(entries: readonly CompiledEntry[], ruleDefault: Outcome): Outcome {
  const facts = entries.filter((entry) => !entry.isClaim);
  const [first] = facts;
  if (first === undefined) return raisedBy(ruleDefault, entries);
  // From `forward`, the mildest action, so that the entries alone decide.
  const decided = raisedBy({ action: actions[0], as: first.as, by: first.by }, facts);
  const claims = entries.filter((entry) => entry.isClaim);
  return raisedBy(decided, claims);
}

function digest(options: PolicyOptions): string {
  const { user, organisation, project, builtInDestinations, rulesVersion } = options;
  const deciding = { user, organisation, project, builtInDestinations, rulesVersion, ruleIds: options.ruleIds };
  return createHash('sha256').update(JSON.stringify(deciding)).digest('hex').slice(0, 32);
}

/**
 * Makes the policy of a stack of layers.
 * @throws AppError `ERR_CONFIG_INVALID` naming layer, line and the nearest known name where an entry cannot be meant.
 */
export function createPolicy(options: PolicyOptions): Policy {
  const { user, organisation = [], project = [], builtInDestinations = [] } = options;
  const others = [...organisation, ...project];
  const layers = [user, ...others];
  const ruleIds = [...options.ruleIds, ...ownRuleIds];
  const strictest = <Value extends string>(
    order: readonly Value[],
    initial: Value,
    read: (layer: PolicyLayer) => Value | undefined,
  ): Value => layers.reduce((value, layer) => stricter(order, value, read(layer)), initial);

  const mode = others.reduce((value, layer) => stricter(strictness.mode, value, layer.mode), user.mode ?? 'enforce');
  const observes = mode === 'observe';
  const presetOfUser = user.preset ?? 'recommended';
  const isRaised = others.some((layer) => layer.preset === 'strict');

  const userEntries = compilePolicy(user, ruleIds);
  const raising = others.map((layer) => compilePolicy(layer, ruleIds));
  const exceptions = compileExceptions(user, ruleIds);
  const pathRules = layers.flatMap((layer) =>
    compileListed(layer, 'paths', layer.paths, (entry, by) => ({
      test: compilePathGlobs(entry.globs, entry.caseSensitive),
      rule: {
        action: entry.action,
        hide: entry.hide,
        by,
        ...(entry.label !== undefined && { label: entry.label }),
      } satisfies PathRule,
    })),
  );

  const enforced = (finding: FindingFacts, exchange: ExchangeFacts): Judgement => {
    const sources = finding.source === undefined ? [] : spellingsOf(finding.source);
    const matching = (entries: readonly CompiledEntry[]) =>
      entries.filter((entry) => entry.matches(finding, exchange, sources));
    const ruleDefault: Outcome =
      presetOfUser === 'strict' && finding.ruleAction === 'forward'
        ? { action: 'mask', as: undefined, by: 'preset strict' }
        : { action: finding.ruleAction, as: undefined, by: 'rule' };
    const ofUser = matching(userEntries);
    const ofOthers = raising.map(matching);
    let outcome = ofOthers.reduce(raisedBy, baseOutcome(ofUser, ruleDefault));
    if (isRaised && outcome.action === 'forward') {
      outcome = { action: 'mask', as: outcome.as, by: 'organisation preset strict' };
    }
    const exception = exceptions.find((entry) => entry.matches(finding, exchange, sources));
    if (exception !== undefined && outcome.action !== 'forward') {
      const firm = [...ofUser, ...ofOthers.flat()].filter((entry) => !entry.yields);
      outcome = raisedBy({ action: 'forward', as: undefined, by: exception.by }, firm);
    }
    return { action: outcome.action, as: outcome.as ?? 'placeholder', by: outcome.by };
  };

  return {
    version: digest(options),
    mode,
    onUnreadable: observes
      ? 'forward'
      : strictest(strictness.onUnreadable, user.onUnreadable ?? 'block', (layer) => layer.onUnreadable),
    onAuditFailure: strictest(
      strictness.onAuditFailure,
      user.onAuditFailure ?? 'block',
      (layer) => layer.onAuditFailure,
    ),
    blocksByContent: !observes && (options.rulesBlock === true || layers.some(mayBlock)),
    judge(finding, exchange) {
      const judgement = enforced(finding, exchange);
      if (!observes || judgement.action === 'forward') return judgement;
      return { ...judgement, action: 'forward', by: `observe: would ${judgement.action} (${judgement.by})` };
    },
    destination: compileDestinations(user, others, builtInDestinations, observes),
    sideRoute: compileSideRoutes(layers, observes),
    pathRule(source) {
      if (pathRules.length === 0) return undefined;
      const sources = spellingsOf(source);
      let decided: PathRule | undefined;
      for (const { test, rule } of pathRules) {
        if (!test(sources)) continue;
        const isWorse = decided === undefined || mostSevere(decided.action, rule.action) !== decided.action;
        if (isWorse) decided = rule;
      }
      return decided;
    },
  };
}
