/** What scanning costs beside others, in one run with alternating rounds: megabytes (10^6 bytes) per second of CPU time. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJson } from '../../src/body/json-document.ts';
import { toPointer } from '../../src/body/json-path.ts';
import type { Matcher } from '../../src/detect/match.ts';
import { createMatcher } from '../../src/detect/matcher.ts';
import { Assignments } from '../../src/inspect/request/assignment.ts';
import { CleanTexts } from '../../src/inspect/request/clean-texts.ts';
import { eachUnread } from '../../src/inspect/request/unread-nodes.ts';
import { loadRules } from '../../src/rules/load.ts';
import { measureRulesReady, rulesReadyRows, type RulesReady } from './rules-ready.ts';
import { floods, makeCorpus, makeRequest } from './scan-corpus.ts';
import { createNaiveLoop, createSecretlint, startHyperscan } from './scan-rivals.ts';

/** Speeds of the rounds in MB/s of CPU time. */
export interface Speed {
  readonly best: number;
  readonly median: number;
}

export interface ScanLimit {
  readonly name: string;
  readonly value: number;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly isKept: boolean;
}

export interface ScanResults {
  readonly speeds: Readonly<Record<string, Speed>>;
  readonly floods: Readonly<Record<string, number>>;
  readonly hyperscan: readonly { readonly rules: number; readonly refused: number }[] | undefined;
  readonly rules: { readonly secrets: number; readonly all: number };
  readonly ready: RulesReady;
  /** 99th percentile of one warm request of 50 KB, in microseconds. */
  readonly p99Us: number;
  readonly limits: readonly ScanLimit[];
}

const corpusBytes = 8_000_000;
const floodBytes = 2_000_000;
const requestBytes = 50_000;
/** Slow ones get a part of the corpus: about so many bytes. */
const partBytes = 700_000;
const interleaved = 40;

/** One text that arrives in chunks: keeps what the matcher must see again. */
class Stream {
  private readonly matcher: Matcher;
  private held: Buffer = Buffer.alloc(0);
  private resume = 0;
  found = 0;

  constructor(matcher: Matcher) {
    this.matcher = matcher;
  }

  push(chunk: Uint8Array, isLast: boolean): void {
    const kept = Math.max(0, this.resume - this.matcher.lookBehind);
    const text = Buffer.concat([this.held.subarray(kept), chunk]);
    const step = this.matcher.scan(text, this.resume - kept, isLast);
    this.held = text;
    this.resume = step.resume;
    this.found += step.matches.length;
  }
}

function scanChunked(matcher: Matcher, bodies: readonly Buffer[], chunk: number): number {
  let found = 0;
  for (const body of bodies) {
    const stream = new Stream(matcher);
    for (let at = 0; at < body.length; at += chunk)
      stream.push(body.subarray(at, at + chunk), at + chunk >= body.length);
    found += stream.found;
  }
  return found;
}

function scanInterleaved(matcher: Matcher, bodies: readonly Buffer[], chunk: number): number {
  let found = 0;
  const open = bodies.slice(0, interleaved).map((body) => ({ body, at: 0, stream: new Stream(matcher) }));
  let rest = interleaved;
  while (open.length > 0) {
    for (const [index, one] of open.entries()) {
      const end = one.at + chunk;
      one.stream.push(one.body.subarray(one.at, end), end >= one.body.length);
      one.at = end;
      if (end < one.body.length) continue;
      found += one.stream.found;
      const body = bodies[rest++];
      if (body === undefined) open.splice(index, 1);
      else open[index] = { body, at: 0, stream: new Stream(matcher) };
    }
  }
  return found;
}

/** As the product reads a gathered body: short strings behind their names and together, every finding with its pointer. */
function scanJson(matcher: Matcher, bodies: readonly Buffer[]): number {
  let found = 0;
  for (const body of bodies) {
    const read = readJson(body, { maxDepth: 200, isSequence: false });
    if (!read.ok) throw new Error(read.reason);
    const { document } = read;
    const assignments = new Assignments();
    const shown = (text: Uint8Array, name: string | undefined, isNumber: boolean): Uint8Array =>
      (name === undefined ? undefined : assignments.of(name, text, isNumber)?.text) ?? text;
    eachUnread(document, {
      clean: new CleanTexts(),
      screen: matcher.screen,
      shown,
      read: ({ node, text, name, isMatched }) => {
        if (!isMatched) return true;
        const { matches } = matcher.scan(shown(text, name, node.kind === 'number'), 0, true);
        if (matches.length > 0) found += toPointer(document.path(node)).length > 0 ? matches.length : 0;
        return matches.length === 0;
      },
    });
  }
  return found;
}

/** Microseconds of CPU time of a piece of work. */
async function cost(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function sizeOf(bodies: readonly Buffer[]): number {
  return bodies.reduce((sum, body) => sum + body.length, 0);
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}

/** Runs the comparison. */
export async function benchScan(rounds: number, log: (text: string) => void): Promise<ScanResults> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-scan-'));
  try {
    return await measure(folder, rounds, log);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, rounds: number, log: (text: string) => void): Promise<ScanResults> {
  const { clean, planted, secrets } = makeCorpus(corpusBytes, 1);
  log(`${String(clean.length)} bodies, ${(sizeOf(clean) / 1e6).toFixed(1)} MB, ${String(secrets)} secrets planted`);
  const secretRules = loadRules(['secrets']);
  const allRules = loadRules(['secrets', 'regulated/*']);
  const bySecrets = createMatcher(secretRules);
  const byAll = createMatcher(allRules);
  const cleanFile = join(folder, 'clean');
  writeFileSync(cleanFile, Buffer.concat(clean));
  log('compiling Hyperscan databases');
  const hyperscan = await startHyperscan(folder, [secretRules, allRules]);
  const secretlint = await createSecretlint();
  const naive = createNaiveLoop(allRules);
  const part = Buffer.concat(clean).subarray(0, partBytes).toString('latin1');
  const parsed = clean.map((body) => body);

  interface Variant {
    readonly bytes: number;
    readonly run: () => Promise<number>;
  }
  const here = (bytes: number, work: () => unknown): Variant => ({ bytes, run: async () => cost(work) });
  const size = sizeOf(clean);
  const variants: Readonly<Record<string, Variant>> = {
    'secrets, clean': here(size, () => scanChunked(bySecrets, clean, 65_536)),
    'secrets, planted': here(sizeOf(planted), () => scanChunked(bySecrets, planted, 65_536)),
    'all rules, clean': here(size, () => scanChunked(byAll, clean, 65_536)),
    'all rules, planted': here(sizeOf(planted), () => scanChunked(byAll, planted, 65_536)),
    'all rules, 16 KB': here(size, () => scanChunked(byAll, clean, 16_384)),
    'all rules, 4 KB': here(size, () => scanChunked(byAll, clean, 4096)),
    'all rules, 1 KB': here(size, () => scanChunked(byAll, clean, 1024)),
    'all rules, 40 streams': here(size, () => scanInterleaved(byAll, clean, 16_384)),
    'all rules + JSON, clean': here(size, () => scanJson(byAll, clean)),
    'all rules + JSON, planted': here(sizeOf(planted), () => scanJson(byAll, planted)),
    'naive loop': here(part.length, () => naive(part)),
    secretlint: here(part.length, async () => secretlint(part)),
    'JSON.parse': here(size, () => {
      for (const body of parsed) JSON.parse(body.toString());
    }),
    sha256: here(size, () => {
      for (const body of clean) createHash('sha256').update(body).digest();
    }),
    ...(hyperscan === undefined
      ? {}
      : {
          'Hyperscan, secrets': { bytes: size, run: async () => hyperscan.scan(0, 65_536, cleanFile) },
          'Hyperscan, all': { bytes: size, run: async () => hyperscan.scan(1, 65_536, cleanFile) },
        }),
  };

  const measured = new Map<string, number[]>(Object.keys(variants).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    log(round === 0 ? 'warming up' : `round ${String(round)} of ${String(rounds)}`);
    for (const [name, { bytes, run }] of Object.entries(variants)) {
      // Once untimed: what the one before has left behind, code thrown away and garbage, is not the cost of this one.
      await run();
      if (round > 0) measured.get(name)?.push(bytes / (await run()));
    }
  }
  hyperscan?.stop();
  const speeds = Object.fromEntries(
    [...measured].map(([name, values]) => [name, { best: Math.max(...values), median: percentile(values, 0.5) }]),
  );

  log('floods');
  const flooded: Record<string, number> = {};
  for (const [name, text] of Object.entries(floods(floodBytes))) {
    const costs: number[] = [];
    for (let round = 0; round < 3; round++) costs.push(await cost(() => byAll.scan(text, 0, true)));
    flooded[name] = text.length / Math.min(...costs);
  }

  const request = makeRequest(requestBytes);
  const times = Array.from({ length: 300 }, () => {
    const start = process.hrtime.bigint();
    scanJson(byAll, [request]);
    return Number(process.hrtime.bigint() - start) / 1000;
  });

  const results = {
    speeds,
    floods: flooded,
    hyperscan: hyperscan?.databases,
    rules: { secrets: secretRules.length, all: allRules.length },
    ready: measureRulesReady(),
    p99Us: percentile(times, 0.99),
  };
  return { ...results, limits: limitsOf(results) };
}

function limitsOf(results: Omit<ScanResults, 'limits'>): readonly ScanLimit[] {
  const speed = (name: string): number => results.speeds[name]?.median ?? Number.NaN;
  const ratio = (name: string, over: string): number => speed(name) / speed(over);
  const least = (name: string, value: number, atLeast: number): ScanLimit => ({
    name,
    value,
    atLeast,
    isKept: value >= atLeast,
  });
  const most = (name: string, value: number, atMost: number): ScanLimit => ({
    name,
    value,
    atMost,
    isKept: value <= atMost,
  });
  const { ready } = results;
  const hyperscan =
    results.hyperscan === undefined
      ? []
      : [
          least('secrets / Hyperscan on secrets', ratio('secrets, clean', 'Hyperscan, secrets'), 0.6),
          least('all rules + JSON / Hyperscan on all rules', ratio('all rules + JSON, clean', 'Hyperscan, all'), 4),
        ];
  return [
    ...hyperscan,
    least('all rules / naive loop', ratio('all rules, clean', 'naive loop'), 100),
    least('all rules / secretlint', ratio('all rules, clean', 'secretlint'), 15),
    least('all rules / JSON.parse', ratio('all rules, clean', 'JSON.parse'), 3),
    least('planted / clean', ratio('all rules, planted', 'all rules, clean'), 0.9),
    least('16 KB / 64 KB chunks', ratio('all rules, 16 KB', 'all rules, clean'), 0.95),
    least('worst flood, MB/s', Math.min(...Object.values(results.floods)), 100),
    most('rules ready, first start, ms of CPU time', ready.firstMs, 500),
    most('rules ready, later starts', ready.laterMs, 100),
    most('shared memory, MB', (ready.bytes.heap + ready.bytes.tables + ready.bytes.kernel) / 2 ** 20, 4),
    most('a stream keeps at most, KB', ready.streamBytes / 1024, 16),
    most('50 KB request, p99, µs', results.p99Us, 100),
  ];
}

/** The tables, for people. */
export function scanTables({ speeds, floods: flooded, limits, rules, hyperscan, ready }: ScanResults): string {
  const row = (name: string, ...cells: readonly (string | number)[]): string =>
    [name.padEnd(44), ...cells.map((cell) => (typeof cell === 'string' ? cell : shown(cell)).padStart(12))].join('');
  const taken = hyperscan
    ?.map(({ rules: count, refused }) => `${String(count)} taken, ${String(refused)} refused`)
    .join('; ');
  return [
    row(`MB/s of CPU time (${String(rules.secrets)} secret rules, ${String(rules.all)} in all)`, 'best', 'median'),
    ...Object.entries(speeds).map(([name, { best, median }]) => row(name, best, median)),
    ...(taken === undefined ? ['Hyperscan is not installed here'] : [`Hyperscan: ${taken}`]),
    '',
    row('floods, MB/s', 'best of 3'),
    ...Object.entries(flooded).map(([name, value]) => row(name, value)),
    '',
    ...rulesReadyRows(ready).map(([name, value]) => row(name, value)),
    '',
    ...limits.map(({ name, value, atLeast, atMost, isKept }) =>
      row(
        name,
        value,
        atLeast === undefined ? `<= ${String(atMost)}` : `>= ${String(atLeast)}`,
        isKept ? 'kept' : 'MISSED',
      ),
    ),
  ].join('\n');
}

function shown(value: number): string {
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
}
