import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { newEntry } from '../../../../src/audit/chain.ts';
import { createCommandHost, createProgram, type ExitCode } from '../../../../src/cli/command.ts';
import { registerLog } from '../../../../src/cli/commands/log.ts';
import { sampleDecision } from '../../../helpers/record-entries.ts';
import { appendExchanges, storeAt } from '../../../helpers/record-store.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

let home: string;

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const exit: ExitCode = { value: 0 };
  let out = '';
  let err = '';
  const terminal = {
    env: { SLUICE_HOME: home },
    cwd: home,
    stdin: new PassThrough(),
    stdout: { write: (text: string) => void (out += text) },
    stderr: { write: (text: string) => void (err += text) },
  };
  const program = createProgram('0');
  registerLog(createCommandHost(program, terminal, exit), program);
  await program.parseAsync(args, { from: 'user' });
  return { code: exit.value, out, err };
}

const idsIn = (out: string): unknown[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).id);

beforeEach(() => {
  home = temporaryFolder();
});

describe('sluice log', () => {
  it('prints one document of all decisions, newest first', async () => {
    appendExchanges(storeAt(home), 1, 60);
    const { code, out } = await run('log', '--json');

    const { schemaVersion, decisions } = JSON.parse(out);
    expect([code, schemaVersion, decisions.length]).toEqual([0, 1, 60]);
    expect(decisions[0]).toMatchObject({
      id: 'x60',
      action: 'mask',
      response: { status: 200 },
      chain: expect.any(String),
    });
  });

  it('prints a decision a line without the envelope', async () => {
    appendExchanges(storeAt(home), 1, 3);

    expect(idsIn((await run('log', '--jsonl')).out)).toEqual(['x3', 'x2', 'x1']);
    expect(idsIn((await run('log', '--jsonl', '--limit', '1')).out)).toEqual(['x3']);
  });

  it('prints a table of the last fifty for people', async () => {
    appendExchanges(storeAt(home), 1, 60);
    const { out } = await run('log');

    expect(out.trim().split('\n')).toHaveLength(51);
    expect(out).toMatch(/^TIME .*ID\n2026-11-20 09:00:00 .*x60\n/);
  });

  it.each([
    [['--decision', 'block'], ['b']],
    [
      ['--rule', 'github-*'],
      ['b', 'a'],
    ],
    [['--rule', 'aws-*'], []],
    [['--client', 'codex'], ['b']],
    [
      ['--host', '*.anthropic.com'],
      ['b', 'a'],
    ],
    [
      ['--since', '2026-11-20T09:00:00Z'],
      ['b', 'a'],
    ],
    [['--since', '2999-01-01'], []],
  ])('filters by %j', async (args, ids) => {
    storeAt(home).append([
      newEntry('decision', sampleDecision('a')),
      newEntry('decision', sampleDecision('b', { action: 'block', client: { app: 'codex', version: '1' } })),
    ]);
    const { out } = await run('log', '--json', ...args);

    const { decisions }: { decisions: { id: string }[] } = JSON.parse(out);
    expect(decisions.map(({ id }) => id)).toEqual(ids);
  });

  it.each([
    [['--limit', 'x'], 'ERR_USAGE'],
    [['--since', 'yesterday'], 'ERR_USAGE'],
    [['--follow', '--json'], 'ERR_USAGE'],
    [['--follow'], 'ERR_INPUT_MISSING'],
  ])('refuses %j', async (args, code) => {
    await expect(run('log', ...args)).rejects.toThrowError(expect.objectContaining({ code }));
  });

  it('is empty where there is no record yet, and makes none', async () => {
    const { code, out, err } = await run('log', '--json');

    expect([code, out]).toEqual([0, '{"schemaVersion":1,"decisions":[]}\n']);
    expect(err).toContain('no record');
    expect(await run('log', '--jsonl')).toMatchObject({ code: 0, out: '' });
  });
});

describe('sluice log show', () => {
  it('explains one decision', async () => {
    appendExchanges(storeAt(home), 1, 2);

    expect(JSON.parse((await run('log', 'show', 'x1', '--json')).out)).toMatchObject({
      schemaVersion: 1,
      decision: { id: 'x1' },
    });
    expect((await run('log', 'show', 'x2')).out).toMatch(/^x2 {2}mask\n/);
  });

  it('says that there is none of that id', async () => {
    storeAt(home);

    await expect(run('log', 'show', 'x')).rejects.toThrowError(expect.objectContaining({ code: 'ERR_INPUT_MISSING' }));
  });
});

describe('sluice log verify', () => {
  it('says that a record is consistent with itself, no more', async () => {
    const store = storeAt(home);
    appendExchanges(store, 1, 2);
    store.checkpoint();

    const { code, out } = await run('log', 'verify', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      schemaVersion: 1,
      ok: true,
      entries: 4,
      head: store.head.hash,
      anchored: false,
      problems: [],
    });
    expect((await run('log', 'verify')).out).toContain('consistent with itself, no more');
  });

  it('takes the word of a checkpoint from elsewhere', async () => {
    const store = storeAt(home);
    appendExchanges(store, 1, 2);
    store.checkpoint();
    writeFileSync(join(home, 'copied.log'), readFileSync(join(home, 'checkpoints.log')));

    const { code, out } = await run('log', 'verify', '--checkpoint', 'copied.log');
    expect([code, out]).toEqual([0, expect.stringContaining('vouches')]);
    await expect(run('log', 'verify', '--checkpoint', 'none.log')).rejects.toThrowError(
      expect.objectContaining({ code: 'ERR_INPUT_MISSING' }),
    );
  });

  it('ends with 1 and names the entry that does not fit', async () => {
    const store = storeAt(home);
    appendExchanges(store, 1, 3);
    store.close();
    const database = new Database(join(home, 'record.db'));
    database.exec(`UPDATE entries SET body = replace(body, 'claude', 'x') WHERE seq = 3`);
    database.close();

    const verified = await run('log', 'verify', '--json');
    expect(verified.code).toBe(1);
    expect(JSON.parse(verified.out)).toMatchObject({ ok: false, problems: [{ id: 'x2' }] });
    expect((await run('log', 'verify')).out).toMatch(
      /does not hold: one problem in 6 entries\.\n {2}x2: entry 3 was changed/,
    );
  });
});
