/** The record of the built proxy: what `log` shows, what a kill cannot lose, what tampering and a full disk come to. */
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { items, member } from '../../src/app/stand-in/json.ts';
import { dialects } from '../helpers/dialects.ts';
import { plantedFile } from '../helpers/planted.ts';
import { createProduct, sluice, type Product } from '../helpers/product.ts';

const token = plantedFile().values[0]?.value ?? '';
const [anthropic, openai] = dialects;
if (anthropic === undefined || openai === undefined) throw new Error('there are two dialects');
const url = `https://${anthropic.host}${anthropic.path}`;

describe('log', () => {
  let product: Product;
  beforeAll(async () => {
    product = await createProduct();
    await product.send(url, { body: anthropic.body(['hello']), headers: { 'user-agent': 'claude-cli/2.0' } });
    await product.send(url, {
      body: anthropic.body([`GITHUB_TOKEN=${token}`]),
      headers: { 'user-agent': 'claude-cli/2.0' },
    });
    await product.send(`https://${openai.host}${openai.path}`, {
      body: openai.body(['hi']),
      headers: { 'user-agent': 'codex/1' },
    });
    await product.send(url, { body: '{"broken' });
  });
  afterAll(() => product.close());

  it('shows decisions newest first, by every filter', async () => {
    const shown = async (...args: readonly string[]): Promise<readonly string[]> => {
      const { stdout } = await product.sluice(['log', '--jsonl', ...args]);
      const lines = stdout.split('\n').filter((line) => line !== '');
      return lines.map((line) => {
        const decision: unknown = JSON.parse(line);
        return `${String(member(decision, 'action'))} ${String(member(member(decision, 'destination'), 'vendor'))}`;
      });
    };
    const [all, limited, masked, byRule, byClient, byHost, since] = await Promise.all([
      shown(),
      shown('--limit', '1'),
      shown('--decision', 'mask'),
      shown('--rule', 'github-*'),
      shown('--client', 'codex*'),
      shown('--host', '*.openai.com'),
      shown('--since', '2099-01-01'),
    ]);

    expect(all).toEqual(['block anthropic', 'forward openai', 'mask anthropic', 'forward anthropic']);
    expect(limited).toEqual(['block anthropic']);
    expect([masked, byRule]).toEqual([['mask anthropic'], ['mask anthropic']]);
    expect([byClient, byHost]).toEqual([['forward openai'], ['forward openai']]);
    expect(since).toEqual([]);
  });

  it('explains one decision, to people and to programs, and never holds the value', async () => {
    const id = product.decisions(3).at(-1)?.id ?? '';
    const [text, json, explained, document] = await Promise.all([
      product.sluice(['log', 'show', id]),
      product.json('log', 'show', id),
      product.sluice(['rules', 'explain', id]),
      product.json('log'),
    ]);

    expect(text.stdout).toContain('github-pat');
    expect(explained.stdout).toContain('github-pat');
    expect(member(member(json, 'decision'), 'id')).toBe(id);
    expect(member(document, 'schemaVersion')).toBe(1);
    expect(items(member(document, 'decisions'))).toHaveLength(4);
    expect(text.stdout + JSON.stringify([json, document]) + explained.stdout).not.toContain(token);
  });

  it('verifies while the proxy writes; an entry changed behind its back is named and exits with 1', async () => {
    const fine = await product.sluice(['log', 'verify', '--json']);
    const copy = mkdtempSync(join(tmpdir(), 'sluice-copy-'));
    try {
      await product.proxy.end();
      cpSync(product.home, copy, { recursive: true });
      await product.start();
      const file = readdirSync(copy).find((name) => name.endsWith('.db') || name.endsWith('.sqlite')) ?? '';
      const database = new Database(join(copy, file));
      const table = database
        .prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%entr%'")
        .get()?.name;
      const column = database
        .prepare<[], { name: string; type: string }>(`SELECT name, type FROM pragma_table_info('${table ?? ''}')`)
        .all()
        .find(({ name }) => /body|json|payload|entry|content/.test(name))?.name;
      const changed = database
        .prepare(
          `UPDATE ${table ?? ''} SET ${column ?? ''} = replace(${column ?? ''}, 'github-pat', 'nothing') WHERE ${column ?? ''} LIKE '%github-pat%'`,
        )
        .run().changes;
      database.close();
      const tampered = await sluice(['log', 'verify', '--json', '--home', copy], { env: product.env });

      expect(fine.code).toBe(0);
      expect(JSON.parse(fine.stdout)).toMatchObject({ ok: true, problems: [] });
      expect(changed).toBeGreaterThan(0);
      expect(tampered.code).toBe(1);
      expect(JSON.parse(tampered.stdout)).toMatchObject({ ok: false, problems: [{ id: expect.any(String) }] });
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });
});

describe('kill -9', () => {
  it('right after a client saw an answer loses no decision, and the chain goes on', async () => {
    const product = await createProduct();
    try {
      for (let round = 1; round <= 3; round += 1) {
        await product.send(url, { body: anthropic.body([`round ${round}: GITHUB_TOKEN=${token}`]) });
        await product.proxy.end('SIGKILL');

        expect(product.decisions(10).filter(({ action }) => action === 'mask')).toHaveLength(round);
        await product.start();
      }
      expect(await product.sluice(['log', 'verify'])).toMatchObject({ code: 0 });
    } finally {
      await product.close();
    }
  });
});

describe.runIf(process.getuid?.() === 0 && process.platform === 'linux')('a record that cannot be written', () => {
  it.each([
    ['block', 400, /Sluice[^"]*record/],
    ['forward', 200, /"type":"message"/],
  ] as const)('with audit.onFailure: %s is answered %i', async (onFailure, status, says) => {
    const product = await createProduct({ config: { audit: { onFailure } } });
    try {
      await product.send(url, { body: anthropic.body(['before']) });
      const database = readdirSync(product.home).find((name) => name.endsWith('.db') || name.endsWith('.sqlite')) ?? '';
      // A lock that is never given back is a disk that does not answer.
      const holder = new Database(join(product.home, database));
      holder.exec('BEGIN IMMEDIATE');
      const reply = await product.send(url, { body: anthropic.body(['meanwhile']) });
      holder.exec('ROLLBACK');
      holder.close();

      expect(reply.status).toBe(status);
      expect(reply.text).toMatch(says);
    } finally {
      await product.close();
    }
  });
});
