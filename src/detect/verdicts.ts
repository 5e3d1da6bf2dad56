/** Remembers what checks last said: several anchors lead to one value, and several rules ask the same of it. */
import type { Candidate, Check } from './checks/check.ts';

interface Verdict {
  /** The number of the text. */
  text: number;
  start: number;
  end: number;
  holds: boolean;
}

/** The last verdict of each check in one text. A cache: checks see nothing but the text and the range. */
export class Verdicts {
  private readonly last = new Map<Check, Verdict>();
  private text = 0;

  /** Forgets the text. To be called before each text, and when it has grown. */
  begin(): void {
    this.text++;
  }

  /** Whether a check holds. */
  holds(check: Check, candidate: Candidate): boolean {
    const { start, end } = candidate;
    let verdict = this.last.get(check);
    if (verdict === undefined) this.last.set(check, (verdict = { text: 0, start: -1, end: -1, holds: false }));
    if (verdict.text !== this.text || verdict.start !== start || verdict.end !== end) {
      verdict.text = this.text;
      verdict.start = start;
      verdict.end = end;
      verdict.holds = check.test(candidate);
    }
    return verdict.holds;
  }
}
