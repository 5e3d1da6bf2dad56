/** No secret that travels encoded, compressed, in parts or in a head reaches anything that is written. */
import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScript } from '../../src/app/stand-in/script.ts';
import { encodedForms, plantedFile, type Planted } from '../helpers/planted.ts';
import { createProduct, type Product } from '../helpers/product.ts';

const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');
const fold = (text: string): string => text.replaceAll(/.{76}/g, '$&\n');
/** As mail writes it: every equals sign quoted, lines broken. */
const quotedPrintable = (text: string): string => text.replaceAll('=', '=3D').replaceAll(/[^\n]{70}/g, '$&=\n');

/** A way for a settings file to travel, in a tool's output. */
const dresses: Readonly<Record<string, (text: string) => string>> = {
  'gzip in base64': (text) => base64(gzipSync(text)),
  'zlib in base64': (text) => base64(deflateSync(text)),
  'folded base64': (text) => fold(base64(text)),
  'gzip in folded base64': (text) => fold(base64(gzipSync(text))),
  'quoted-printable': quotedPrintable,
  'JSON in JSON in JSON': (text) => JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ c: text }) }) }),
  hex: (text) => Buffer.from(text).toString('hex'),
  'percent-encoding': (text) => encodeURIComponent(text),
  'a broken text': (text) => `{"a": "${text}`,
};
/** Each way has secrets of its own, so that a leak names it. */
const files = Object.entries(dresses).map(([name, dress]) => ({ name, dress, file: plantedFile() }));
const others = Array.from({ length: 9 }, plantedFile);

/** An RSA key of tens of kilobytes as one block: its lines, over and over. */
const longKey = ((): string => {
  const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const [begin = '', ...rest] = pem.toString().trimEnd().split('\n');
  const end = rest.pop() ?? '';
  const body = rest.filter((line) => line.length === 64);
  return [begin, ...Array.from({ length: 160 }, () => body).flat(), end].join('\n');
})();
const keyLines = [...new Set(longKey.split('\n').slice(1, -1))];

const values: readonly Planted[] = [
  ...files.flatMap(({ name, file }) => file.values.map((one) => ({ ...one, name: `${one.name}, ${name}` }))),
  ...others.flatMap((file, index) => file.values.map((one) => ({ ...one, name: `${one.name}, request ${index}` }))),
  ...keyLines.map((value, index) => ({ name: `line ${index} of the long key`, value })),
];
/** The values as they stand and encoded, of base64 only what no neighbour decides; and their last characters. */
const pieces = values.flatMap(({ name, value }) => {
  // The first line of every key of a kind begins alike.
  return [...encodedForms(value), value.slice(-12)].map((text) => ({ name, text }));
});
const found = (text: string): readonly string[] => [
  ...new Set(pieces.filter((piece) => text.includes(piece.text)).map(({ name }) => name)),
];

const url = 'https://api.anthropic.com/v1/messages';
const message = (text: string): object => ({
  model: 'm',
  max_tokens: 9,
  messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: text }] }],
});

let product: Product;
/** Everything that was printed or answered, by what did. */
const printed: Record<string, string> = {};

async function sendOthers(): Promise<void> {
  const texts = others.map(({ text }) => text);
  const tokens = others.map((file) => file.values[0]?.value ?? '');
  const json = (text: string): Buffer => Buffer.from(JSON.stringify(message(text)));
  const coded = [
    ['gzip', gzipSync(json(texts[0] ?? ''))],
    ['br', brotliCompressSync(json(texts[1] ?? ''))],
    ['gzip, gzip', gzipSync(gzipSync(json(texts[2] ?? '')))],
    ['gzip', Buffer.concat([gzipSync(json(texts[3] ?? '')).subarray(0, -9), Buffer.from(tokens[3] ?? '')])],
  ] as const;
  for (const [index, [coding, body]] of coded.entries()) {
    const reply = await product.send(url, { body, headers: { 'content-encoding': coding } });
    printed[`the answer to coded body ${index}`] = reply.text;
  }
  const parts = [
    '--b\r\ncontent-disposition: form-data; name="f"; filename=".env"\r\n\r\n',
    `${texts[4] ?? ''}\r\n--b\r\ncontent-disposition: form-data; name="${tokens[4] ?? ''}"\r\n\r\nx\r\n--b--\r\n`,
  ];
  const answers = [
    await product.send('https://api.anthropic.com/v1/files', {
      body: parts.join(''),
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
    }),
    await product.send(`${url}/${encodeURIComponent(`a/${tokens[5] ?? ''}`)}?x=%2520${tokens[5] ?? ''}`, {
      body: message('x'),
    }),
    await product.send(url, {
      body: message('x'),
      headers: { 'x-note': base64(`note=${tokens[6] ?? ''}`), [`x-${(tokens[6] ?? '').toLowerCase()}`]: '1' },
    }),
    await product.send(url, { body: `{"messages": [{"content": "${tokens[7] ?? ''}"`, headers: {} }),
    await product.send(url, { body: texts[8] ?? '', headers: { 'content-type': 'text/plain; charset=x-none' } }),
  ];
  for (const [index, { text }] of answers.entries()) printed[`answer ${index}`] = text;
}

async function scanAll(): Promise<void> {
  const paths = files.map(({ name, dress, file }, index) => {
    const path = join(product.folder, `scanned-${index}.txt`);
    writeFileSync(path, dress(file.text));
    return { path, name };
  });
  const key = join(product.folder, 'scanned-key.pem');
  writeFileSync(key, longKey);
  for (const form of ['--json', '--sarif']) {
    const scanned = await product.sluice(['scan', form, ...paths.map(({ path }) => path), key]);
    printed[`scan ${form}`] = scanned.stdout + scanned.stderr;
  }
  const masked = paths.filter(({ name }) => ['gzip in folded base64', 'quoted-printable'].includes(name));
  for (const { path, name } of [...masked, { path: key, name: 'long key' }]) {
    const { stdout, stderr } = await product.sluice(['scan', '--mask', path]);
    printed[`scan --mask of ${name}`] = stdout + stderr;
  }
  const lines = files.map(({ dress, file }, id) => JSON.stringify({ id, text: dress(file.text) })).join('\n');
  const listed = await product.sluice(['scan', '--jsonl', '-'], { input: `${lines}\n` });
  printed['scan --jsonl'] = listed.stdout + listed.stderr;
}

beforeAll(async () => {
  product = await createProduct({ script: createScript([{ says: 'read' }]), isStarted: false });
  await product.start(['--verbose']);
  for (const { dress, file, name } of files) {
    printed[`the answer to ${name}`] = (await product.send(url, { body: message(dress(file.text)) })).text;
  }
  printed['the answer to the long key'] = (await product.send(url, { body: message(`id:\n${longKey}\n`) })).text;
  await sendOthers();
  await scanAll();
  for (const args of [['log', '--json'], ['log'], ['report', '--format', 'json'], ['status', '--json']]) {
    const { stdout, stderr } = await product.sluice(args);
    printed[args.join(' ')] = stdout + stderr;
  }
  printed['metrics'] = await (await fetch(`${product.proxy.adminUrl}/metrics`)).text();
  await product.proxy.end();
  printed['stdout of the proxy'] = product.proxy.said();
  printed['stderr of the proxy'] = product.proxy.log();
}, 120_000);
afterAll(() => product.close());

describe('planted values that travel encoded', () => {
  it('never reach the vendor, nor pieces of them', () => {
    const texts = product.vendor.requests.map(({ target, headers, body }) =>
      [target, ...headers.flat(), Buffer.from(body).toString('latin1')].join('\n'),
    );

    expect(texts.length).toBeGreaterThan(files.length);
    expect(found(texts.join('\n'))).toEqual([]);
  });

  it('are in no file of the home', () => {
    const guilty = readdirSync(product.home, { recursive: true, encoding: 'utf8' })
      .map((name) => join(product.home, name))
      .filter((path) => statSync(path).isFile())
      .flatMap((path) => found(readFileSync(path, 'latin1')).map((name) => `${name} in ${path}`));

    expect(guilty).toEqual([]);
  });

  it('are in nothing that was printed, logged, measured or answered', () => {
    const guilty = Object.entries(printed).flatMap(([what, text]) => found(text).map((name) => `${name} in ${what}`));

    expect(Object.keys(printed).length).toBeGreaterThan(25);
    expect(guilty).toEqual([]);
  });

  it('would be found, were they there', () => {
    const [first] = files;

    expect(found(base64(`--${first?.file.text ?? ''}--`)).length).toBeGreaterThan(3);
    expect(found(longKey)).toHaveLength(keyLines.length);
  });
});
