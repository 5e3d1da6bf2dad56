/** Loads rule packs from disk by selection: the only input and output of this room. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError, systemCode } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { Rule } from '../detect/rule.ts';
import { parsePack, type LoadedRule, type PackRule } from './pack.ts';
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
  // Their texts are read, but patterns that ship were planned by the build.
  shippedPrebuilt();
  return readSelection(selection, options, (text, file) => parsePack(text.toString(), file));
}

function readSelection<T extends LoadedRule>(
  selection: readonly string[],
  options: LoadOptions,
  read: (text: Buffer, file: string) => readonly T[],
): readonly T[] {
  const files = new Map(filesOf(selection, options).map((file) => [file.path, file]));
  const rules: T[] = [];
  const places = new Map<string, string>();
  for (const { path, shown } of files.values()) {
    for (const found of read(readPack(path), shown)) {
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
  return walk(builtinDir, '')
    .map((name) => name.replace(/\.yaml$/, ''))
    .filter((name) => name.includes('/') && !otherFolders.has(name.split('/', 1)[0] ?? ''))
    .toSorted();
}

/** The packs that ship, unread: each file's text, and its path as messages name it. */
export function builtinTexts(): readonly { readonly text: Buffer; readonly file: string }[] {
  return builtinPacks().map((name) => {
    const { path, shown } = builtinFile(name, builtinRulesDir);
    return { text: readPack(path), file: shown };
  });
}

/** A file of rules. */
interface PackFile {
  readonly path: string;
  /** How messages name it. */
  readonly shown: string;
}

function builtinFile(name: string, builtinDir: string): PackFile {
  return { path: join(builtinDir, `${name}.yaml`), shown: `${shownRules}/${name}.yaml` };
}

function filesOf(selection: readonly string[], options: LoadOptions): readonly PackFile[] {
  const { builtinDir = builtinRulesDir, baseDir = process.cwd() } = options;
  let packs: readonly string[] | undefined;
  return selection.flatMap((entry) => {
    if (isPath(entry)) return [ownFile(isAbsolute(entry) ? entry : resolve(baseDir, entry), builtinDir)];
    packs ??= builtinPacks(builtinDir);
    return packsNamed(entry, packs).map((name) => builtinFile(name, builtinDir));
  });
}

/** A file that was named by its path: it may be one of those that ship all the same. */
function ownFile(path: string, builtinDir: string): PackFile {
  const inside = relative(builtinDir, path);
  const isOwn = inside.startsWith('..') || isAbsolute(inside);
  return { path, shown: isOwn ? path : `${shownRules}/${inside.split(sep).join('/')}` };
}

function packsNamed(entry: string, packs: readonly string[]): readonly string[] {
  const prefix = entry.replace(/\/\*{1,2}$/, '');
  const named = packs.filter((pack) => pack === entry || pack.startsWith(`${prefix}/`));
  if (named.length > 0) return named;
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

/** The YAML files below a folder, as paths from there with `/`. @param prefix of the folder itself */
function walk(folder: string, prefix: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      // Only of a link is the disk asked once more.
      const kind = entry.isSymbolicLink() ? statSync(path) : entry;
      if (kind.isDirectory()) return walk(path, `${prefix}${entry.name}/`);
      return entry.name.endsWith('.yaml') ? [prefix + entry.name] : [];
    });
  } catch (error: unknown) {
    throw new AppError('ERR_IO', `rules: cannot read the folder ${folder}`, { cause: error });
  }
}
