/** Finds and reads the `.env` files of a project: regular files inside it, of a size that people write. */
import { readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../core/errors.ts';
import { compileGlobs } from '../policy/glob.ts';
import { isInside } from './layers.ts';
import { readSafely } from './safety.ts';

const fileAtMost = 1024 * 1024;
const filesAtMost = 50;
/** Files that are there to be read by everybody. */
const isExample = /\.(example|sample|template|dist)$/i;

/** A file's text, to be parsed as data. */
interface DotenvFile {
  /** Relative to the folder, for messages. */
  readonly name: string;
  readonly text: string;
}

/** What was read, and what was not and why. */
export interface DotenvFiles {
  readonly files: readonly DotenvFile[];
  readonly warnings: readonly string[];
}

/** The names in a folder and in those that the patterns lead into. */
function candidates(folder: string, patterns: readonly string[]): readonly string[] {
  const folders = new Set(patterns.map((pattern) => pattern.split('/').slice(0, -1).join('/')));
  return [...folders]
    .filter((inner) => !/[*?[{]/.test(inner))
    .flatMap((inner) => {
      try {
        return readdirSync(join(folder, inner)).map((name) => (inner === '' ? name : `${inner}/${name}`));
      } catch {
        // A folder that is not there has no files.
        return [];
      }
    });
}

/**
 * Reads the files of a folder that match `protect.dotenv` (globs over their names; folders are named, not matched).
 * What is a link out of the folder, no regular file, too large or somebody else's is not read but reported: the run
 * goes on with what can be protected.
 */
export function readDotenvFiles(folder: string, patterns: readonly string[]): DotenvFiles {
  if (patterns.length === 0) return { files: [], warnings: [] };
  const inFolder = patterns.map((pattern) => pattern.replace(/^\.\//, ''));
  const isChosen = compileGlobs(inFolder);
  const names = candidates(folder, inFolder).filter((name) => isChosen(name) && !isExample.test(name));
  const files: DotenvFile[] = [];
  const warnings: string[] = [];
  if (names.length > filesAtMost)
    warnings.push(`more than ${filesAtMost} files match protect.dotenv: the rest is not read`);
  for (const name of names.sort().slice(0, filesAtMost)) {
    try {
      const real = realpathSync(join(folder, name));
      if (!isInside(realpathSync(folder), real)) {
        warnings.push(`${name} leads out of the project and is not read`);
        continue;
      }
      const text = readSafely(real, { kind: 'the file', maxBytes: fileAtMost, followsLink: false });
      if (text !== undefined) files.push({ name, text });
    } catch (error: unknown) {
      warnings.push(error instanceof AppError ? `${error.message}: not read` : `${name} cannot be read`);
    }
  }
  return { files, warnings };
}
