/** No secret reaches anything that is written: every file of the home, both outputs, metrics, status, the record. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodedForms, leaks, plantedFile, type Planted } from '../helpers/planted.ts';
import { createProduct, sluice, type Product } from '../helpers/product.ts';
import { connectThrough } from '../helpers/wire.ts';

const planted = plantedFile();
const other = plantedFile();
const token = planted.values[0]?.value ?? '';
const dotenvValue = planted.values.find(({ name }) => name === 'database password')?.value ?? '';
const hostToken = (other.values[0]?.value ?? '').toLowerCase().replaceAll('_', '-');
// Made of another value, and never that value itself: backwards, whatever characters it has.
const awsSecret = other.values.find(({ name }) => name === 'AWS secret')?.value ?? '';
const apiKey = Array.from(awsSecret.replaceAll(/[^A-Za-z0-9]/g, ''))
  .toReversed()
  .join('');
const values: readonly Planted[] = [...planted.values, ...other.values, { name: 'own credential', value: apiKey }];
const url = 'https://api.anthropic.com/v1/messages';
const message = (content: unknown): object => ({ model: 'm', max_tokens: 9, messages: [{ role: 'user', content }] });

let product: Product;
/** Everything that was printed, by what printed it. */
const printed: Record<string, string> = {};

/** Every file below a folder. */
function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

beforeAll(async () => {
  product = await createProduct({
    config: { policy: [{ when: { rule: 'slack-*' }, action: 'block' }], limits: { gatherBytes: 16_384 } },
  });
  const headers = { 'x-api-key': apiKey, 'user-agent': `agent/${token}` };
  // Masked in every place of a request, from the body to the path.
  await product.send(`${url}?note=${token}`, { body: message(other.text.replaceAll('xoxb', 'none')), headers });
  await product.send(`https://api.anthropic.com/files/${token}`, {
    body: message([{ type: 'text', text: token }]),
    headers,
  });
  await product.send(url, { body: message([{ type: 'tool_result', tool_use_id: 't', content: other.text }]), headers });
  // Blocked, unreadable, too large, cut.
  await product.send(url, { body: message(planted.text), headers });
  await product.send(url, { body: `{"messages": "${planted.text}`, headers });
  await product.send(url, { body: planted.text, headers: { ...headers, 'content-encoding': 'x-none' } });
  await product.send(url, { body: message(`${'x '.repeat(20_000)}${token}`), headers });
  for (const target of [`${hostToken.slice(0, 60)}.example:443`, `${token}:1`, `a b ${token}`]) {
    const { socket } = await connectThrough(product.proxy, target, `X-Note: ${token}\r\n`);
    socket.destroy();
  }
  // A run with a protected value, through a proxy that logs all it can.
  const project = join(product.folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, '.env'), `SIGNING=${dotenvValue}\n`);
  const commands: Readonly<Record<string, readonly string[]>> = {
    log: ['log'],
    'log --json': ['log', '--json'],
    'log show': ['log', 'show', product.decisions(1)[0]?.id ?? ''],
    'log verify': ['log', 'verify', '--json'],
    status: ['status', '--json'],
    'config show': ['config', 'show', '--origin', '--json'],
    doctor: ['doctor', '--json'],
  };
  const run = await sluice(['run', ...product.selection, '--verbose', '--', process.execPath, '-e', ''], {
    cwd: project,
    env: product.env,
  });
  printed['run'] = run.stdout + run.stderr;
  for (const [name, args] of Object.entries(commands)) {
    const { stdout, stderr } = await product.sluice(args, { cwd: project });
    printed[name] = stdout + stderr;
  }
  printed['metrics'] = await (await fetch(`${product.proxy.adminUrl}/metrics`)).text();
  await product.proxy.end();
  printed['stdout of the proxy'] = product.proxy.said();
  printed['stderr of the proxy'] = product.proxy.log();
});
afterAll(() => product.close());

/** Names the values that a text holds in any form. */
function found(text: string): readonly string[] {
  return values.filter(({ value }) => encodedForms(value).some((form) => text.includes(form))).map(({ name }) => name);
}

describe('planted values', () => {
  it('are in no file of the home', () => {
    const files = filesOf(product.home);
    const guilty = files.flatMap((path) => {
      const names = [...found(readFileSync(path, 'latin1')), ...found(path)];
      return names.map((name) => `${name} in ${path.slice(product.home.length)}`);
    });

    expect(files.length).toBeGreaterThan(5);
    expect(guilty).toEqual([]);
  });

  it('are in nothing that was printed, logged or measured', () => {
    const guilty = Object.entries(printed).flatMap(([name, text]) => found(text).map((value) => `${value} in ${name}`));

    expect(Object.values(printed).every((text) => text !== '' || printed['stderr of the proxy'] === text)).toBe(true);
    expect(guilty).toEqual([]);
  });

  it('never reached the vendor, but for its own credential', () => {
    const secrets = values.filter(({ name }) => name !== 'own credential');

    expect(product.vendor.requests.length).toBeGreaterThanOrEqual(2);
    expect(leaks(product.vendor.requests, secrets)).toEqual([]);
  });

  it('would be found, were they there', () => {
    expect(found(`x${token}y`)).toEqual(['GitHub token']);
    expect(found(Buffer.from(`--${token}--`).toString('base64'))).toEqual(['GitHub token']);
  });
});
