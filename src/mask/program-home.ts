/** Tells where the values in a program's text may be sent: by the network words and URLs in it. */
import { append } from '../core/append.ts';
import { hostsOf } from './destination.ts';
import type { LeadsTo } from './text-links.ts';

/** What programs of the usual languages say when they speak to other machines, or run what does. */
const speaking =
  /\b(?:requests|urllib\d?|httpx?|aiohttp|socket|smtplib|ftplib|telnetlib|paramiko|dns|dgram|net|tls|fetch|axios|undici|got|superagent|XMLHttpRequest|WebSocket|EventSource|sendBeacon|LWP|IO::Socket|Net::\w+|open-uri|OpenURI|curl_\w+|file_get_contents|fsockopen|HttpClient|WebClient|WebRequest|Invoke-\w+|iwr|irm|curl|wget|nc|ssh|gethostbyname|getaddrinfo|urlopen)\b/;

/** Every URL in a program, up to what ends its literal. */
const urls = /[a-z][a-z0-9+.-]+:\/\/[^\s"'`<>)]*/gi;
const mostUrls = 64;

/** The hosts that a program may send to: none where it does not look like sending, `unknown` when it names none. */
export function programLinks(text: string): LeadsTo {
  if (!speaking.test(text) && !/:[/\\]{2}/.test(text)) return [];
  const hosts: string[] = [];
  let count = 0;
  for (const [url] of text.matchAll(urls)) {
    const named = /[${}%+]/.test(url.split(/(?<=[^/:])[/?#]/, 1)[0] ?? '') ? undefined : hostsOf(url, false);
    count += 1;
    if (named === undefined || count > mostUrls) return 'unknown';
    append(hosts, named);
  }
  return count === 0 ? 'unknown' : hosts;
}
