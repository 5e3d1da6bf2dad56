/** Settles hits: what policy makes of each, as findings for the record and splices for the text. */
import { actions, type Action, type Finding } from '../../core/finding.ts';
import { overlaps, type Range } from '../../body/range.ts';
import type { Splice } from '../../body/splice.ts';
import type { View } from '../../body/views.ts';
import type { FindingFacts, Judgement } from '../../policy/policy.ts';
import type { Meaning } from '../../providers/provider.ts';
import { detectorPack } from '../detector/asking.ts';
import { canonicalValue, spellingOf } from './canonical.ts';
import { eachHit, type Hit, type TextHits, type ViewHits } from './hits.ts';
import type { RequestScan } from './scan.ts';
import { asItStands, inJson, ownSpelling, writtenIn, type WrittenAt } from './spelling.ts';
import { uncovered } from './uncovered.ts';
import { urlHostAround } from './url-host.ts';

/** Where a text stands. */
export interface Place {
  /** A JSON pointer, `header:<name>`, `query:<name>`, `path`; absent in plain text. */
  readonly where: string | undefined;
  readonly kind: FindingFacts['where'];
  readonly meaning: Meaning;
  /** Maps a range of the text to the offsets that findings are reported in. */
  toOuter(start: number, end: number): Range;
}

/** What came of one text. */
export interface Settled {
  readonly findings: readonly Finding[];
  /** In the offsets of the text; ordered and disjoint. */
  readonly splices: readonly Splice[];
}

/** Where a text inside encodings stands. */
interface Depth extends Place {
  /** The encodings around it, outermost first. */
  readonly layers: readonly string[];
  readonly written: WrittenAt;
}

/** Whether a view shows what a protocol wrapped, and no file did: a field, the arguments of a call. */
function isWire({ encoding }: View, { meaning }: Place, at: ViewHits['at']): boolean {
  return at !== undefined || (meaning === 'tool-input' && encoding === 'json');
}

/** A hit that is to be masked, or a splice of a view, on the way to one splice. */
interface Mark extends Range {
  readonly hit: Hit | undefined;
  readonly as: Judgement['as'];
  readonly splice: Splice | undefined;
}

/**
 * The longest text that one placeholder stands for: the vault holds its value until the reply has ended. A longer one
 * (an endless private key) blocks where it would have to be masked.
 */
export const longestMasked = 1024 * 1024;
/** A longer value is not looked for elsewhere: its copies are found by its rule, and its forms would take megabytes. */
const longestSpread = 16 * 1024;

/** What a hit is called in the record where no rule is known for it. */
const unruled = { category: 'secret', severity: 'high', regimes: [], action: 'mask' } as const;

function factsOf(hit: Hit, kind: Place['kind'], fingerprint: string): FindingFacts {
  const { category, severity, regimes, action } = hit.rule ?? unruled;
  return {
    rule: hit.ruleId,
    category,
    severity,
    regimes,
    confidence: hit.confidence,
    ruleAction: action,
    fingerprint,
    where: kind,
  };
}

/** What a place makes of a judgement: some may not be changed, whatever policy says. */
function actionAt(meaning: Meaning, hit: Hit, judged: Action): Action {
  if (judged === 'forward') return judged;
  if (judged === 'mask' && isMaskable(meaning) && isTooLong(hit)) return 'block';
  if (meaning === 'opaque') return hit.origin === 'protected' ? 'block' : 'forward';
  if (meaning === 'signed') return 'forward';
  if (meaning === 'structural') {
    const isCertainSecret = hit.origin === 'rule' && hit.confidence === 'certain' && hit.rule?.category === 'secret';
    return isCertainSecret ? 'block' : 'forward';
  }
  return judged;
}

/** Whether a value is too long for a placeholder. */
function isTooLong({ start, end }: Range): boolean {
  return end - start > longestMasked;
}

/** Whether a place may be changed at all. */
export function isMaskable(meaning: Meaning): boolean {
  return meaning !== 'structural' && meaning !== 'opaque' && meaning !== 'signed';
}

/** Judges hits, keeps placeholders and the vault in step, and counts nothing: one per request. */
export class Settler {
  private readonly scan: RequestScan;
  /** What a detector calls values that no rule knows by themselves. */
  private readonly names = new Map<string, string>();

  constructor(scan: RequestScan) {
    this.scan = scan;
  }

  /** Notes what a detector calls a value: the first name counts for all of it, so that it has one placeholder. */
  name({ value, rule }: Hit): void {
    if (rule?.pack !== detectorPack) return;
    const key = Buffer.from(value).toString('latin1');
    if (!this.names.has(key)) this.names.set(key, rule.kind);
  }

  /** The kind of a placeholder: from the value alone where a rule knows it, else what a detector calls it. */
  private kindOf(value: Uint8Array, hit: Hit | undefined): string {
    const known = this.scan.matcher.classify(value)?.kind;
    if (known !== undefined) return known;
    const named = this.names.size === 0 ? undefined : this.names.get(Buffer.from(value).toString('latin1'));
    return named ?? (hit?.rule?.pack === detectorPack ? hit.rule.kind : 'SECRET');
  }

  /** The values of a text's hits that are to be masked elsewhere too. */
  spreading(found: TextHits, place: Pick<Place, 'kind' | 'meaning'>): readonly Hit[] {
    const values: Hit[] = [];
    if (!isMaskable(place.meaning)) return values;
    eachHit(found, (hit) => {
      const { rule } = hit;
      if (hit.origin !== 'rule' || rule === undefined || hit.confidence === 'possible') return;
      if (hit.value.length > longestSpread) return;
      if (this.judged(hit, place.kind).judgement.action === 'forward') return;
      if (this.scan.canSpread(hit.value, { rule, confidence: hit.confidence })) values.push(hit);
    });
    return values;
  }

  private judged(hit: Hit, kind: Place['kind']): { fingerprint: string; judgement: Judgement } {
    const fingerprint = this.scan.fingerprint(hit.value);
    return { fingerprint, judgement: this.scan.judge(factsOf(hit, kind, fingerprint)) };
  }

  /** Settles a text and the views in it. */
  settle(found: TextHits, place: Place): Settled {
    const findings: Finding[] = [];
    const splices = this.settleText(found, { ...place, layers: [], written: asItStands(found.text) }, findings);
    return { findings: findings.sort((a, b) => a.start - b.start || a.end - b.end), splices };
  }

  private settleText(found: TextHits, place: Depth, findings: Finding[]): readonly Splice[] {
    const { text, hits, views } = found;
    const marks: Mark[] = [];
    for (const hit of hits) this.mark(hit, place, findings, marks);
    for (const { view, inner, at } of views) {
      const innerPlace: Depth = {
        ...place,
        ...at,
        layers: at === undefined ? [...place.layers, view.encoding] : place.layers,
        written: isWire(view, place, at) ? asItStands(inner.text) : writtenIn(view, text, place.written),
        toOuter(start, end) {
          const range = view.toOuter(start, end);
          return place.toOuter(range.start, range.end);
        },
      };
      const within = this.settleText(inner, innerPlace, findings);
      for (const splice of view.toSplices(within)) {
        marks.push({ start: splice.start, end: splice.end, hit: undefined, as: 'placeholder', splice });
      }
    }
    let splices = this.merge(text, place, marks);
    // A placeholder is shorter than what it stands for, and its kind is a word: both may give a neighbour the context
    // that it lacked. Twice is enough for all but texts made for it.
    for (let round = 0; round < 3 && splices.length > 0; round += 1) {
      const more = uncovered(found, splices).filter((hit) => this.mark(hit, place, findings, marks, true));
      if (more.length === 0) break;
      splices = this.merge(text, place, marks);
    }
    return splices;
  }

  /** Judges a hit. Returns whether it is to be masked. `isLate`: it is of no interest unless it is. */
  private mark(hit: Hit, place: Depth, findings: Finding[], marks: Mark[], isLate = false): boolean {
    const { fingerprint, judgement } = this.judged(hit, place.kind);
    const action = actionAt(place.meaning, hit, judgement.action);
    if (isLate && action === 'forward') return false;
    this.scan.mention(hit.value);
    const range = place.toOuter(hit.start, hit.end);
    const told = action === 'block' && isTooLong(hit) ? { ...hit, reason: 'too long to be masked' } : hit;
    findings.push(toFinding(told, range, [...place.layers, ...hit.layers], place.where, fingerprint, action));
    if (action !== 'mask') return false;
    marks.push({ start: hit.start, end: hit.end, hit, as: judgement.as, splice: undefined });
    return true;
  }

  /** Makes one splice of marks that overlap: it stands for all of their text. */
  private merge(text: Uint8Array, place: Depth, marks: Mark[]): readonly Splice[] {
    marks.sort((a, b) => a.start - b.start || b.end - a.end);
    const splices: Splice[] = [];
    for (let first = 0; first < marks.length;) {
      const mark = marks[first];
      if (mark === undefined) break;
      const range = { start: mark.start, end: mark.end };
      let next = first + 1;
      for (let other = marks[next]; other !== undefined && overlaps(range, other); other = marks[next]) {
        range.end = Math.max(range.end, other.end);
        next += 1;
      }
      const cluster = marks.slice(first, next);
      const isWhole = cluster.length === 1 && mark.splice !== undefined;
      splices.push(isWhole ? mark.splice : this.splice(text, range, place, cluster));
      first = next;
    }
    return splices;
  }

  private splice(text: Uint8Array, range: Range, place: Depth, cluster: readonly Mark[]): Splice {
    const covering = cluster.find(
      ({ hit, start, end }) => hit !== undefined && start === range.start && end === range.end,
    );
    const first = covering ?? cluster.find(({ hit }) => hit !== undefined);
    const rule = first?.hit?.ruleId ?? 'overlap';
    if (cluster.some(({ as }) => as === 'withheld')) {
      return { ...range, replacement: Buffer.from(`[withheld by policy: ${rule}]`) };
    }
    const shown = text.slice(range.start, range.end);
    const value = covering?.hit?.value ?? canonicalValue(shown);
    const written = place.written(range.start, range.end);
    const own = ownSpelling(value, shown, written);
    const named = own === undefined ? value : Buffer.concat([value, Buffer.of(0), own]);
    const placeholder = this.scan.placeholders.make(this.kindOf(value, covering?.hit), named);
    const host = urlHostAround(text, range);
    const behind = String.fromCharCode(text[range.start - 1] ?? 0x20);
    const isStart = range.start === 0 && place.layers.at(-1) === 'json';
    const spelling = (isStart ? inJson(shown, written) : undefined) ?? spellingOf(shown, value, behind);
    this.scan.vault.add({
      placeholder,
      value,
      rule,
      urlHosts: host === undefined ? [] : [host],
      ...(own === undefined ? {} : { written: Buffer.from(own).toString() }),
      ...(spelling === undefined || own !== undefined ? {} : { spellings: [spelling] }),
    });
    return { ...range, replacement: Buffer.from(placeholder) };
  }
}

function toFinding(
  hit: Hit,
  { start, end }: Range,
  encoding: readonly string[],
  where: string | undefined,
  fingerprint: string,
  action: Action,
): Finding {
  const { category, severity, regimes } = hit.rule ?? unruled;
  return {
    rule: hit.ruleId,
    category,
    severity,
    ...(regimes.length === 0 ? {} : { regimes }),
    start,
    end,
    ...(where === undefined ? {} : { where }),
    ...(encoding.length === 0 ? {} : { encoding }),
    fingerprint,
    action,
    confidence: hit.confidence,
    ...(hit.reason === undefined ? {} : { reason: hit.reason }),
  };
}

/** The most severe action of findings; `forward` for none. */
export function worst(findings: readonly Finding[]): Action {
  let most: Action = 'forward';
  for (const { action } of findings) if (actions.indexOf(action) > actions.indexOf(most)) most = action;
  return most;
}
