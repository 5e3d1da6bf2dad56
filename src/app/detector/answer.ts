/** Reads a detector's answer: Presidio Analyzer's list of results, or anything at all. */
import { z } from 'zod';
import type { Spot } from '../../core/detector.ts';
import { byteOffsets } from './code-points.ts';
import { DetectorFailure } from './failure.ts';

/** What Presidio sends besides (an explanation, metadata) does not count. */
const resultSchema = z.array(
  z.object({
    entity_type: z.string(),
    start: z.int().min(0),
    end: z.int().min(0),
    score: z.number().min(0).max(1),
  }),
);

/** What counts of an answer. */
export interface Wanted {
  readonly labels: ReadonlySet<string>;
  readonly minScore: number;
}

/**
 * Checks an answer as a whole, and returns what counts of it, in bytes of the text's UTF-8.
 * @throws DetectorFailure `invalid`: one wrong place means that the others cannot be believed
 */
export function readAnswer(answer: unknown, text: string, { labels, minScore }: Wanted): readonly Spot[] {
  const read = resultSchema.safeParse(answer);
  if (!read.success) throw new DetectorFailure('invalid', 'its answer is not a list of results');
  const results = read.data;
  if (results.length === 0) return [];
  const offsets = byteOffsets(
    text,
    results.flatMap(({ start, end }) => [start, end]),
  );
  return results.flatMap(({ entity_type: label, start, end, score }) => {
    const from = offsets?.get(start);
    const to = offsets?.get(end);
    if (from === undefined || to === undefined || from >= to) {
      throw new DetectorFailure('invalid', 'its answer names a place outside the text');
    }
    return labels.has(label) && score >= minScore ? [{ label, start: from, end: to, score }] : [];
  });
}
