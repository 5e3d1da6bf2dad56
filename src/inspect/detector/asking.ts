/** What one body has to ask a detector, what it was told, and what that comes to as hits. */
import { hash } from 'node:crypto';
import { part } from '../../core/bytes.ts';
import type { Answers, Question, Spot } from '../../core/detector.ts';
import type { Confidence } from '../../core/finding.ts';
import type { Range } from '../../body/range.ts';
import type { Rule } from '../../detect/rule.ts';
import { besides } from '../request/beside-placeholders.ts';
import { canonicalValue } from '../request/canonical.ts';
import type { Hit } from '../request/hits.ts';
import { noQuestions } from '../request/scan.ts';
import type { AnswerMemory } from './answer-memory.ts';
import { pieces } from './pieces.ts';
import { hasReadableWords, isWordByte, readable } from './readable.ts';

/** A detector as a configuration describes it; what all exchanges under it share. */
export interface DetectorParts {
  /** What its labels come to; others do not count. */
  readonly rules: ReadonlyMap<string, Rule>;
  readonly memory: AnswerMemory;
  /** What becomes of a body that it could not be asked about. */
  readonly onFailure: 'block' | 'forward';
  /** Shorter texts are not asked about, longer ones in pieces. */
  readonly leastBytes: number;
  readonly mostBytes: number;
}

/** The pack of rules that stand for a detector's labels. */
export const detectorPack = 'detector';

/** From this score on a name counts like a rule's probable finding: it is masked elsewhere too. */
const probableFrom = 0.85;
/** What is known by then changes which encoded texts there are: those are asked about too, but not for ever. */
const mostRounds = 4;

const noHits: readonly Hit[] = [];

/** The questions of one gathered body. */
export class Asking {
  private readonly parts: DetectorParts;
  /** Apart from the memory, which may forget while the body waits. */
  private readonly told = new Map<string, readonly Spot[]>();
  private readonly open = new Map<string, Question>();
  private rounds = 0;
  /** Why the detector did not look at all of it. */
  failure: string | undefined;

  constructor(parts: DetectorParts) {
    this.parts = parts;
  }

  /** Takes the questions that came up while the body was read. None once something has failed. */
  take(): readonly Question[] {
    if (this.open.size === 0 || this.failure !== undefined) return noQuestions;
    const questions = [...this.open.values()];
    this.open.clear();
    this.rounds += 1;
    if (this.rounds <= mostRounds) return questions;
    this.failure = 'its texts raise ever more questions';
    return noQuestions;
  }

  answered({ spots, failure }: Answers): void {
    for (const [key, found] of spots) {
      this.told.set(key, found);
      this.parts.memory.add(key, found);
    }
    this.failure ??= failure;
  }

  /** The body has been read for good: what is still open was never asked. */
  close(): void {
    if (this.open.size > 0) this.failure ??= 'it was not asked';
  }

  /**
   * What the detector sees in a text; what it has not been asked about becomes a question.
   * @param ours where placeholders stand in the text, asked for only when something was found
   */
  hits(text: Uint8Array, ours: () => readonly Range[]): readonly Hit[] {
    const { leastBytes, mostBytes } = this.parts;
    if (text.length < leastBytes) return noHits;
    const plain = readable(text);
    const spots: Spot[] = [];
    for (const { start, end } of pieces(plain, mostBytes)) {
      const piece = part(plain, start, end);
      if (!hasReadableWords(piece)) continue;
      for (const spot of this.spotsIn(piece)) spots.push({ ...spot, start: start + spot.start, end: start + spot.end });
    }
    return spots.length === 0 ? noHits : this.toHits(text, spots, ours());
  }

  private spotsIn(piece: Uint8Array): readonly Spot[] {
    const key = hash('sha256', piece, 'binary');
    const known = this.told.get(key) ?? this.parts.memory.get(key);
    if (known !== undefined) return known;
    if (this.failure === undefined && !this.open.has(key)) {
      this.open.set(key, { key, text: Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString('utf8') });
    }
    return [];
  }

  private toHits(text: Uint8Array, spots: readonly Spot[], ours: readonly Range[]): readonly Hit[] {
    return widest(spots).flatMap(({ label, score, ...range }) => {
      const rule = this.parts.rules.get(label);
      if (rule === undefined) return [];
      // A name may stand right beside a placeholder, and a placeholder may be taken for a name.
      return besides(range, ours)
        .map((left) => trimmed(text, left))
        .filter(({ start, end }) => text.subarray(start, end).some(isWordByte))
        .map(({ start, end }) => ({
          start,
          end,
          value: canonicalValue(text.slice(start, end)),
          ruleId: rule.id,
          rule,
          confidence: confidenceOf(text.subarray(start, end), score),
          reason: `the detector's score is ${score.toFixed(2)}`,
          origin: 'rule' as const,
          layers: [],
        }));
    });
  }
}

/** Leaves out what lies within a spot of the same label: two pieces may both have seen it, one of them not whole. */
function widest(spots: readonly Spot[]): readonly Spot[] {
  const reach = new Map<string, number>();
  return spots
    .toSorted((a, b) => a.start - b.start || b.end - a.end)
    .filter(({ label, end }) => {
      const furthest = reach.get(label) ?? 0;
      reach.set(label, Math.max(furthest, end));
      return end > furthest;
    });
}

/**
 * A single word in plain letters is only possibly a name, whatever its score: models take words of program text for
 * names, and a probable finding is masked wherever its value stands.
 */
function confidenceOf(value: Uint8Array, score: number): Confidence {
  const isMore = value.some((byte) => byte >= 0x80 || byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
  return isMore && score >= probableFrom ? 'probable' : 'possible';
}

/** A range without white space at its ends. */
function trimmed(text: Uint8Array, { start, end }: Range): Range {
  const isBlank = (byte: number | undefined): boolean =>
    byte === 0x20 || (byte !== undefined && byte >= 9 && byte <= 13);
  let from = start;
  let to = end;
  while (from < to && isBlank(text[from])) from += 1;
  while (to > from && isBlank(text[to - 1])) to -= 1;
  return { start: from, end: to };
}
