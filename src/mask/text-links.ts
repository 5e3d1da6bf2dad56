/** Tells which hosts the URL around a place in the text of a file or command leads to, if there is one. */
import { destinationReach, hostsOf } from './destination.ts';

/** What ends a URL in such text, on either side. */
const edges = new Set(' \t\n\r\f\v\u00a0"\'`<>');

/** A URL with a scheme; a drive letter is none. */
const schemed = /[a-z][a-z0-9+.-]+:[/\\]{2}|(?:https?|wss?|ftps?):/i;
/** A host without a scheme before a path or query, as commands take it: `example.com/x?key=`, `--url=10.0.0.1:80/`. */
const bareHost = /(?:^|[=@])((?:[a-z0-9-]+\.)+(?:[a-z]{2,}|\d{1,3})(?::\d+)?[/?])/i;

/** Where text leads: hosts that all must be the value's own, none where it stays here, `unknown` if not to be told. */
export type LeadsTo = readonly string[] | 'unknown';

/** The hosts that the URL around `[start, end)` of a whole text names. */
export function textLinks(text: string, { start, end }: { readonly start: number; readonly end: number }): LeadsTo {
  const least = Math.max(0, start - destinationReach);
  let from = start;
  while (from > least && !edges.has(text[from - 1] ?? '')) from -= 1;
  if (from === least && least > 0) return 'unknown';
  const most = Math.min(text.length, end + 512);
  let to = end;
  while (to < most && !edges.has(text[to] ?? '')) to += 1;
  const before = text.slice(from, start);
  const whole = text.slice(from, to).replace(/[)\]},;.!*]+$/, '');
  const url = schemed.exec(before);
  if (url !== null) return hostsOf(whole.slice(url.index), false) ?? 'unknown';
  const bare = bareHost.exec(before);
  if (bare === null) return [];
  return hostsOf(whole.slice(bare.index + bare[0].length - (bare[1] ?? '').length), true) ?? 'unknown';
}
