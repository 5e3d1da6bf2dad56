/** What leaves a streamed body: its findings and splices until they are due, and why it was stopped. */
import { append } from '../../core/append.ts';
import type { Finding } from '../../core/finding.ts';
import type { StopReason } from '../../core/transform.ts';
import type { Splice } from '../../body/splice.ts';
import { worst, type Settled } from './settle.ts';

/** Collects what settled texts give. */
export class StreamOutlet {
  /** Whether anything was replaced in what has left. */
  isChanged = false;
  private splices: Splice[] = [];
  private findings: Finding[] = [];
  private reason: StopReason | undefined;
  private at = 0;
  private readonly onHalt: () => void;

  /** @param onHalt called when the body is stopped, so that nothing more of it is read */
  constructor(onHalt: () => void) {
    this.onHalt = onHalt;
  }

  /** Why the body was stopped, if it was. */
  get stopped(): StopReason | undefined {
    return this.reason;
  }

  /** Where it was stopped: nothing from this body offset on is released. */
  get stoppedAt(): number {
    return this.at;
  }

  /** Stops for good: nothing from `at` on is released. */
  halt(kind: StopReason['kind'], reason: string, at: number): void {
    if (this.reason !== undefined) return;
    this.reason = { kind, reason };
    this.at = at;
    this.onHalt();
  }

  /**
   * Takes what came of a text that begins at `start`.
   * @param isBinary whether it is data that cannot be rewritten
   */
  settle(start: number, { findings }: Settled, splices: readonly Splice[], isBinary: boolean): void {
    append(this.findings, findings);
    append(this.splices, splices);
    if (worst(findings) === 'block') this.halt('blocked', 'a finding is blocked by policy', start);
    else if (splices.length > 0 && isBinary) {
      this.halt('blocked', 'a finding stands in binary data that cannot be rewritten', start);
    }
  }

  /** Takes out the findings that have not been reported. */
  takeFindings(): readonly Finding[] {
    const { findings } = this;
    this.findings = [];
    return findings;
  }

  /** Takes out the splices that end before a body offset. */
  takeSplices(upTo: number): readonly Splice[] {
    if (this.splices.length === 0) return this.splices;
    const ready = this.splices.filter(({ end }) => end <= upTo);
    this.splices = this.splices.filter(({ end }) => end > upTo);
    if (ready.length > 0) this.isChanged = true;
    return ready;
  }
}
