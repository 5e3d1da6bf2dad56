/** Parsers of what arrives first on a connection: they never throw, and what they accept means one thing only. */
import { isIPv6 } from 'node:net';
import { framingOf } from '../../../src/inspect/reply/reply-transform.ts';
import { peekClientHello } from '../../../src/proxy/client-hello.ts';
import { canonicalHost, formatHostPort, parseHostPort } from '../../../src/proxy/connect-target.ts';
import { endToEnd, fromFlat, joinCookies, namedByConnection, toFlat, toGrouped } from '../../../src/proxy/headers.ts';
import type { Random } from '../../../src/rules/examples.ts';
import { damaged, natural, oneOf, several } from '../generate.ts';
import { law, type Target } from '../target.ts';

const hostPieces = [
  'api',
  'vendor',
  '.',
  '.',
  'example',
  '-',
  '_',
  'xn--',
  '127.0.0.1',
  '0x7f',
  '1',
  '[::1]',
  '[',
  ']',
];
const targetPieces = [...hostPieces, ':', ':443', ':0', ':65536', '@', '/', '%', ' ', '\u0000', '\r\n', 'é', '\u3002'];
const headerPieces = [
  'connection',
  'close',
  'te',
  'trailers',
  'cookie',
  'a=b',
  'host',
  ',',
  ' ',
  '__proto__',
  ':',
  'x',
];

function vector(lengthBytes: number, bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(lengthBytes);
  length.writeUIntBE(bytes.length, 0, lengthBytes);
  return Buffer.concat([length, bytes]);
}

/** A ClientHello in one record or several, with a server name among other extensions. */
function clientHello(random: Random): Buffer {
  const name = Buffer.from(several(random, 5, () => oneOf(random, hostPieces)).join(''));
  const serverName = Buffer.concat([
    Buffer.of(0, 0),
    vector(2, vector(2, Buffer.concat([Buffer.of(0), vector(2, name)]))),
  ]);
  const other = (): Buffer =>
    Buffer.concat([Buffer.of(0, 1 + natural(random, 50)), vector(2, Buffer.alloc(natural(random, 40)))]);
  const extensions = Buffer.concat([...several(random, 3, other), serverName, ...several(random, 3, other)]);
  const hello = Buffer.concat([
    Buffer.alloc(34, 3),
    vector(1, Buffer.alloc(natural(random, 33))),
    vector(2, Buffer.alloc(4)),
    vector(1, Buffer.alloc(1)),
    vector(2, extensions),
  ]);
  const handshake = Buffer.concat([Buffer.of(1), vector(3, hello)]);
  const step = 1 + natural(random, handshake.length);
  const records: Buffer[] = [];
  for (let at = 0; at < handshake.length; at += step) {
    records.push(Buffer.of(22, 3, 1), vector(2, handshake.subarray(at, at + step)));
  }
  return Buffer.concat(records);
}

function checkHello(input: Uint8Array): void {
  const answers = [input.length, ...[1, 2, 3].map((part) => Math.floor((input.length * part) / 4))]
    .toSorted((a, b) => a - b)
    .map((length) => JSON.stringify(peekClientHello(input.subarray(0, length))));
  const settled = answers.findIndex((answer) => !answer.includes('more'));
  if (settled === -1) return;
  // Once it is known what a connection is, more bytes do not make it something else.
  law(
    answers.slice(settled).every((answer) => answer === answers[settled]),
    'a ClientHello changes as more arrives',
  );
}

function checkTarget(text: string): void {
  const target = parseHostPort(text, text.length % 2 === 0 ? 443 : undefined);
  if (target === undefined) return;
  const { host, port } = target;
  law(Number.isInteger(port) && port >= 1 && port <= 65_535, 'a port is none');
  law(canonicalHost(host.includes(':') ? `[${host}]` : host) === host, 'a host has two spellings');
  const again = parseHostPort(formatHostPort(target));
  law(again?.host === host && again.port === port, 'a target does not survive being written');
  // What Node's own parser makes of the name must be the name that was judged.
  const url = `https://${host.includes(':') ? `[${host}]` : host}/`;
  if (isIPv6(host) || !URL.canParse(url)) return;
  law(new URL(url).hostname === host, 'a URL parser reads another host');
}

function checkHeaders(text: string): void {
  const flat = text.split(/[\s:]/);
  if (flat.length % 2 === 1) flat.push('');
  const pairs = fromFlat(flat);
  law(pairs.length <= flat.length / 2 && toFlat(pairs).length === pairs.length * 2, 'headers appear from nowhere');
  const named = namedByConnection(pairs);
  law(!named.has('host') && !named.has('content-length'), 'Connection takes routing or framing away');
  const kept = endToEnd(pairs, named);
  law(
    kept.every((pair) => pairs.includes(pair)),
    'a header is changed',
  );
  law(
    kept.every(([name]) => name.toLowerCase() !== 'connection'),
    'a hop-by-hop header goes on',
  );
  const cookies = joinCookies(pairs).filter(([name]) => name.toLowerCase() === 'cookie').length;
  law(cookies <= 1, 'cookies are still split');
  const grouped = toGrouped(pairs);
  law(Object.values(grouped).flat().length === pairs.length, 'a header is lost when grouped');
  framingOf(text);
}

export const wire: Target = {
  name: 'wire',
  make(random) {
    switch (natural(random, 4)) {
      case 0:
        return clientHello(random);
      case 1:
        return damaged(random, clientHello(random));
      case 2:
        return Buffer.from(several(random, 6, () => oneOf(random, targetPieces)).join(''));
      default:
        return Buffer.from(several(random, 16, () => oneOf(random, headerPieces)).join(''));
    }
  },
  check(input) {
    const text = Buffer.from(input).toString();
    checkHello(input);
    checkTarget(text);
    checkHeaders(text);
  },
};
