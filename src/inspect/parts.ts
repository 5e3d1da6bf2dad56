/** What every exchange under one configuration shares: the rooms' pieces, put together by `app/`. */
import type { KnownValues, Match, Matcher } from '../detect/match.ts';
import type { Rule } from '../detect/rule.ts';
import type { Placeholders } from '../mask/placeholders.ts';
import type { RestoreRules } from '../mask/stays-home.ts';
import type { FindingCounts } from '../policy/counter.ts';
import type { Policy } from '../policy/policy.ts';
import type { Registry } from '../providers/registry.ts';
import type { Memory } from './memory.ts';
import type { RefusalForm } from './refusal.ts';
import type { RequestLimits } from './request/scan.ts';

export interface InspectorParts {
  readonly policy: Policy;
  readonly registry: Registry;
  readonly matcher: Matcher;
  ruleOf(id: string): Rule | undefined;
  /** Protected values, strong and weak; those of a run besides. */
  readonly protectedValues: readonly KnownValues[];
  createKnown(): KnownValues;
  canSpread(value: Uint8Array, match: Pick<Match, 'rule' | 'confidence'>): boolean;
  readonly memory: Memory;
  readonly counts: FindingCounts;
  /** By user on a gateway, else the same for all. */
  placeholdersFor(user: string | undefined): Placeholders;
  /** `hmac:<key id>:<digest>` of a value. */
  readonly fingerprint: (value: Uint8Array) => string;
  readonly prefix: string;
  readonly limits: RequestLimits & { readonly gatherBytes: number };
  readonly refusalForm: RefusalForm;
  readonly restore: RestoreRules;
  /** Content codings of replies that this process can decode, lower case, `identity` included. */
  readonly replyCodings: ReadonlySet<string>;
  /** No rule, no protected value: bodies pass unread. */
  readonly findsNothing: boolean;
}

/** The parts with what is derived from them. */
export interface ExchangeParts extends InspectorParts {
  /** Returns text of the wire as it may be recorded: a digest where the detector finds something in it. */
  recordable(text: string): string;
}
