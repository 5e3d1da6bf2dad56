/** A request scan for tests: the real matcher and known values, a few rules, and an open policy. */
import { createKnownValues } from '../../src/detect/known-values.ts';
import type { KnownValue } from '../../src/detect/match.ts';
import { createMatcher } from '../../src/detect/matcher.ts';
import type { Rule } from '../../src/detect/rule.ts';
import type { RequestScan } from '../../src/inspect/request/scan.ts';
import { createFingerprinter } from '../../src/mask/fingerprint.ts';
import { createPlaceholders } from '../../src/mask/placeholders.ts';
import { createVault } from '../../src/mask/vault.ts';
import { plainRule } from './rules.ts';

const key = Buffer.alloc(32, 7);

/** A token of an exact shape, a generic assignment, a key block, a recorded address, a long number. */
export const testRules: readonly Rule[] = [
  plainRule('test-token', String.raw`\b(?<value>tkn_[A-Za-z0-9]{24})\b`),
  plainRule('test-assignment', String.raw`(?i:password)["']?\s{0,2}[:=]\s{0,2}["']?(?<value>[^\s"'\\,;]{8,64})`, {
    isGeneric: true,
    kind: 'PASSWORD',
  }),
  plainRule('test-key', String.raw`(?<value>-----BEGIN TEST KEY-----[\s\S]{20,900}?-----END TEST KEY-----)`),
  plainRule('test-address', String.raw`\b(?<value>[a-z]{1,20}@[a-z]{1,20}\.test)\b`, {
    category: 'regulated',
    action: 'forward',
  }),
  plainRule('test-number', String.raw`\b(?<value>4929[0-9]{12})\b`, { category: 'regulated', regimes: ['PCI-DSS'] }),
];

export interface TestScan extends RequestScan {
  /** What was learned, as text. */
  readonly learned: string[];
}

export interface TestScanOptions extends Partial<RequestScan> {
  readonly rules?: readonly Rule[];
  /** Protected values. */
  readonly protect?: readonly (string | Uint8Array)[];
}

const matchers = new Map<readonly Rule[], ReturnType<typeof createMatcher>>();

/** Makes a scan; every part can be replaced. */
export function requestScan({ rules = testRules, protect = [], ...more }: TestScanOptions = {}): TestScan {
  const matcher = matchers.get(rules) ?? createMatcher(rules);
  matchers.set(rules, matcher);
  const known = createKnownValues();
  for (const value of protect) {
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    known.add({ bytes, rule: 'protected-value', name: 'NAME', isProtected: true });
  }
  const learned: string[] = [];
  const fingerprint = createFingerprinter({ keyId: 'test', key });
  return {
    matcher,
    known: [known],
    createKnown: createKnownValues,
    canSpread: (value) => value.length >= 8,
    learn: (value: KnownValue) => learned.push(Buffer.from(value.bytes).toString()) > 0,
    mention: () => undefined,
    ruleOf: (id) => rules.find((candidate) => candidate.id === id),
    placeholders: createPlaceholders({ key, prefix: 'SLUICE' }),
    vault: createVault(),
    meaning: () => 'unknown',
    judge: ({ ruleAction }) => ({ action: ruleAction, as: 'placeholder', by: 'rule' }),
    fingerprint,
    limits: { bodyBytes: 64 * 1024 * 1024, decodeDepth: 4, expansionRatio: 200 },
    isKnownRoute: false,
    learned,
    ...more,
  };
}

/** A token that the test rules know, made of a letter so that no scanner takes it for a real one. */
export function token(seed: string): string {
  return `tkn_${seed.repeat(24).slice(0, 24)}`;
}
