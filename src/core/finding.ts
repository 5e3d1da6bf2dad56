/** What a detector reports: where something that must not leave stands, and how sure we are. */

/** What kind of thing a rule names. */
export type Category = 'secret' | 'regulated' | 'proprietary' | 'environment';

/** How bad it is when it leaves; `info` is for published example values. Ordered by {@link severities}. */
export type Severity = 'info' | 'low' | 'medium' | 'high' | 'critical';

/** How sure the detector is. Ordered by {@link confidences}. */
export type Confidence = 'possible' | 'probable' | 'certain';

/** What becomes of a finding. Ordered by {@link actions}: the most severe wins. */
export type Action = 'forward' | 'mask' | 'block';

/** Severities from harmless to worst. */
export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const satisfies readonly Severity[];
/** Confidences from weakest to strongest. */
export const confidences = ['possible', 'probable', 'certain'] as const satisfies readonly Confidence[];
/** Actions from mildest to most severe. */
export const actions = ['forward', 'mask', 'block'] as const satisfies readonly Action[];
/** Categories, in the order reports print them. */
export const categories = ['secret', 'regulated', 'proprietary', 'environment'] as const satisfies readonly Category[];

/** Returns the more severe of two actions. */
export function mostSevere(a: Action, b: Action): Action {
  return actions.indexOf(a) >= actions.indexOf(b) ? a : b;
}

/**
 * One finding, as `scan --json` and `log --json` print it. It never holds the value itself.
 *
 * `start` and `end` are byte offsets of the range that is replaced: in the body after its content coding is undone,
 * in the header's value, or in the request target, as `where` says.
 */
export interface Finding {
  readonly rule: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly regimes?: readonly string[];
  readonly label?: string;
  readonly start: number;
  readonly end: number;
  /** 1-based; only `scan` sets them. */
  readonly line?: number;
  readonly column?: number;
  /** A JSON pointer (`/messages/0/content`), `header:<name>`, `query:<name>` or `path`; absent in plain text. */
  readonly where?: string;
  /** Layers between the outer text and the value, outermost first, e.g. `["base64","json"]`. */
  readonly encoding?: readonly string[];
  /** The file that the content came from, as the assistant named it. */
  readonly source?: string;
  /** The scanned file; only `scan` of several files sets it. */
  readonly file?: string;
  /** `hmac:<key id>:<digest>`: keyed, so that it proves equality without telling the value. */
  readonly fingerprint: string;
  readonly action: Action;
  readonly confidence: Confidence;
  readonly reason?: string;
}
