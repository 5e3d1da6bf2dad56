/** The findings of an exchange as an entry lists them: a list of addresses must not make an entry larger than itself. */
import type { UnlistedFindings } from '../core/decision.ts';
import type { Finding } from '../core/finding.ts';

/** Findings listed one by one for a rule and what became of them; an entry then has some 200 bytes for each. */
const listedOfOne = 200;
/** In all; the first of each rule and action is listed even beyond this. */
const listedInAll = 1000;

export interface ListedFindings {
  readonly findings: readonly Finding[];
  /** Absent when all are listed. */
  readonly unlisted?: readonly UnlistedFindings[];
}

/** Lists the first findings of each rule and action, in their order, and counts the rest. */
export function listFindings(all: readonly Finding[]): ListedFindings {
  if (all.length <= listedOfOne) return { findings: all };
  const kinds = new Map<string, { seen: number; unlisted: number; readonly first: Finding }>();
  const findings: Finding[] = [];
  for (const finding of all) {
    const key = `${finding.rule} ${finding.action}`;
    const kind = kinds.get(key) ?? { seen: 0, unlisted: 0, first: finding };
    if (kind.seen === 0) kinds.set(key, kind);
    const isListed = kind.seen === 0 || (kind.seen < listedOfOne && findings.length < listedInAll);
    kind.seen += 1;
    if (isListed) findings.push(finding);
    else kind.unlisted += 1;
  }
  const unlisted = [...kinds.values()].flatMap(({ unlisted: count, first: { action, category, rule } }) =>
    count === 0 ? [] : [{ action, category, count, rule }],
  );
  return unlisted.length === 0 ? { findings: all } : { findings, unlisted };
}
