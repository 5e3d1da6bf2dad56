/** The rules of a selection as commands show, prove and lint them. */
import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { Config } from '../config/schema.ts';
import { AppError, systemCode } from '../core/errors.ts';
import type { Rule } from '../detect/rule.ts';
import { importGitleaks, type ImportedPack } from '../rules/import/gitleaks.ts';
import { lintRules, type LintProblem } from '../rules/lint.ts';
import { builtinPacks, loadPackRules, loadRules } from '../rules/load.ts';
import { runExamples } from '../rules/run.ts';
import { detectorRules } from './detector/rules.ts';

/** A rule as it is printed. */
export type RuleView = Rule;

/** Every rule of a selection. @throws AppError `ERR_RULES_INVALID`, `ERR_INPUT_MISSING` */
export function readRules(selection: readonly string[]): readonly RuleView[] {
  return loadRules(selection);
}

/** Every rule in force: those of the packs, and what the detector's labels stand for. @throws as {@link readRules} */
export function rulesInForce(config: Pick<Config, 'rules' | 'detector'>): readonly RuleView[] {
  return [...readRules(config.rules), ...detectorRules(config)];
}

/** Runs every rule's own examples. */
export function proveRules(selection: readonly string[]): ReturnType<typeof runExamples> {
  return runExamples(loadPackRules(selection));
}

/** Finds what is wrong or slow in a selection. */
export function lintSelection(selection: readonly string[]): readonly LintProblem[] {
  return lintRules(loadPackRules(selection));
}

/** The largest configuration that is read, in bytes. */
const maxImportBytes = 4 << 20;

/**
 * Turns another scanner's configuration into a pack.
 *
 * @param pack its name; `imported/<the file's name>` when absent
 * @throws AppError `ERR_INPUT_MISSING`, `ERR_INPUT_DATA`
 */
export function importPack(path: string, pack: string = packNameFor(path)): ImportedPack & { readonly pack: string } {
  const taken = new Set(loadRules(builtinPacks()).map(({ id }) => id));
  return { pack, ...importGitleaks(readImport(path), path, pack, taken) };
}

function readImport(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error: unknown) {
    throw new AppError('ERR_INPUT_MISSING', `${path} cannot be read (${systemCode(error) ?? 'unknown'})`, {
      cause: error,
      hint: 'name a file that is there and may be read',
    });
  }
  if (bytes.length <= maxImportBytes) return bytes.toString('utf8');
  throw new AppError('ERR_INPUT_DATA', `${path} is larger than 4 MiB`, { hint: 'split it into several' });
}

function packNameFor(path: string): string {
  const stem = basename(path, extname(path))
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `imported/${stem === '' ? 'rules' : stem}`;
}
