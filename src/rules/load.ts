/** Loads rule packs from disk by selection: the only input and output of this room. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError, systemCode } from '../core/errors.ts';
import type { Rule } from '../detect/rule.ts';
import { parsePack, type PackRule } from './pack.ts';
import { nearest } from './place.ts';
import { presets, type Preset } from './schema.ts';

/** Where the packs that ship are: `rules/` beside `dist/` or `src/`. */
export const builtinRulesDir = fileURLToPath(new URL('../../rules', import.meta.url));

/** How messages name that folder. */
const shownRules = 'rules';

/** Folders of `rules/` that hold something else than packs. */
const otherFolders = new Set(['policies']);

export interface LoadOptions {
  /** The folder of the packs that ship; {@link builtinRulesDir} unless a test says otherwise. */
  readonly builtinDir?: string;
  /** What relative paths in the selection are relative to; the working folder when absent. */
  readonly baseDir?: string;
  /** Which rules of the packs that ship; a pack of one's own counts whole. All when absent. */
  readonly preset?: Preset;
}

/**
 * Loads the rules that a selection names: `secrets` or `secrets/*` (every pack below), `secrets/github` (one pack), or
 * a path that begins with `.`, `/` or `~`-less drive, or ends in `.yaml` (a file of one's own).
 *
 * @throws AppError `ERR_RULES_INVALID` with `file:line:column`, the nearest known key or pack, and the next step;
 * `ERR_INPUT_MISSING` when a file of the selection is not there.
 */
export function loadRules(selection: readonly string[], options: LoadOptions = {}): readonly Rule[] {
  const { preset = 'strict' } = options;
  const isOwn = ({ place }: PackRule): boolean => !place.startsWith(`${shownRules}/`);
  return loadPackRules(selection, options)
    .filter((entry) => isOwn(entry) || presets.indexOf(entry.preset) <= presets.indexOf(preset))
    .map(({ rule }) => rule);
}

/** As {@link loadRules}, with examples and places: for `rules test` and `rules lint`. */
export function loadPackRules(selection: readonly string[], options: LoadOptions = {}): readonly PackRule[] {
  const builtinDir = options.builtinDir ?? builtinRulesDir;
  const files = new Set(selection.flatMap((entry) => filesOf(entry, builtinDir, options.baseDir ?? process.cwd())));
  const rules: PackRule[] = [];
  const places = new Map<string, string>();
  for (const file of files) {
    for (const found of parsePack(readPack(file), shownPath(file, builtinDir))) {
      const earlier = places.get(found.rule.id);
      if (earlier !== undefined) {
        throw new AppError('ERR_RULES_INVALID', `${found.place}: the id ${found.rule.id} is taken by ${earlier}`, {
          hint: 'ids are unique over all packs: choose another',
        });
      }
      places.set(found.rule.id, found.place);
      rules.push(found);
    }
  }
  return rules;
}

/** The names of the packs that ship, sorted. */
export function builtinPacks(builtinDir: string = builtinRulesDir): readonly string[] {
  return walk(builtinDir)
    .map((file) =>
      relative(builtinDir, file)
        .split(sep)
        .join('/')
        .replace(/\.ya?ml$/, ''),
    )
    .filter((name) => name.includes('/') && !otherFolders.has(name.split('/', 1)[0] ?? ''))
    .toSorted();
}

function filesOf(entry: string, builtinDir: string, baseDir: string): readonly string[] {
  if (isPath(entry)) return [isAbsolute(entry) ? entry : resolve(baseDir, entry)];
  const packs = builtinPacks(builtinDir);
  const prefix = entry.replace(/\/\*{1,2}$/, '');
  const named = packs.filter((pack) => pack === entry || pack.startsWith(`${prefix}/`));
  if (named.length > 0) return named.map((pack) => join(builtinDir, `${pack}.yaml`));
  const known = [...new Set(packs.flatMap((pack) => [pack, pack.split('/', 1)[0] ?? '']))];
  const near = nearest(entry, known);
  throw new AppError('ERR_RULES_INVALID', `rules: no pack is named ${entry}`, {
    hint: near === undefined ? `packs are ${known.join(', ')}` : `did you mean ${near}?`,
  });
}

function isPath(entry: string): boolean {
  return /\.ya?ml$/i.test(entry) || entry.startsWith('.') || isAbsolute(entry);
}

function readPack(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error: unknown) {
    const code = systemCode(error) === 'ENOENT' ? 'ERR_INPUT_MISSING' : 'ERR_IO';
    throw new AppError(code, `rules: cannot read ${file}`, { cause: error });
  }
}

function walk(folder: string): readonly string[] {
  try {
    return readdirSync(folder).flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? walk(path) : name.endsWith('.yaml') ? [path] : [];
    });
  } catch (error: unknown) {
    throw new AppError('ERR_IO', `rules: cannot read the folder ${folder}`, { cause: error });
  }
}

function shownPath(file: string, builtinDir: string): string {
  const inside = relative(builtinDir, file);
  return inside.startsWith('..') || isAbsolute(inside) ? file : `${shownRules}/${inside.split(sep).join('/')}`;
}
