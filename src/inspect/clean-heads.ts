/** Heads that held nothing when they were read: a client sends the same headers to the same places all day. */
import type { HeaderList } from '../core/http.ts';
import type { KnownValues } from '../detect/match.ts';
import { scanHead, type OwnCredentials, type ScannedHead } from './request/head.ts';
import type { RequestScan } from './request/scan.ts';

/** Texts that are kept for one identity; then all are dropped, which costs less than knowing which were used last. */
const keptAtMost = 256;
/** Longer ones are not kept, so that the memory stays small. */
const longestKept = 512;
const identitiesAtMost = 1000;
/** What leaves in its place is worked out anew. */
const length = /^content-length: \d+$/i;

type Head = Pick<ScannedHead, 'target' | 'headers'>;

function namesOf(headers: HeaderList): string {
  return headers.map(([name]) => name).join('\n');
}

/** What held nothing, read with one set of known values and placeholders. */
class CleanTexts {
  private readonly texts = new Set<string>();
  /** Each with the names of the query that were not read. */
  private readonly targets = new Map<string, ReadonlySet<string>>();
  private readonly placeholders: RequestScan['placeholders'];
  private readonly known: readonly (readonly [values: KnownValues, size: number])[];

  constructor({ placeholders, known }: RequestScan) {
    this.placeholders = placeholders;
    this.known = known.map((values) => [values, values.size]);
  }

  /** Whether nothing has become known since, for sets of known values only grow. */
  isOf({ placeholders, known }: RequestScan): boolean {
    return (
      placeholders === this.placeholders &&
      known.length === this.known.length &&
      this.known.every(([values, size], at) => values === known[at] && values.size === size)
    );
  }

  get isFull(): boolean {
    return this.texts.size + this.targets.size >= keptAtMost;
  }

  hasTarget(target: string, own: OwnCredentials): boolean {
    return this.targets.get(target) === own.query;
  }

  has(text: string): boolean {
    return this.texts.has(text);
  }

  addTarget(target: string, own: OwnCredentials): void {
    if (target.length <= longestKept) this.targets.set(target, own.query);
  }

  add(text: string): void {
    if (text.length <= longestKept) this.texts.add(text);
  }
}

/** Reads a head, and says whether nothing at all was found in it, whatever policy made of that. */
function reading(scan: RequestScan, head: Head, own: OwnCredentials): { scanned: ScannedHead; isEmpty: boolean } {
  let isEmpty = true;
  const judge: RequestScan['judge'] = (facts) => {
    isEmpty = false;
    return scan.judge(facts);
  };
  const scanned = scanHead({ ...scan, judge }, head, own);
  return { scanned, isEmpty: isEmpty && scanned.stop === undefined };
}

/** For a look at a part of a head: what is found there is found again in all of it. */
function withoutEffect(scan: RequestScan): RequestScan {
  return {
    ...scan,
    judge: () => ({ action: 'forward', as: 'placeholder', by: 'rule' }),
    learn: () => false,
    mention: () => undefined,
  };
}

export interface CleanHeads {
  /** Reads a head as {@link scanHead} does; what held nothing before, for the same identity, is not read again. */
  read(identity: string, scan: RequestScan, head: Head, own: OwnCredentials): ScannedHead;
}

/** Makes an empty memory for one configuration. Nothing of it leaves the process's memory. */
export function createCleanHeads(): CleanHeads {
  const byIdentity = new Map<string, CleanTexts>();

  function textsOf(identity: string, scan: RequestScan): CleanTexts {
    const kept = byIdentity.get(identity);
    if (kept?.isFull === false && kept.isOf(scan)) return kept;
    const texts = new CleanTexts(scan);
    if (byIdentity.size >= identitiesAtMost) byIdentity.clear();
    byIdentity.set(identity, texts);
    return texts;
  }

  return {
    read(identity, scan, head, own) {
      const clean = textsOf(identity, scan);
      const names = namesOf(head.headers);
      const isTargetClean = clean.hasTarget(head.target, own);
      const areNamesClean = clean.has(names);
      const unread = head.headers.filter(([name, value]) => {
        const text = `${name}: ${value}`;
        return !clean.has(text) && !length.test(text) && !own.headers.has(name.toLowerCase());
      });
      const isKnown = isTargetClean && areNamesClean;
      if (isKnown && unread.length === 0) return { ...head, findings: [] };
      if (!isKnown || !reading(withoutEffect(scan), { target: '', headers: unread }, own).isEmpty) {
        const { scanned, isEmpty } = reading(scan, head, own);
        if (!isEmpty) return scanned;
      }
      clean.add(names);
      clean.addTarget(head.target, own);
      for (const [name, value] of unread) clean.add(`${name}: ${value}`);
      return { ...head, findings: [] };
    },
  };
}
