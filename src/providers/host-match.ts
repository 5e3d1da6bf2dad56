/** Matching hosts and paths against the registry's patterns. */

/** Lower case, without a trailing dot. */
export function normaliseHost(host: string): string {
  const lower = host.toLowerCase();
  return lower.endsWith('.') ? lower.slice(0, -1) : lower;
}

/** Whether a pattern (exact, or `*.domain`) covers a host that is already normalised. */
export function coversHost(pattern: string, host: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}

/** Whether a path glob (`**` any depth, `*` one segment) covers a path without its query. */
export function coversPath(glob: string, path: string): boolean {
  return matchSegments(glob.split('/'), path.split('/'));
}

/** Segment by segment; at most one `**` is expected, so there is nothing to backtrack over. */
function matchSegments(glob: readonly string[], path: readonly string[]): boolean {
  const deep = glob.indexOf('**');
  const matches = (pattern: string | undefined, segment: string | undefined): boolean =>
    pattern === '*' ? segment !== undefined && segment !== '' : pattern === segment;
  if (deep === -1) return glob.length === path.length && glob.every((pattern, i) => matches(pattern, path[i]));
  const tail = glob.slice(deep + 1);
  if (path.length < deep + tail.length) return false;
  const head = glob.slice(0, deep);
  return (
    head.every((pattern, i) => matches(pattern, path[i])) &&
    tail.every((pattern, i) => matches(pattern, path[path.length - tail.length + i]))
  );
}
