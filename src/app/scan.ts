/** The detector on text that is not on its way anywhere: files, standard input, lines. */
import { concat, noBytes } from '../core/bytes.ts';
import type { Detector } from '../core/detector.ts';
import { AppError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import type { Step, StopReason } from '../core/transform.ts';
import type { KnownValues } from '../detect/match.ts';
import { Asking } from '../inspect/detector/asking.ts';
import { createGather } from '../inspect/request/gather.ts';
import type { RequestBody, RequestScan } from '../inspect/request/scan.ts';
import { createVault, type Vault } from '../mask/vault.ts';
import type { ExchangeFacts } from '../policy/policy.ts';
import type { Engine } from './engine.ts';

export interface ScannedText {
  /** With line and column. */
  readonly findings: readonly Finding[];
  /** The text with every masked range replaced; the text itself where nothing is. */
  readonly masked: Uint8Array;
  /** Values that were masked, by placeholder. */
  readonly vault: Vault;
  /** Why it was not masked: a finding that is to be blocked, or text that cannot be read. */
  readonly stop?: StopReason;
}

/** Nothing leaves: only what a policy says regardless of destination counts. */
const nowhere: ExchangeFacts = {
  host: 'localhost',
  path: '/',
  vendor: 'unknown',
  jurisdiction: 'unknown',
  client: 'sluice-scan',
  nowMs: 0,
};

/** Where each line begins, to turn offsets into lines and columns. */
class Lines {
  private readonly text: Buffer;
  private readonly starts: number[] = [0];

  constructor(text: Uint8Array) {
    this.text = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
    for (let at = this.text.indexOf(0x0a); at !== -1; at = this.text.indexOf(0x0a, at + 1)) this.starts.push(at + 1);
  }

  /** 1-based; the column counts UTF-16 code units, as editors and SARIF do. */
  at(offset: number): { readonly line: number; readonly column: number } {
    let low = 0;
    let high = this.starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    const start = this.starts[low] ?? 0;
    return { line: low + 1, column: this.text.toString('utf8', start, offset).length + 1 };
  }
}

/** A text that has been given to a reader, up to its end. */
interface Begun {
  readonly body: RequestBody;
  readonly first: Step;
  end(): ScannedText;
}

function begin(text: Uint8Array, { parts, policy }: Engine, known: readonly KnownValues[], asking?: Asking): Begun {
  const vault = createVault();
  const scan: RequestScan = {
    matcher: parts.matcher,
    known,
    createKnown: () => parts.createKnown(),
    canSpread: (value, match) => parts.canSpread(value, match),
    learn: () => true,
    mention: () => undefined,
    ruleOf: (id) => parts.ruleOf(id),
    placeholders: parts.placeholdersFor(undefined),
    vault,
    meaning: () => 'unknown',
    judge: (finding) => policy.judge(finding, nowhere),
    fingerprint: (value) => parts.fingerprint(value),
    limits: parts.limits,
    isKnownRoute: false,
  };
  const body = createGather(scan, { contentType: undefined, coding: 'identity' }, asking);
  const first = body.push(text);
  return {
    body,
    first,
    end() {
      const steps = text.length === 0 ? [] : [first, body.end()];
      const stopped = steps.find(({ stop }) => stop !== undefined)?.stop;
      const lines = new Lines(text);
      return {
        findings: steps
          .flatMap(({ findings }) => findings)
          .toSorted((a, b) => a.start - b.start || a.end - b.end)
          .map((finding) => ({ ...finding, ...lines.at(finding.start) })),
        masked: stopped === undefined ? concat(steps.flatMap(({ output }) => output)) : noBytes,
        vault,
        ...(stopped === undefined ? {} : { stop: stopped }),
      };
    },
  };
}

/**
 * Scans one text with an engine's rules and policy.
 * @param known values that count besides the rules
 */
export function scanText(text: Uint8Array, engine: Engine, known: readonly KnownValues[] = []): ScannedText {
  return begin(text, engine, known).end();
}

/** The same, with what the engine's detector sees in the text. */
export interface DetectedText extends ScannedText {
  /** Why the detector has not seen all of it, where its failure is no reason to stop. */
  readonly unseen?: string;
}

/**
 * Scans one text with an engine's rules and its detector, where it has one.
 * @throws AppError `ERR_DETECTOR` when it does not answer and `detector.onFailure` is `block`
 */
export async function scanWithDetector(text: Uint8Array, engine: Engine, detector: Detector): Promise<DetectedText> {
  const { detector: parts } = engine.parts;
  if (parts === undefined) return scanText(text, engine);
  const asking = new Asking(parts);
  const begun = begin(text, engine, [], asking);
  // Nobody goes away before the command ends.
  const { signal } = new AbortController();
  let questions = begun.first.stop === undefined ? begun.body.questions() : [];
  for (; questions.length > 0; questions = begun.body.questions()) {
    asking.answered(await detector.ask(questions, signal));
  }
  const scanned = begun.end();
  const { failure } = asking;
  if (failure === undefined) return scanned;
  if (parts.onFailure === 'block')
    throw new AppError('ERR_DETECTOR', `the detector has not seen all of it: ${failure}`);
  return { ...scanned, unseen: failure };
}
