/** Proprietary paths: globs against a path whatever its spelling (separators, URIs, escapes, `..`, case, Unicode form). */
import { compileGlob } from './glob.ts';

function percentDecoded(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    // Broken escapes: what can be decoded byte by byte still is.
    return path.replaceAll(/%([2-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
}

/** Resolves `.`, `..` and doubled slashes without a disk: a path that climbs past its start begins there. */
function resolved(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  return (path.startsWith('/') ? '/' : '') + kept.join('/');
}

/** Brings a path to one spelling: forward slashes, no scheme, no `.` or `..`, lower-case drive, NFC. */
export function canonicalPath(path: string): string {
  const slashed = path
    .trim()
    .replace(/^file:(\/\/(localhost)?)?(?=[\\/~A-Za-z])/i, '')
    .replaceAll('\\', '/');
  const drive = /^\/*(?:\?\/)?([A-Za-z]):(?=\/|$)/.exec(slashed);
  const local = drive === null ? slashed : `/${String(drive[1]).toLowerCase()}:${slashed.slice(drive[0].length)}`;
  return resolved(local).normalize('NFC');
}

/** The spellings a claim may stand for: as written, and with its percent escapes undone (twice at most). */
export function spellingsOf(path: string): readonly string[] {
  const once = percentDecoded(path);
  return [...new Set([path, once, percentDecoded(once)].map(canonicalPath))];
}

/** A relative glob counts at any depth: assistants name files by absolute paths. */
function anchored(glob: string): string {
  const slashed = glob.replace(/^file:\/\/(localhost)?(?=\/)/i, '').replace(/^\.\//, '');
  const drive = /^([A-Za-z]):[\\/]/.exec(slashed);
  if (drive !== null) return `/${String(drive[1]).toLowerCase()}:/${slashed.slice(3).replaceAll('\\', '/')}`;
  return /^(\/|\*\*)/.test(slashed) ? slashed : `**/${slashed}`;
}

/** Whether a path, by all of its spellings, is covered. */
export type PathTest = (spellings: readonly string[]) => boolean;

/** Compiles path globs; the test takes what {@link spellingsOf} gives. @throws AppError `ERR_CONFIG_INVALID` */
export function compilePathGlobs(globs: readonly string[], caseSensitive: boolean): PathTest {
  const tests = globs.map((glob) => compileGlob(anchored(glob.normalize('NFC')), { ignoreCase: !caseSensitive }));
  return (spellings) => spellings.some((spelling) => tests.some((test) => test(spelling)));
}
