/** The record of one exchange: what was decided, why, and how it ended. No field ever holds a value that was found. */
import type { Action, Category, Finding } from './finding.ts';

/** What became of an exchange as a whole. */
export type ExchangeAction = Action | 'answer' | 'tunnel' | 'error';

/** The client, as it describes itself on the wire: a claim, not a fact. */
export interface ClientInfo {
  /** e.g. `claude-cli`; `unknown` when it does not say. */
  readonly app: string;
  readonly version: string;
  /** The name the client authenticated with at the proxy, if it did. */
  readonly user?: string;
}

export interface Destination {
  readonly host: string;
  readonly vendor: string;
  /** ISO 3166-1 alpha-2, or `unknown`. */
  readonly jurisdiction: string;
}

/** The credential a request presents to its vendor, by fingerprint. */
export interface CredentialInfo {
  /** e.g. `api-key`, `bearer`, `cookie`. */
  readonly kind: string;
  readonly fingerprint: string;
  readonly plan: string;
}

interface RequestInfo {
  readonly method: string;
  /** Scanned and shortened: query values are dropped, unexplained long segments are digests. */
  readonly path: string;
  readonly protocol: 'http/1.1' | 'h2' | 'connect';
  /** The content coding as sent, `identity` when none. */
  readonly coding: string;
  /** Body bytes as received from the client. */
  readonly bytes: number;
}

/** A file whose content this request carries for the first time. */
interface SourceUse {
  readonly path: string;
  readonly fingerprint: string;
  readonly bytes: number;
  readonly action: Action;
}

/** Body bytes by what became of them: read, opaque (known not to be text), unread (too deep, or passed by policy). */
export interface Coverage {
  readonly read: number;
  readonly opaque: number;
  readonly unread: number;
}

/** Findings beyond those that an entry lists, by rule and what became of them. */
export interface UnlistedFindings {
  readonly action: Action;
  readonly category: Category;
  readonly count: number;
  readonly rule: string;
}

/** What is appended to the chain when the verdict on a request is known. */
export interface DecisionEntry {
  readonly id: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly time: string;
  readonly client: ClientInfo;
  readonly destination: Destination;
  readonly credential?: CredentialInfo;
  readonly request: RequestInfo;
  readonly action: ExchangeAction;
  readonly reason?: string;
  readonly findings: readonly Finding[];
  /** Set where there are too many to list. */
  readonly unlisted?: readonly UnlistedFindings[];
  readonly sources: readonly SourceUse[];
  readonly coverage: Coverage;
  readonly policyVersion: string;
  /** The credential of the `sluice run` this exchange belongs to, hashed; for its summary. */
  readonly run?: string;
}

/** What is appended when the exchange has ended. */
export interface OutcomeEntry {
  /** The decision's id. */
  readonly id: string;
  readonly time: string;
  readonly response: { readonly status: number; readonly bytes: number };
  /** Milliseconds that Sluice itself added before the request's first byte could leave. */
  readonly addedMs: number;
  /** Request body bytes as received, where the decision came before the last of them. */
  readonly requestBytes?: number;
  /** Set when the exchange ended otherwise than the decision says (cut, reset, refused halfway). */
  readonly action?: ExchangeAction;
  readonly reason?: string;
  /** Findings that came after the decision (a streamed body), and what the reply restored or held back. */
  readonly findings?: readonly Finding[];
  readonly unlisted?: readonly UnlistedFindings[];
  readonly restored?: RestoreCounts;
  readonly coverage?: Coverage;
}

/** How many placeholders a reply held, by what became of them. */
export interface RestoreCounts {
  readonly restored: number;
  /** Kept as placeholders by the "stays home" rules. */
  readonly heldBack: number;
  /** Not known to this exchange. */
  readonly unresolved: number;
}

/** A decision merged with its outcome, as `log --json` prints it. */
export interface Decision extends Omit<DecisionEntry, 'run'> {
  readonly response: { readonly status: number; readonly bytes: number };
  readonly addedMs: number;
  readonly restored?: RestoreCounts;
  /** Hex SHA-256 of the chain entry. */
  readonly chain: string;
}
