/** Loads rule packs from disk by selection: the only input and output of this room. */
import { readFileSync, readdirSync, statSync, type Dirent } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError, systemCode } from '../core/errors.ts';
import type { Rule } from '../detect/rule.ts';
import { parsePack, type LoadedRule, type PackRule } from './pack.ts';
import { nearest } from './place.ts';
import { shippedPrebuilt, type Prebuilt } from './prebuilt.ts';
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
  /** Packs that were worked out before; those of the build unless a test says otherwise. */
  readonly prebuilt?: Prebuilt | undefined;
}

/**
 * Loads the rules that a selection names: `secrets` or `secrets/*` (every pack below), `secrets/github` (one pack), or
 * a path that begins with `.`, `/` or `~`-less drive, or ends in `.yaml` (a file of one's own).
 *
 * @throws AppError `ERR_RULES_INVALID` with `file:line:column`, the nearest known key or pack, and the next step;
 * `ERR_INPUT_MISSING` when a file of the selection is not there.
 */
export function loadRules(selection: readonly string[], options: LoadOptions = {}): readonly Rule[] {
  const { preset = 'strict', prebuilt = shippedPrebuilt() } = options;
  const isOwn = ({ place }: LoadedRule): boolean => !place.startsWith(`${shownRules}/`);
  return readSelection(
    selection,
    options,
    (text, file): readonly LoadedRule[] => prebuilt?.find(text, file) ?? parsePack(text.toString(), file),
  )
    .filter((entry) => isOwn(entry) || presets.indexOf(entry.preset) <= presets.indexOf(preset))
    .map(({ rule }) => rule);
}

/** As {@link loadRules}, with examples and places, from the files alone: for `rules test` and `rules lint`. */
export function loadPackRules(selection: readonly string[], options: LoadOptions = {}): readonly PackRule[] {
  return readSelection(selection, options, (text, file) => parsePack(text.toString(), file));
}

function readSelection<T extends LoadedRule>(
  selection: readonly string[],
  options: LoadOptions,
  read: (text: Buffer, file: string) => readonly T[],
): readonly T[] {
  const builtinDir = options.builtinDir ?? builtinRulesDir;
  const files = new Set(selection.flatMap((entry) => filesOf(entry, builtinDir, options.baseDir ?? process.cwd())));
  const rules: T[] = [];
  const places = new Map<string, string>();
  for (const file of files) {
    for (const found of read(readPack(file), shownPath(file, builtinDir))) {
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

/** The packs that ship, unread: each file's text, and its path as messages name it. */
export function builtinTexts(
  builtinDir: string = builtinRulesDir,
): readonly { readonly text: Buffer; readonly file: string }[] {
  return builtinPacks(builtinDir).map((name) => {
    const file = join(builtinDir, `${name}.yaml`);
    return { text: readPack(file), file: shownPath(file, builtinDir) };
  });
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

function readPack(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error: unknown) {
    const code = systemCode(error) === 'ENOENT' ? 'ERR_INPUT_MISSING' : 'ERR_IO';
    throw new AppError(code, `rules: cannot read ${file}`, { cause: error });
  }
}

function walk(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      const { isFolder, isFile } = kindOf(entry, path);
      return isFolder ? walk(path) : isFile && entry.name.endsWith('.yaml') ? [path] : [];
    });
  } catch (error: unknown) {
    throw new AppError('ERR_IO', `rules: cannot read the folder ${folder}`, { cause: error });
  }
}

/** What an entry is; only of a link is the disk asked once more. */
function kindOf(entry: Dirent, path: string): { readonly isFolder: boolean; readonly isFile: boolean } {
  const kind = entry.isSymbolicLink() ? statSync(path) : entry;
  return { isFolder: kind.isDirectory(), isFile: kind.isFile() };
}

function shownPath(file: string, builtinDir: string): string {
  const inside = relative(builtinDir, file);
  return inside.startsWith('..') || isAbsolute(inside) ? file : `${shownRules}/${inside.split(sep).join('/')}`;
}
