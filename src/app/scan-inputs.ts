/** What `scan` reads: files as they are named, standard input, and the text files of folders. */
import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { AppError, systemCode } from '../core/errors.ts';

/** Where names are looked up, and what `-` is. */
export interface InputPlace {
  readonly cwd: string;
  readonly stdin: NodeJS.ReadableStream;
}

export interface ScanInput {
  /** As it was named, for a file of a folder with the way to it. */
  readonly name: string;
  readonly text: Uint8Array;
}

/** What a folder holds that is not read. */
export interface LeftOut {
  /** Files with a NUL among their first bytes. */
  binary: number;
  /** Names of files and folders that could not be read, with the reason. */
  readonly unreadable: string[];
}

/** Folders of tools: what is in them is in the history, or somebody else's. */
const foreign: ReadonlySet<string> = new Set(['.git', '.hg', '.svn', 'node_modules']);
/** Where a NUL makes a file binary, as git has it (buffer_is_binary in its xdiff-interface.c). */
const toldBy = 8000;

/** Whether a name is that of a folder. */
export function isFolder(name: string, { cwd }: InputPlace): boolean {
  return name !== '-' && statSync(resolve(cwd, name), { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * Reads one input after the other; folders in the order of names, without links.
 *
 * @param leftOut is filled as folders are gone through
 * @throws AppError `ERR_INPUT_MISSING` for a named one that is not there or cannot be read.
 */
export async function* scanInputs(
  names: readonly string[],
  place: InputPlace,
  leftOut: LeftOut,
): AsyncGenerator<ScanInput, void, void> {
  for (const name of names) {
    if (name === '-') yield { name, text: await buffer(place.stdin) };
    else if (isFolder(name, place)) yield* folderInputs(name, place, leftOut);
    else yield { name, text: readNamed(name, place) };
  }
}

function readNamed(name: string, { cwd }: InputPlace): Uint8Array {
  try {
    return readFileSync(resolve(cwd, name));
  } catch (error: unknown) {
    throw new AppError('ERR_INPUT_MISSING', `${name} ${reasonOf(error)}`, { cause: error });
  }
}

function* folderInputs(folder: string, place: InputPlace, leftOut: LeftOut): Generator<ScanInput, void, void> {
  for (const entry of entriesOf(folder, place, leftOut)) {
    const name = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!foreign.has(entry.name)) yield* folderInputs(name, place, leftOut);
      continue;
    }
    if (!entry.isFile()) continue;
    const read = ifReadable(name, leftOut, () => readText(resolve(place.cwd, name)));
    if (read === 'binary') leftOut.binary += 1;
    else if (read !== undefined) yield { name, text: read };
  }
}

/**
 * Reads a file of a folder; what is binary is told by its beginning, however large it is. What stands there by now may
 * be another than was listed: a link is not followed, a pipe not waited for.
 */
function readText(path: string): Uint8Array | 'binary' | undefined {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    if (!fstatSync(file).isFile()) return undefined;
    const beginning = Buffer.alloc(toldBy);
    const length = readSync(file, beginning, 0, toldBy, 0);
    return isBinary(beginning.subarray(0, length)) ? 'binary' : readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** Whether a file that begins so is binary. UTF-16 has zeros too, but says so by the mark at its beginning. */
function isBinary(text: Uint8Array): boolean {
  const isMarked = (text[0] === 0xff && text[1] === 0xfe) || (text[0] === 0xfe && text[1] === 0xff);
  return !isMarked && text.includes(0);
}

function entriesOf(folder: string, { cwd }: InputPlace, leftOut: LeftOut): ReturnType<typeof readEntries> {
  const entries = ifReadable(folder, leftOut, () => readEntries(resolve(cwd, folder))) ?? [];
  return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function readEntries(path: string) {
  return readdirSync(path, { withFileTypes: true });
}

function ifReadable<T>(name: string, leftOut: LeftOut, read: () => T): T | undefined {
  try {
    return read();
  } catch (error: unknown) {
    leftOut.unreadable.push(`${name} ${reasonOf(error)}`);
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  const code = systemCode(error);
  if (code === undefined) throw error;
  return code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`;
}
