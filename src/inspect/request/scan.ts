/** What reading a request needs from outside: a detector, a policy, placeholders. Made once per exchange. */
import type { Coverage } from '../../core/decision.ts';
import type { Question } from '../../core/detector.ts';
import type { BodyTransform } from '../../core/transform.ts';
import type { ReadableCoding } from '../../body/codings.ts';
import type { KnownValue, KnownValues, Match, Matcher } from '../../detect/match.ts';
import type { Rule } from '../../detect/rule.ts';
import type { Placeholders } from '../../mask/placeholders.ts';
import type { Vault } from '../../mask/vault.ts';
import type { FindingFacts, Judgement } from '../../policy/policy.ts';
import type { Provider } from '../../providers/provider.ts';

export interface RequestLimits {
  /** The most decoded bytes of one body. */
  readonly bodyBytes: number;
  /** How many encodings inside one another are undone. */
  readonly decodeDepth: number;
  /** How many times its size a coded body may grow to, past 4 MiB. */
  readonly expansionRatio: number;
}

/** The dependencies of one exchange's request side. Nothing here does input or output. */
export interface RequestScan {
  readonly matcher: Matcher;
  /** Values that are masked wherever they occur: protected ones, and those that the identity's memory holds. */
  readonly known: readonly KnownValues[];
  /** Makes an empty set, for the values found in this request. */
  createKnown(): KnownValues;
  /** Whether a found value is masked elsewhere too: long enough, and not a common word. */
  canSpread(value: Uint8Array, match: Pick<Match, 'rule' | 'confidence'>): boolean;
  /** Told each value that spreads, once per request: for the identity's memory. Returns whether it is new to it. */
  learn(value: KnownValue): boolean;
  /** Takes note of every value found: none may stand in the record. */
  mention(value: Uint8Array): void;
  /** The rule of an id, for what a known value was first found by. */
  ruleOf(id: string): Rule | undefined;
  readonly placeholders: Placeholders;
  readonly vault: Vault;
  readonly meaning: Provider['meaning'];
  judge(finding: FindingFacts): Judgement;
  /** `hmac:<key id>:<digest>` of a value. */
  fingerprint(value: Uint8Array): string;
  readonly limits: RequestLimits;
  /** Whether a provider claims the route: then a body that is not JSON is unreadable, not text. */
  readonly isKnownRoute: boolean;
}

/** How a body is announced. */
export interface BodyHead {
  /** The content-type header, if any: a hint. */
  readonly contentType: string | undefined;
  readonly coding: ReadableCoding;
}

/** Nothing to ask. */
export const noQuestions: readonly Question[] = [];

/** A request body's transform. */
export interface RequestBody extends BodyTransform {
  /**
   * Called once all of the body was pushed, before `end()`, and again after each answer: what a detector is to be asked
   * about, each text once; none when everything is known. A streamed body has nothing to ask: it has left by then.
   */
  questions(): readonly Question[];
  /** What has been read so far; final after `end()`. */
  coverage(): Coverage;
  /** Whether anything was replaced. */
  readonly isChanged: boolean;
  /**
   * Called once, after a stop: the bytes taken and not released, for a body that is sent on unread all the same. What was found in
   * them before is masked; the rest is as received.
   */
  rest(): readonly Uint8Array[];
}
