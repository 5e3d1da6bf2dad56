/** Compiles the lines of `policy:` and `allow:` into tests over plain facts. */
import { AppError } from '../core/errors.ts';
import { confidences, severities } from '../core/finding.ts';
import { nearest } from '../core/nearest.ts';
import { compileGlob, compileGlobs } from './glob.ts';
import { canonicalHost, compileHost } from './host-pattern.ts';
import type { PolicyLayer } from './layer.ts';
import { compilePathGlobs } from './paths.ts';
import type { ExchangeFacts, FindingFacts } from './policy.ts';
import type { AllowEntry, PolicyEntry, When } from './schema.ts';

/** @param sources the finding's source in all of its spellings; empty when it has none. */
type Test = (finding: FindingFacts, exchange: ExchangeFacts, sources: readonly string[]) => boolean;

/** A line of `policy:` ready to be asked. */
export interface CompiledEntry {
  readonly action: PolicyEntry['action'];
  readonly as?: PolicyEntry['as'];
  /** e.g. `user policy[1]`. */
  readonly by: string;
  /** Whether an exception counts against it. */
  readonly yields: boolean;
  /** Whether it rests on what the wire claims (source, client, label): then it may raise, never lower. */
  readonly isClaim: boolean;
  readonly matches: Test;
}

function listed<Item extends string>(value: Item | readonly Item[]): readonly Item[] {
  return typeof value === 'string' ? [value] : value;
}

const byName = { isPath: false, ignoreCase: true } as const;

function compileConditions(when: Omit<When, 'not'>, id: string): Test {
  const tests: Test[] = [];
  /** Adds a test of a text that may be absent. */
  const onText = (
    patterns: string | string[] | undefined,
    read: (finding: FindingFacts, exchange: ExchangeFacts) => string | undefined,
  ): void => {
    if (patterns === undefined) return;
    const test = compileGlobs(listed(patterns), byName);
    tests.push((finding, exchange) => {
      const text = read(finding, exchange);
      return text !== undefined && test(text);
    });
  };
  const onMember = <Value extends string>(
    values: Value | Value[] | undefined,
    read: (finding: FindingFacts, exchange: ExchangeFacts) => Value,
  ): void => {
    if (values === undefined) return;
    const members = new Set<Value>(listed(values));
    tests.push((finding, exchange) => members.has(read(finding, exchange)));
  };

  onMember(when.category, (finding) => finding.category);
  onMember(when.where, (finding) => finding.where);
  onMember(when.coverage, (finding) => finding.coverage ?? 'read');
  onMember<string>(when.jurisdiction, (_, exchange) => exchange.jurisdiction);
  const { severity, confidence, regime, count } = when;
  if (severity !== undefined) {
    tests.push((finding) => severities.indexOf(finding.severity) >= severities.indexOf(severity));
  }
  if (confidence !== undefined) {
    tests.push((finding) => confidences.indexOf(finding.confidence) >= confidences.indexOf(confidence));
  }
  if (regime !== undefined) {
    const test = compileGlobs(listed(regime), byName);
    tests.push((finding) => finding.regimes.some(test));
  }
  onText(when.rule, (finding) => finding.rule);
  onText(when.label, (finding) => finding.label);
  onText(when.vendor, (_, exchange) => exchange.vendor);
  onText(when.client, (_, exchange) => exchange.client);
  onText(when.user, (_, exchange) => exchange.user);
  onText(when.host, (_, exchange) => canonicalHost(exchange.host));
  if (when.source !== undefined) {
    const test = compilePathGlobs(listed(when.source), false);
    tests.push((_, __, sources) => test(sources));
  }
  // Last, so that only findings that fit all else are counted.
  if (count !== undefined) {
    tests.push(
      (finding, { counter }) =>
        counter === undefined || counter.add(id, count.per, finding.fingerprint) >= count.atLeast,
    );
  }
  return (finding, exchange, sources) => tests.every((test) => test(finding, exchange, sources));
}

/** Names the place of a value for a message: its line where the file is known, else its path. */
function placeIn(layer: PolicyLayer, path: readonly (string | number)[]): string {
  const key = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  const place = layer.placeOf?.(path);
  return place === undefined ? `${layer.name} ${key.slice(1)}` : `${place}: ${key.slice(1)}`;
}

/** Runs a compilation, naming the place in what it throws. */
function inPlace<Result>(layer: PolicyLayer, path: readonly (string | number)[], compile: () => Result): Result {
  try {
    return compile();
  } catch (error: unknown) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(error.code, `${placeIn(layer, path)}: ${error.message}`, { cause: error, hint: error.hint });
  }
}

/** Compiles a layer's patterns one by one, naming the line of the one that is wrong. */
export function compileListed<Item, Result>(
  layer: PolicyLayer,
  key: string,
  items: readonly Item[] | undefined,
  compile: (item: Item, by: string, index: number) => Result,
): readonly Result[] {
  return (items ?? []).map((item, index) =>
    inPlace(layer, [key, index], () => compile(item, `${layer.name} ${key}[${index}]`, index)),
  );
}

function checkRules(patterns: string | readonly string[] | undefined, ruleIds: readonly string[]): void {
  for (const pattern of patterns === undefined ? [] : listed(patterns)) {
    const test = compileGlob(pattern, byName);
    if (ruleIds.some(test)) continue;
    const near = nearest(pattern, ruleIds);
    const suggestion = near === undefined ? '' : `; did you mean ${near}`;
    throw new AppError('ERR_CONFIG_INVALID', `no rule in force is named ${JSON.stringify(pattern)}${suggestion}`, {
      hint: 'see `sluice rules list`',
    });
  }
}

/**
 * Compiles a layer's `policy:`.
 * @param ruleIds every rule that may be named.
 * @throws AppError `ERR_CONFIG_INVALID` for a rule that no pack has, or a pattern that cannot be read.
 */
export function compilePolicy(layer: PolicyLayer, ruleIds: readonly string[]): readonly CompiledEntry[] {
  return compileListed(layer, 'policy', layer.policy, (entry, by) => {
    const { not, ...when } = entry.when;
    checkRules(when.rule, ruleIds);
    checkRules(not?.rule, ruleIds);
    const holds = compileConditions(when, by);
    const fails = not === undefined ? undefined : compileConditions(not, `${by}.not`);
    return {
      action: entry.action,
      as: entry.as,
      by,
      yields: entry.exceptions,
      isClaim: [when.source, when.client, when.label].some((claim) => claim !== undefined),
      matches: (finding, exchange, sources) =>
        fails?.(finding, exchange, sources) !== true && holds(finding, exchange, sources),
    };
  });
}

/** A line of `allow:` ready to be asked. */
export interface CompiledException {
  readonly by: string;
  readonly matches: Test;
}

/** When an exception ends: the end of its last day, or the moment it names. */
function endMs(expires: string | undefined): number {
  if (expires === undefined) return Number.POSITIVE_INFINITY;
  return Date.parse(expires) + (expires.length === 10 ? 24 * 60 * 60 * 1000 : 0);
}

function compileException(entry: AllowEntry, by: string, ruleIds: readonly string[]): CompiledException {
  checkRules(entry.rule, ruleIds);
  const { fingerprint } = entry;
  const rule = entry.rule === undefined ? undefined : compileGlob(entry.rule, byName);
  const path = entry.path === undefined ? undefined : compilePathGlobs([entry.path], true);
  const host = entry.host === undefined ? undefined : compileHost(entry.host);
  const ends = endMs(entry.expires);
  return {
    by,
    matches: (finding, exchange, sources) =>
      exchange.nowMs < ends &&
      (fingerprint === undefined || finding.fingerprint === fingerprint) &&
      (rule === undefined || rule(finding.rule)) &&
      (path === undefined || path(sources)) &&
      (host === undefined || host(canonicalHost(exchange.host))),
  };
}

/** Compiles a layer's `allow:`. @throws AppError `ERR_CONFIG_INVALID` as {@link compilePolicy}. */
export function compileExceptions(layer: PolicyLayer, ruleIds: readonly string[]): readonly CompiledException[] {
  return compileListed(layer, 'allow', layer.allow, (entry, _, index) =>
    compileException(entry, `allow[${index}]`, ruleIds),
  );
}
