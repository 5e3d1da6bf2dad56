/** What every exchange under one configuration shares: the rooms' pieces, put together by `app/`. */
import type { ClientInfo, Destination } from '../core/decision.ts';
import type { RequestHead } from '../core/http.ts';
import type { KnownValues, Match, Matcher } from '../detect/match.ts';
import type { Rule } from '../detect/rule.ts';
import type { Placeholders } from '../mask/placeholders.ts';
import type { RestoreRules } from '../mask/stays-home.ts';
import type { FindingCounts } from '../policy/counter.ts';
import type { DestinationRule, Policy } from '../policy/policy.ts';
import type { Registry } from '../providers/registry.ts';
import type { RouteMatch } from '../providers/vendor.ts';
import type { CleanHeads } from './clean-heads.ts';
import type { DetectorParts } from './detector/asking.ts';
import type { OwnPlaces } from './credential.ts';
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
  /** A detector outside that gathered bodies are shown to, where there is one. */
  readonly detector?: DetectorParts;
  /** No rule, no protected value, no detector: bodies pass unread. */
  readonly findsNothing: boolean;
}

/** What a host and its port come to. */
interface KnownPlace {
  readonly destination: DestinationRule;
  /** Where its vendor expects its own credential. */
  readonly own: OwnPlaces;
  /** As recorded. */
  readonly recorded: Destination;
}

/** The parts with what is derived from them; what comes with every request is worked out once. */
export interface ExchangeParts extends InspectorParts {
  /** Returns text of the wire as it may be recorded: a digest where the detector finds something in it. */
  recordable(text: string): string;
  /** A request target as it may be recorded. */
  recordedPath(target: string): string;
  placeOf(host: string, port: number): KnownPlace;
  routeOf(head: RequestHead): RouteMatch;
  /** The client's name and version, as it claims them and as they are recorded. @param agent its user-agent */
  clientOf(agent: string): { readonly app: string; readonly recorded: ClientInfo };
  /** `hmac:<key id>:<digest>` of a bare credential. */
  credentialFingerprint(credential: string): string;
  readonly cleanHeads: CleanHeads;
}
