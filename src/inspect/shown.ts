/** What one request showed: its findings as they may be recorded, and its values, which none of its record may name. */
import type { Finding } from '../core/finding.ts';
import { append } from '../core/append.ts';
import type { KnownValues } from '../detect/match.ts';
import { listFindings, type ListedFindings } from './listed-findings.ts';
import { Mentioned } from './mentioned.ts';

/** Collects them while the request is read. */
export class Shown {
  readonly findings: Finding[] = [];
  /** Made with the first value. */
  private mentioned: Mentioned | undefined;

  add(findings: readonly Finding[]): void {
    append(this.findings, findings);
  }

  /** Takes note of a value. @param known protected values, and those of earlier requests */
  mention(value: Uint8Array, known: readonly KnownValues[]): void {
    this.mentioned ??= new Mentioned(known);
    this.mentioned.add(value);
  }

  /** The findings from a number on, as they may be recorded. */
  listed(from: number): ListedFindings {
    const { findings, ...rest } = listFindings(from === 0 ? this.findings : this.findings.slice(from));
    return { ...rest, findings: this.mentioned?.hideInPlaces(findings) ?? [...findings] };
  }

  /** A path without the values that were found. */
  hideInPath(path: string): string {
    return this.mentioned?.hideInPath(path) ?? path;
  }
}
