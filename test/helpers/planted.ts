/** Secrets made for one run, and the search for them in everything that reached the vendor. */
import { generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import { brotliDecompressSync, gunzipSync, inflateSync, crc32 } from 'node:zlib';
import type { ReceivedRequest } from '../../src/app/stand-in/stand-in.ts';

const digits = '0123456789';
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** In the order of GitHub's base 62. */
const alphanumeric = digits + upper + upper.toLowerCase();

function random(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** Joins parts, so that no literal of this file looks like a token to a scanner. */
function join(...parts: readonly string[]): string {
  return parts.join('');
}

/** GitHub's checksum: CRC-32 of the body in base 62, six digits. */
function githubChecksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  while (text.length < 6) {
    text = (alphanumeric[rest % 62] ?? '') + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

export interface Planted {
  readonly name: string;
  /** What must not reach the vendor. */
  readonly value: string;
}

/** A file with secrets, and what in it is secret. */
export interface PlantedFile {
  readonly text: string;
  readonly values: readonly Planted[];
}

/** Makes a settings file with secrets of several kinds among ordinary lines. */
export function plantedFile(): PlantedFile {
  const body = random(alphanumeric, 30);
  const github = join('gh', 'p_', body, githubChecksum(body));
  const awsId = join('AK', 'IA', random(`${upper}234567`, 16));
  const awsSecret = randomBytes(30).toString('base64').replaceAll('=', 'x').slice(0, 40);
  const slack = join('xo', 'xb-', random(digits, 12), '-', random(digits, 12), '-', random(alphanumeric, 24));
  const password = random(alphanumeric, 20);
  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString()
    .trimEnd();
  const pemBody = pem.split('\n').slice(1, -1);
  const text = `# settings of the demo shop
PORT=3000
GITHUB_TOKEN=${github}
AWS_ACCESS_KEY_ID=${awsId}
AWS_SECRET_ACCESS_KEY=${awsSecret}
DATABASE_URL=postgres://shop:${password}@db.internal.example:5432/shop
SLACK_BOT_TOKEN=${slack}
${pem}
NODE_ENV=development
`;
  return {
    text,
    values: [
      { name: 'GitHub token', value: github },
      { name: 'AWS key id', value: awsId },
      { name: 'AWS secret', value: awsSecret },
      { name: 'database password', value: password },
      { name: 'Slack token', value: slack },
      ...pemBody.map((line, index) => ({ name: `private key line ${index + 1}`, value: line })),
    ],
  };
}

/** Everyday values that nothing may mask: the very words that code is made of. */
export const everydayEnv = `PORT=3000
DEBUG=true
NODE_ENV=development
APP=demo
HOST=localhost
LOG_LEVEL=info
USER=test
REGION=us-east-1
`;

/** Base64 of a text at each of the three alignments, without the characters its neighbours decide. */
function base64Forms(value: string): readonly string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)]).toString('base64');
    const start = Math.ceil((offset * 4) / 3);
    const end = Math.floor(((offset + Buffer.byteLength(value)) * 4) / 3);
    return encoded.slice(start, end);
  });
}

/** Every form in which a value could travel. */
export function encodedForms(value: string): readonly string[] {
  const once = JSON.stringify(value).slice(1, -1);
  const twice = JSON.stringify(once).slice(1, -1);
  const base64 = base64Forms(value);
  const hex = Buffer.from(value).toString('hex');
  return [
    ...new Set([
      value,
      once,
      twice,
      once.replaceAll('/', '\\/'),
      ...base64,
      ...base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
      hex,
      hex.toUpperCase(),
      encodeURIComponent(value),
    ]),
  ];
}

const decoders: Readonly<Record<string, (body: Uint8Array) => Uint8Array>> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** Everything of a request as text: its line, its headers, its body as sent and decoded. */
function requestText(request: Pick<ReceivedRequest, 'method' | 'target' | 'headers' | 'body'>): string {
  const coding = request.headers.find(([name]) => name.toLowerCase() === 'content-encoding')?.[1] ?? '';
  const decode = decoders[coding];
  const head = request.headers.map(([name, value]) => `${name}: ${value}`).join('\n');
  const decoded = decode === undefined ? '' : Buffer.from(decode(request.body)).toString('latin1');
  return [`${request.method} ${request.target}`, head, Buffer.from(request.body).toString('latin1'), decoded].join(
    '\n',
  );
}

/** Names the values that a request holds in any form; never the values themselves. */
export function leaks(
  requests: readonly Pick<ReceivedRequest, 'method' | 'target' | 'headers' | 'body'>[],
  values: readonly Planted[],
): readonly string[] {
  const forms = values.map(({ name, value }) => ({ name, forms: encodedForms(value) }));
  return requests.flatMap((request) => {
    const text = requestText(request);
    return forms
      .filter((entry) => entry.forms.some((form) => text.includes(form)))
      .map((entry) => `${entry.name} in ${request.method} ${request.target}`);
  });
}
