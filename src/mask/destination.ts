/** Where a link leads: the hosts that a URL in reply text may name, however it is written. */
import { append } from '../core/append.ts';
import { URL } from 'node:url';

/** The longest destination that is judged, in UTF-16 units: in a longer one nothing is put back. */
export const destinationReach = 4096;

/** How far the host of a URL is waited for behind a value in its userinfo. */
const hostReach = 300;

/** More links than this inside one another are nobody's honest work. */
const mostLinks = 16;

/** A link inside a longer one, such as the target of a redirect. */
const innerLink = /[a-z][a-z0-9+.-]*:[/\\]{2}/gi;
/** Schemes whose URLs are read by WHATWG's special rules: any number of slashes, either way round. */
const special = /^(?:https?|wss?|ftp):/i;

/** Entities that write what a URL's beginning is made of, or white space in it. Source: the HTML standard's table. */
const entities: Readonly<Record<string, string>> = {
  amp: '&',
  ast: '*',
  bsol: '\\',
  colon: ':',
  comma: ',',
  commat: '@',
  dash: '‐',
  equals: '=',
  excl: '!',
  hyphen: '‐',
  lbrack: '[',
  lpar: '(',
  lsqb: '[',
  newline: '\n',
  num: '#',
  percnt: '%',
  period: '.',
  plus: '+',
  quest: '?',
  quot: '"',
  rbrack: ']',
  rpar: ')',
  rsqb: ']',
  semi: ';',
  sol: '/',
  tab: '\t',
};

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,8})(?=;));?/gi, (whole, hex, digits, name) => {
    if (typeof name === 'string') return entities[name.toLowerCase()] ?? whole;
    const point = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(digits);
    return point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
  });
}

/** The ways in which a reader may understand a destination: as it stands, as HTML, as Markdown. */
function readingsOf(text: string): readonly string[] {
  const html = decodeEntities(text);
  const markdown = html.replace(/\\([!-/:-@[-`{-~])/g, '$1');
  // Readers of URLs drop these wherever they stand.
  return [...new Set([text, html, markdown])].map((reading) => reading.replace(/[\t\n\r]/g, '').trim());
}

/** The host of an authority, as requests are read: without userinfo and port. */
function authorityHost(authority: string): string {
  return authority
    .slice(authority.lastIndexOf('@') + 1)
    .replace(/:\d*$/, '')
    .toLowerCase();
}

/** The host that a URL names; undefined where it names none that can be told. */
function hostOf(url: string): string | undefined {
  try {
    const host = new URL(url).hostname.toLowerCase();
    return host === '' ? undefined : host;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Database URLs may list several hosts, which WHATWG's rules refuse.
    const authority = special.test(url) ? undefined : /^[a-z][a-z0-9+.-]*:\/\/([^/?#\\\s]*)/i.exec(url)?.[1];
    const host = authorityHost(authority ?? '');
    return /^[a-z0-9.,:[\]-]+$/.test(host) ? host : undefined;
  }
}

/**
 * Lists every host that a destination may lead to, in each of its readings; undefined when one cannot be told (a
 * relative URL, one without a host, one that is malformed or too long).
 *
 * @param isBare whether a host may stand without a scheme, as in `example.com/path`.
 */
export function hostsOf(destination: string, isBare: boolean): readonly string[] | undefined {
  if (destination.length > destinationReach + 512) return undefined;
  const hosts: string[] = [];
  for (const reading of readingsOf(destination)) {
    const hasScheme = /^[a-z][a-z0-9+.-]*:(?!\d+(?:[/?#]|$))/i.test(reading);
    if (!hasScheme && !isBare) return undefined;
    const whole = hasScheme ? reading : `http://${reading.replace(/^[/\\]+/, '')}`;
    const links = [whole];
    for (const inner of whole.matchAll(innerLink)) {
      if (inner.index > 0) links.push(whole.slice(inner.index));
      if (links.length > mostLinks) return undefined;
    }
    for (const link of links) {
      const host = hostOf(link);
      if (host === undefined) return undefined;
      hosts.push(host);
    }
  }
  return hosts;
}

/** A link that is open at a place: its destination up to there. */
export interface OpenLink {
  /** Undefined where its beginning lies too far back. */
  readonly destination: string | undefined;
  /** Whether a host may stand without a scheme: in running text, where a reader makes links of what looks like one. */
  readonly isBare: boolean;
}

/** What is known of the hosts that the links around a place lead to. */
export type LinkVerdict =
  /** All of them; none where the place is in no link. */
  | readonly string[]
  /** A host is not complete yet. */
  | 'open'
  /** At least one of them cannot be told. */
  | 'unknown';

/**
 * Tells where the links around `[start, end)` of a text lead.
 *
 * @param links those that are open before it @param isComplete whether the text will not grow any more
 */
export function judgeLinks(
  links: readonly OpenLink[],
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  isComplete: boolean,
): LinkVerdict {
  const hosts: string[] = [];
  let isUnknown = false;
  for (const { destination, isBare } of links) {
    let whole = `${destination ?? ''}${text.slice(start, end)}`;
    if (destination !== undefined && isHostOpen(whole)) {
      const rest = hostEnd(text, end);
      if (!rest.isWhole && !isComplete) return 'open';
      whole += rest.text;
    }
    const named = destination === undefined ? undefined : hostsOf(whole, isBare);
    if (named === undefined) isUnknown = true;
    else append(hosts, named);
  }
  return isUnknown ? 'unknown' : hosts;
}

/** Whether a destination's host may still be to come: nothing ends it in what has been read. */
function isHostOpen(destination: string): boolean {
  return readingsOf(destination).some((reading) => {
    const authority = reading.replace(/^[a-z][a-z0-9+.-]*:/i, '').replace(/^[/\\]+/, '');
    return !/[/\\?#]/.test(authority);
  });
}

/** What belongs to the host after a place in it: up to what ends an authority, without punctuation around the URL. */
function hostEnd(text: string, from: number): { readonly text: string; readonly isWhole: boolean } {
  const ahead = text.slice(from, from + hostReach);
  const stop = ahead.search(/[/?#\\\s<>]/);
  const rest = stop === -1 ? ahead : ahead.slice(0, stop);
  return { text: rest.replace(/["'`)\]},;.!*]+$/, ''), isWhole: stop !== -1 || ahead.length === hostReach };
}
