/** Scores the packs that ship on labelled texts: `CORPORA=<folder> npx tsx test/helpers/accuracy.ts`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { z } from 'zod';
import { table } from './docs.ts';

const figuresFile = 'rules/accuracy.json';

/** What one file of labelled texts gave; shares are between 0 and 1. */
const labelled = z.strictObject({
  /** Documents with a hit, of those and the documents without a value in which something was found. */
  precision: z.number(),
  /** Values found, of those expected. */
  recall: z.number(),
  /** Hits whose range is the value itself, of the hits on values that are named. */
  exact: z.number(),
  values: z.int(),
});
const figuresSchema = z.strictObject({
  labelled: z.record(z.string(), labelled),
  /** Findings per megabyte (10^6 bytes) of text that holds nothing. */
  clean: z.record(z.string(), z.number()),
});
type Labelled = z.infer<typeof labelled>;
type Figures = z.infer<typeof figuresSchema>;

const documentSchema = z.object({
  id: z.string(),
  text: z.string(),
  expect: z
    .array(z.object({ value: z.string().nullish(), start: z.int().optional(), end: z.int().optional() }))
    .default([]),
});
type Labels = z.infer<typeof documentSchema>;
const answerSchema = z.object({
  findings: z.array(z.object({ category: z.string(), start: z.int(), end: z.int() })),
});
type Found = { readonly start: number; readonly end: number; readonly value: string };

/** The figures as they were last measured. */
function readFigures(): Figures {
  return figuresSchema.parse(JSON.parse(readFileSync(figuresFile, 'utf8')));
}

/** The figures as a table, for the README. */
export function accuracyTable(): string {
  const figures = readFigures();
  const share = (value: number): string => value.toFixed(3);
  const f1 = ({ precision, recall }: Labelled): number => (2 * precision * recall) / Math.max(1e-9, precision + recall);
  const rows = Object.entries(figures.labelled).map(([name, file]) => [
    name,
    String(file.values),
    share(file.precision),
    share(file.recall),
    share(f1(file)),
    share(file.exact),
  ]);
  const clean = Object.entries(figures.clean).map(([category, perMb]) => `${category} ${perMb.toFixed(2)}`);
  const labels = table(['labelled texts', 'values', 'precision', 'recall', 'F1', 'exact range'], rows);
  return `${labels}\n\nFindings per megabyte of ordinary text: ${clean.join(', ')}.`;
}

/** Which findings a file's labels speak about. */
const categoryOf = (name: string): string => (name === 'presidio' ? 'regulated' : 'secret');

/** One contains a fair part of the other, or their ranges overlap. */
function isHit(found: Found, expected: Labels['expect'][number]): boolean {
  if (typeof expected.value !== 'string') return true;
  const [inner, outer] = [found.value.trim(), expected.value.trim()];
  if (inner === '') return false;
  if (outer.includes(inner)) {
    const isFair = inner.length >= Math.min(8, outer.length) && inner.length >= 0.3 * outer.length;
    return isFair || (outer.length > 200 && inner.length >= 16);
  }
  if (inner.includes(outer)) return true;
  const { start, end } = expected;
  return start !== undefined && end !== undefined && found.start < end && start < found.end;
}

function readDocuments(path: string): readonly Labels[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => documentSchema.parse(JSON.parse(line)));
}

/** Scans documents with the command line, all in one process, with the defaults of a new installation. */
async function scan(documents: readonly Labels[], category: string): Promise<readonly (readonly Found[])[]> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-accuracy-'));
  try {
    const child = spawn(process.execPath, ['--import', 'tsx', resolve('src/cli/main.ts'), 'scan', '--jsonl', '-'], {
      env: { ...process.env, SLUICE_HOME: home },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ended = once(child, 'close');
    child.stdin.end(documents.map(({ id, text: content }) => `${JSON.stringify({ id, text: content })}\n`).join(''));
    const lines = (await text(child.stdout)).trim().split('\n');
    await ended;
    if (lines.length !== documents.length) throw new Error(`${lines.length} answers to ${documents.length} texts`);
    return lines.map((line, index) => {
      const bytes = Buffer.from(documents[index]?.text ?? '');
      const { findings } = answerSchema.parse(JSON.parse(line));
      return findings
        .filter((finding) => category === 'any' || finding.category === category)
        .map(({ start, end }) => ({ start, end, value: bytes.toString('utf8', start, end) }));
    });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function score(path: string): Promise<Labelled> {
  const documents = readDocuments(path);
  const results = await scan(documents, categoryOf(basename(path, '.jsonl')));
  const pairs = documents.map((document, index) => ({ document, found: results[index] ?? [] }));
  const hitIn = (found: readonly Found[], value: Labels['expect'][number]): boolean =>
    found.some((one) => isHit(one, value));
  const wanted = pairs.flatMap(({ document, found }) => document.expect.map((value) => ({ value, found })));
  const hits = wanted.filter(({ value, found }) => hitIn(found, value));
  const named = hits.filter(({ value }) => typeof value.value === 'string');
  const exact = named.filter(({ value, found }) => found.some((one) => one.value === value.value));
  const good = pairs.filter(({ document, found }) => document.expect.some((value) => hitIn(found, value))).length;
  const bad = pairs.filter(({ document, found }) => document.expect.length === 0 && found.length > 0).length;
  const rounded = (part: number, whole: number): number => Number((part / Math.max(1, whole)).toFixed(3));
  return {
    precision: rounded(good, good + bad),
    recall: rounded(hits.length, wanted.length),
    exact: rounded(exact.length, named.length),
    values: wanted.length,
  };
}

async function scoreClean(path: string): Promise<Readonly<Record<string, number>>> {
  const documents = readDocuments(path);
  const megabytes = documents.reduce((sum, document) => sum + Buffer.byteLength(document.text), 0) / 1e6;
  const counts = await Promise.all(
    ['secret', 'regulated'].map(
      async (category) => [category, (await scan(documents, category)).flat().length] as const,
    ),
  );
  return Object.fromEntries(counts.map(([name, count]) => [name, Number((count / megabytes).toFixed(2))]));
}

/** How much worse a share may be before it counts: rounding. */
const tolerance = 0.001;

/** What got worse than the figures that are kept. */
function regressions(now: Figures, before: Figures): readonly string[] {
  const labels = Object.entries(before.labelled).flatMap(([name, old]) => {
    const fresh = now.labelled[name];
    if (fresh === undefined) return [];
    return (['precision', 'recall', 'exact'] as const)
      .filter((key) => fresh[key] < old[key] - tolerance)
      .map((key) => `${name}: ${key} ${old[key]} → ${fresh[key]}`);
  });
  const clean = Object.entries(before.clean)
    .filter(([name, old]) => (now.clean[name] ?? 0) > old + tolerance)
    .map(([name, old]) => `clean text: ${name} ${old} → ${now.clean[name] ?? 0} per megabyte`);
  return [...labels, ...clean];
}

async function measure(folder: string, cleanFile: string | undefined): Promise<Figures> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl') && name !== 'clean.jsonl');
  const scores: [string, Labelled][] = [];
  for (const name of files.toSorted()) scores.push([basename(name, '.jsonl'), await score(join(folder, name))]);
  const path = cleanFile ?? join(folder, 'clean.jsonl');
  return { labelled: Object.fromEntries(scores), clean: existsSync(path) ? await scoreClean(path) : {} };
}

/** Measures, refuses what got worse unless `ACCEPT=1`, and keeps the figures. */
async function main(): Promise<void> {
  const folder = process.env['CORPORA'];
  if (folder === undefined)
    throw new Error('set CORPORA to a folder of labelled .jsonl files (and CLEAN to clean text)');
  const now = await measure(folder, process.env['CLEAN']);
  const before = existsSync(figuresFile) ? readFigures() : { labelled: {}, clean: {} };
  const worse = regressions(now, before);
  process.stdout.write(`${JSON.stringify(now, undefined, 2)}\n`);
  if (worse.length > 0 && process.env['ACCEPT'] !== '1') {
    process.stderr.write(`worse than ${figuresFile}:\n${worse.join('\n')}\n`);
    process.exitCode = 1;
    return;
  }
  const content = JSON.stringify({
    labelled: { ...before.labelled, ...now.labelled },
    clean: { ...before.clean, ...now.clean },
  });
  writeFileSync(figuresFile, await format(content, { ...(await resolveConfig(figuresFile)), parser: 'json' }));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
