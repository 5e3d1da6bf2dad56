/** Puts the pure middle together for one configuration: rules, policy, known values, placeholders. */
import { createHash } from 'node:crypto';
import type { LoadedConfig } from '../config/load.ts';
import type { ProjectLayer } from '../config/layers.ts';
import { createKnownValues } from '../detect/known-values.ts';
import type { KnownValues, Matcher } from '../detect/match.ts';
import { createMatcher } from '../detect/matcher.ts';
import { rememberTexts } from '../detect/remembering-matcher.ts';
import { canSpread } from '../detect/protected-words.ts';
import { createWeakValues } from '../detect/protected-weak.ts';
import type { ProtectedValues } from '../detect/protected.ts';
import type { Rule } from '../detect/rule.ts';
import type { Inspector } from '../inspect/exchange.ts';
import { createAnswerMemory, type AnswerMemory } from '../inspect/detector/answer-memory.ts';
import type { DetectorParts } from '../inspect/detector/asking.ts';
import { createInspector } from '../inspect/inspector.ts';
import { createMemory, type Memory } from '../inspect/memory.ts';
import type { InspectorParts } from '../inspect/parts.ts';
import { createFingerprinter } from '../mask/fingerprint.ts';
import { deriveKey } from '../mask/keys.ts';
import { createPlaceholders, type Placeholders } from '../mask/placeholders.ts';
import { createFindingCounts, type FindingCounts } from '../policy/counter.ts';
import { createPolicy } from '../policy/create-policy.ts';
import type { BuiltInDestination } from '../policy/layer.ts';
import type { Policy } from '../policy/policy.ts';
import { registry } from '../providers/registry.ts';
import { shippedPrebuilt } from '../rules/prebuilt.ts';
import { detectorDigest, detectorParts } from './detector/rules.ts';

/** State that outlives a reload of the configuration. */
export interface EngineState {
  readonly installationKey: Uint8Array;
  readonly memory: Memory;
  readonly counts: FindingCounts;
  /** Compiled matchers by the digest of their rules: runs without rules of their own share one. */
  readonly matchers: Map<string, Matcher>;
  /** What the detector said, as long as it stays the same: by the digest of its configuration. */
  readonly answers: Map<string, AnswerMemory>;
}

export function createEngineState(installationKey: Uint8Array): EngineState {
  return {
    installationKey,
    memory: createMemory(createKnownValues),
    counts: createFindingCounts(),
    matchers: new Map(),
    answers: new Map(),
  };
}

/** Values that are protected, ready to be searched for. */
export type ProtectedSets = readonly KnownValues[];

/** Makes the sets that protected values are searched with. */
export function protectedSets(values: ProtectedValues): ProtectedSets {
  const strong = createKnownValues();
  for (const value of values.strong) strong.add(value);
  return [strong, createWeakValues(values.weak)].filter(({ size }) => size > 0);
}

/** One configuration, compiled. */
export interface Engine {
  readonly loaded: LoadedConfig;
  readonly rules: readonly Rule[];
  readonly policy: Policy;
  /** Every vendor that the registry and the configuration name. */
  readonly vendors: ReadonlySet<string>;
  readonly inspector: Inspector;
  readonly parts: InspectorParts;
}

/** Vendors are inspected and developers' hosts tunnelled, after what the user says. */
const builtInDestinations: readonly BuiltInDestination[] = [
  ...registry.vendors.map(({ hosts, id, jurisdiction }) => ({
    hosts,
    vendor: id,
    jurisdiction,
    action: 'inspect' as const,
  })),
  { hosts: registry.developerHosts, vendor: 'developer', jurisdiction: 'unknown', action: 'tunnel' as const },
];

/** Codings of replies that the proxy decodes. */
const replyCodings: ReadonlySet<string> = new Set(['identity', 'gzip', 'x-gzip', 'deflate', 'br']);

/** Matchers kept: the configuration's, and a few projects'. */
const matchersAtMost = 16;

/** Patterns that ship were planned by the build: also where rules came from another process and no pack was read. */
function compile(rules: readonly Rule[]): Matcher {
  shippedPrebuilt();
  return rememberTexts(createMatcher(rules));
}

function matcherFor(rules: readonly Rule[], version: string, { matchers }: EngineState): Matcher {
  const matcher = matchers.get(version) ?? compile(rules);
  matchers.delete(version);
  matchers.set(version, matcher);
  const [oldest] = matchers.keys();
  if (matchers.size > matchersAtMost && oldest !== undefined) matchers.delete(oldest);
  return matcher;
}

/** The detector of a configuration, with what it said before; the runs of one configuration share it. */
function detectorFor({ detector }: LoadedConfig['config'], { answers }: EngineState): DetectorParts | undefined {
  if (detector === undefined) return undefined;
  const digest = detectorDigest(detector);
  const memory = answers.get(digest) ?? createAnswerMemory();
  answers.clear();
  answers.set(digest, memory);
  return detectorParts(detector, memory);
}

/** The vendors that the built-in destinations and the layers name. */
function vendorsOf({ user, organisation }: LoadedConfig['layers']): ReadonlySet<string> {
  const named = [user, ...organisation].flatMap(({ destinations = [] }) => destinations);
  return new Set([...builtInDestinations, ...named].flatMap(({ vendor }) => (vendor === undefined ? [] : [vendor])));
}

/** What an engine has besides the configuration. */
interface EngineExtras {
  readonly project?: ProjectLayer | undefined;
  readonly protectedValues?: ProtectedSets;
}

/**
 * Compiles a configuration, with the project layer and protected values of a run where there is one.
 * @throws AppError `ERR_RULES_INVALID`, `ERR_CONFIG_INVALID`
 */
export function createEngine(
  loaded: LoadedConfig,
  rules: readonly Rule[],
  state: EngineState,
  extras: EngineExtras = {},
): Engine {
  const { config, layers } = loaded;
  const { project } = extras;
  const detector = detectorFor(config, state);
  const named = detector === undefined ? rules : [...rules, ...detector.rules.values()];
  const byId = new Map(named.map((rule) => [rule.id, rule]));
  const rulesVersion = createHash('sha256').update(JSON.stringify(rules)).digest('hex');
  const namedVersion =
    config.detector === undefined
      ? rulesVersion
      : createHash('sha256')
          .update(`${rulesVersion} ${detectorDigest(config.detector)}`)
          .digest('hex');
  const policy = createPolicy({
    user: layers.user,
    organisation: layers.organisation,
    ...(project === undefined ? {} : { project: [project.layer] }),
    builtInDestinations,
    ruleIds: named.map(({ id }) => id),
    rulesBlock: named.some(({ action }) => action === 'block'),
    rulesVersion: namedVersion,
  });
  const fingerprintKey = deriveKey(state.installationKey, 'fingerprint');
  const { prefix } = config.placeholders;
  const placeholders = new Map<string, Placeholders>();
  const placeholdersFor = (user: string | undefined): Placeholders => {
    // On a gateway equal values of two people have two placeholders: neither can tell what the other holds.
    const owner = config.profile === 'gateway' ? user : undefined;
    const made = placeholders.get(owner ?? '');
    if (made !== undefined) return made;
    const fresh = createPlaceholders({ key: deriveKey(state.installationKey, 'placeholder', owner), prefix });
    placeholders.set(owner ?? '', fresh);
    return fresh;
  };
  const protectedValues = extras.protectedValues ?? [];
  const parts: InspectorParts = {
    policy,
    registry,
    matcher: matcherFor(rules, rulesVersion, state),
    ruleOf: (id) => byId.get(id),
    protectedValues,
    createKnown: createKnownValues,
    canSpread: (value) => canSpread(value),
    memory: state.memory,
    counts: state.counts,
    placeholdersFor,
    fingerprint: createFingerprinter({ key: fingerprintKey }),
    prefix,
    limits: config.limits,
    refusalForm: config.block.as,
    restore: config.restore,
    replyCodings,
    ...(detector === undefined ? {} : { detector }),
    findsNothing: named.length === 0 && protectedValues.length === 0,
  };
  return {
    loaded,
    rules: named,
    policy,
    vendors: vendorsOf(layers),
    parts,
    inspector: createInspector(parts),
  };
}
