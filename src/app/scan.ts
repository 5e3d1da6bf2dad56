/** The detector on text that is not on its way anywhere: files, standard input, lines. */
import { concat, noBytes } from '../core/bytes.ts';
import type { Finding } from '../core/finding.ts';
import type { StopReason } from '../core/transform.ts';
import type { KnownValues } from '../detect/match.ts';
import { createGather } from '../inspect/request/gather.ts';
import type { RequestScan } from '../inspect/request/scan.ts';
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

/**
 * Scans one text with an engine's rules and policy.
 * @param known values that count besides the rules
 */
export function scanText(text: Uint8Array, engine: Engine, known: readonly KnownValues[] = []): ScannedText {
  const { parts, policy } = engine;
  const vault = createVault();
  const scan: RequestScan = {
    matcher: parts.matcher,
    known,
    createKnown: () => parts.createKnown(),
    canSpread: (value, match) => parts.canSpread(value, match),
    learn: () => undefined,
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
  const body = createGather(scan, { contentType: undefined, coding: 'identity' });
  const steps = text.length === 0 ? [] : [body.push(text), body.end()];
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
}
