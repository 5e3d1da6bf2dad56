/** Verifies a record: its chain, its signatures, and what a checkpoint from elsewhere says of it. */
import { checkEntry, entryName, genesisHash, type ChainPlace, type ChainProblem, type StoredEntry } from './chain.ts';
import { isSigned, keyName, type Statement } from './checkpoint.ts';

/** What {@link verifyRecord} looks at. */
export interface RecordContent {
  /** In the chain's order. */
  readonly entries: Iterable<StoredEntry>;
  /** The database's, oldest first. */
  readonly statements: readonly Statement[];
  /** The lines of `checkpoints.log`; a line that is no statement is undefined. */
  readonly logged: readonly (Statement | undefined)[];
  /** The public key of this home's signing key; absent when the key is not at hand. */
  readonly key?: string;
  /** Checkpoints that were kept elsewhere. */
  readonly outside?: readonly Statement[];
}

/** `log verify --json` prints it. */
export interface Verification {
  readonly ok: boolean;
  /** Entries that were walked: those that retention has dropped do not count. */
  readonly entries: number;
  /** Hex hash of the last entry. */
  readonly head: string;
  /** Whether a checkpoint from elsewhere vouches for it. Without one, the record is consistent with itself, no more. */
  readonly anchored: boolean;
  readonly problems: readonly ChainProblem[];
}

/** More would only repeat the first. */
const problemsAtMost = 100;

type Named = readonly [name: string, statement: Statement];

/** Walks the whole record. */
export function verifyRecord(content: RecordContent): Verification {
  const problems: ChainProblem[] = [];
  const report = (id: string, problem: string): void => {
    if (problems.length < problemsAtMost) problems.push({ id, problem });
  };

  const inside = [...content.statements.map((statement): Named => [nameOf(statement), statement]), ...logged()];
  const outside = (content.outside ?? []).map((statement): Named => [`outside ${nameOf(statement)}`, statement]);
  const key = content.key ?? content.statements.at(-1)?.key ?? inside.at(-1)?.[1].key;
  const isGenuine = signatureCheck();
  const trusted = inside.filter((named) => checkSignature(named, key, isGenuine, report));
  const vouching = outside.filter((named) => checkSignature(named, key, isGenuine, report));
  compareLists(content, report);

  // A crash may have kept the newest out of the log, where older ones stand.
  const anchors = trusted.map(([, statement]) => statement).filter(({ kind }) => kind === 'anchor');
  const origin = originOf(anchors.toSorted((a, b) => a.entries - b.entries).at(-1));
  const claims = claimsByEntry([...trusted, ...vouching]);
  const { last, entries, unfitting } = walk(content.entries, origin, claims, report);

  // Those older than what retention has left say nothing about the rest; one that is not is enough.
  const telling = vouching.filter(([, statement]) => statement.entries >= origin.seq);
  if (outside.length > 0 && telling.length === 0 && vouching.length > 0) {
    report('outside', `speaks of nothing that retention has left (from entry ${origin.seq} on): use a newer one`);
  }
  reportMissingTail([...trusted, ...vouching], last, unfitting, report);
  const anchored =
    telling.length > 0 &&
    vouching.length === outside.length &&
    telling.every(([, statement]) => !unfitting.has(statement));
  return { ok: problems.length === 0, entries, head: last.hash, anchored, problems };

  function logged(): Named[] {
    const found: Named[] = [];
    for (const [index, statement] of content.logged.entries()) {
      if (statement === undefined) report(`checkpoints.log:${index + 1}`, 'the line is no checkpoint');
      else found.push([`checkpoints.log:${index + 1}`, statement]);
    }
    return found;
  }
}

type Report = (id: string, problem: string) => void;

function nameOf({ kind, entries }: Statement): string {
  return `${kind} ${entries}`;
}

function originOf(anchor: Statement | undefined): ChainPlace {
  return anchor === undefined ? { seq: 0, hash: genesisHash } : { seq: anchor.entries, hash: anchor.head };
}

/** Asks once for what stands in both lists: a signature costs half a millisecond, and three months have 130,000. */
function signatureCheck(): (statement: Statement) => boolean {
  const asked = new Map<string, boolean>();
  return (statement) => {
    const { kind, entries, head, time, key, signature } = statement;
    const identity = JSON.stringify([kind, entries, head, time, key, signature]);
    const known = asked.get(identity) ?? isSigned(statement);
    asked.set(identity, known);
    return known;
  };
}

function checkSignature(
  [name, statement]: Named,
  key: string | undefined,
  isGenuine: (statement: Statement) => boolean,
  report: Report,
): boolean {
  if (!isGenuine(statement)) {
    report(name, 'the signature does not fit: it was changed, or made without the key');
    return false;
  }
  if (statement.key !== key) {
    report(name, `signed with another key (${keyName(statement.key)}) than this record's (${keyName(key ?? '')})`);
    return false;
  }
  return true;
}

/**
 * The database and the log hold the same checkpoints, but for those that stand before the newest anchor, and for the
 * last: a process that is killed between its row and its line makes up for the line at its next start.
 */
function compareLists({ statements, logged }: RecordContent, report: Report): void {
  const anchored = statements.findLast(({ kind }) => kind === 'anchor')?.entries ?? 0;
  const identity = ({ kind, entries, signature }: Statement): string => `${kind} ${entries} ${signature}`;
  const stored = new Set(statements.map(identity));
  const written = new Set<string>();
  for (const [index, statement] of logged.entries()) {
    if (statement === undefined) continue;
    written.add(identity(statement));
    const isPast = statement.entries < anchored || (statement.kind === 'checkpoint' && statement.entries <= anchored);
    if (!isPast && !stored.has(identity(statement))) {
      report(`checkpoints.log:${index + 1}`, `${nameOf(statement)} is in the log but not in the database`);
    }
  }
  const furthest = logged.reduce((last, statement) => Math.max(last, statement?.entries ?? 0), 0);
  for (const [index, statement] of statements.entries()) {
    const isOnItsWay = index === statements.length - 1 && statement.entries > furthest;
    if (statement.kind === 'checkpoint' && !isOnItsWay && !written.has(identity(statement))) {
      report(nameOf(statement), 'is in the database but not in checkpoints.log');
    }
  }
}

function claimsByEntry(named: readonly Named[]): ReadonlyMap<number, readonly Named[]> {
  const claims = new Map<number, Named[]>();
  for (const claim of named) {
    const [, { entries }] = claim;
    const there = claims.get(entries);
    if (there === undefined) claims.set(entries, [claim]);
    else there.push(claim);
  }
  return claims;
}

interface Walk {
  readonly last: ChainPlace;
  readonly entries: number;
  /** Statements that the chain does not bear out. */
  readonly unfitting: Set<Statement>;
}

function walk(
  entries: Iterable<StoredEntry>,
  origin: ChainPlace,
  claims: ReadonlyMap<number, readonly Named[]>,
  report: Report,
): Walk {
  let place = origin;
  let count = 0;
  let vouchedFor = origin.seq;
  const unfitting = new Set<Statement>();
  const compare = (): void => {
    const here = claims.get(place.seq) ?? [];
    const wrong = here.filter(([, { head }]) => head !== place.hash);
    for (const [name, statement] of wrong) {
      unfitting.add(statement);
      report(name, `entry ${place.seq} has another hash now: entries ${vouchedFor + 1} to ${place.seq} were rewritten`);
    }
    if (here.length > wrong.length) vouchedFor = place.seq;
  };
  compare();
  for (const entry of entries) {
    if (entry.seq <= origin.seq) {
      report(entryName(entry), `entry ${entry.seq} stands before the chain begins: it was put there later`);
      continue;
    }
    const problem = checkEntry(place, entry);
    if (problem !== undefined) report(entryName(entry), problem);
    count += 1;
    // What follows is judged by what stands there now, so that one change is reported once.
    place = { seq: entry.seq, hash: entry.hash };
    compare();
  }
  return { last: place, entries: count, unfitting };
}

/** What the furthest statement knows and the record no longer holds. */
function reportMissingTail(named: readonly Named[], last: ChainPlace, unfitting: Set<Statement>, report: Report): void {
  const beyond = named.filter(([, { entries }]) => entries > last.seq);
  for (const [, statement] of beyond) unfitting.add(statement);
  const furthest = beyond.toSorted(([, a], [, b]) => a.entries - b.entries).at(-1);
  if (furthest === undefined) return;
  const [name, { entries, time }] = furthest;
  report(name, `the record ends at entry ${last.seq}, but had ${entries} entries at ${time}`);
}
