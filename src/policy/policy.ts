/** The policy's interface: pure judgements over findings and destinations. */
import type { Action, Category, Confidence, Severity } from '../core/finding.ts';

/** What a policy may look at in a finding. */
export interface FindingFacts {
  readonly rule: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly regimes: readonly string[];
  readonly confidence: Confidence;
  /** The rule's own action, used where no entry matches. */
  readonly ruleAction: Action;
  readonly fingerprint: string;
  readonly label?: string;
  readonly source?: string;
  readonly where: 'body' | 'header' | 'query' | 'path';
  /** How the place of the finding was read; `read` when absent. */
  readonly coverage?: 'read' | 'opaque' | 'unread';
}

/** Counts findings for entries with `count:`; state that is passed in, so that judging stays pure. */
export interface FindingCounter {
  /** Counts a value towards an entry and returns how many different ones the entry has seen in the span. */
  add(entry: string, per: 'request' | 'hour', fingerprint: string): number;
}

/** What a policy may look at in the exchange. */
export interface ExchangeFacts {
  readonly host: string;
  readonly path: string;
  readonly vendor: string;
  readonly jurisdiction: string;
  readonly client: string;
  readonly user?: string;
  readonly nowMs: number;
  /** Absent: an entry with `count:` counts as reached, the strict reading. */
  readonly counter?: FindingCounter;
}

/** What is to become of a finding, and who says so. */
export interface Judgement {
  readonly action: Action;
  readonly as: 'placeholder' | 'lookalike' | 'withheld';
  /** e.g. `user policy[1]`, `rule`, `allow[0]`, `observe`: for the record and `rules explain`. */
  readonly by: string;
}

/** Where a host stands. */
export interface DestinationRule {
  readonly action: 'inspect' | 'tunnel' | 'block';
  readonly vendor: string;
  /** ISO 3166-1 alpha-2, or `unknown`. */
  readonly jurisdiction: string;
  readonly release: 'verdict' | 'stream';
  /** `exact`: a body that cannot be gathered is refused instead of streamed. */
  readonly framing: 'exact' | 'any';
  /** Keyed fingerprints of the credentials that may be used there; empty: any. */
  readonly accounts: readonly string[];
  /** Which entry decided: `destinations[2]`, `built-in anthropic`, `unknownHosts`. */
  readonly by: string;
}

/** A side channel answered in place. */
export interface SideRoute {
  readonly action: 'answer' | 'block' | 'forward';
  readonly status: number;
  readonly json: unknown;
  readonly by: string;
}

/** What a line of `paths:` says about a file. */
export interface PathRule {
  readonly action: Action;
  readonly label?: string;
  /** What is withheld where the action is `mask`. */
  readonly hide: readonly ('content' | 'path')[];
  /** Which line, e.g. `user paths[0]`. */
  readonly by: string;
}

export interface Policy {
  /** A digest of everything that decides; stands in each decision. */
  readonly version: string;
  readonly mode: 'enforce' | 'observe';
  readonly onUnreadable: 'block' | 'forward';
  readonly onAuditFailure: 'block' | 'forward';
  /** Whether an entry in force may block by content (then nothing that cannot be gathered is streamed). */
  readonly blocksByContent: boolean;
  judge(finding: FindingFacts, exchange: ExchangeFacts): Judgement;
  destination(host: string, port: number): DestinationRule;
  sideRoute(host: string, path: string): SideRoute | undefined;
  /** The most severe line of `paths:` that covers a file, by the path the client names it with. */
  pathRule(source: string): PathRule | undefined;
}
