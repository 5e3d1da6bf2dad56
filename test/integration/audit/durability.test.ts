import { execFileSync, spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openRecord, verifyHome } from '../../../src/audit/reader.ts';
import { createRecorder } from '../../../src/audit/recorder.ts';
import { sampleDecision, sampleOutcome, startMs } from '../../helpers/record-entries.ts';
import { sourceWorker } from '../../helpers/source-worker.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

type Writer = ChildProcessByStdio<Writable, Readable, null>;

/** Starts a process that writes into a home. @param shell what runs before it in the same shell */
function startWriter(
  home: string,
  parallel: number,
  shell = '',
): { child: Writer; lines: string[]; heard: (test: (line: string) => boolean) => Promise<string> } {
  const command = `${shell} exec "$0" --import tsx test/helpers/record-writer.ts "$1" "$2"`;
  const child = spawn('bash', ['-c', command, process.execPath, home, String(parallel)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => void lines.push(line));
  const heard = async (test: (line: string) => boolean): Promise<string> => {
    for (;;) {
      const [line]: unknown[] = await once(reader, 'line');
      if (typeof line === 'string' && test(line)) return line;
    }
  };
  return { child, lines, heard };
}

async function ended(child: Writer): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
}

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** What the process said was durable, and the record does not have. */
function missing(home: string, lines: readonly string[]): string[] {
  const record = openRecord(home);
  try {
    return lines.filter((line) => {
      const [kind, id = ''] = line.split(' ');
      if (kind === 'decision') return record.decision(id) === undefined;
      return kind === 'outcome' && record.decision(id)?.hasEnded !== true;
    });
  } finally {
    record.close();
  }
}

describe('kill -9', () => {
  it.each([1, 7, 64])('loses no acknowledged entry with %i exchanges at a time', async (parallel) => {
    const home = temporaryFolder();
    let total = 0;
    for (const acknowledged of [1, 50, 400]) {
      const { child, lines, heard } = startWriter(home, parallel);
      await heard(() => lines.length >= acknowledged);
      child.kill('SIGKILL');
      await ended(child);

      expect(missing(home, lines)).toEqual([]);
      total += lines.length;
    }

    const result = verifyHome(home);
    expect(result).toMatchObject({ ok: true, problems: [] });
    expect(result.entries).toBeGreaterThanOrEqual(total);
  });

  it('leaves a record that can be read and gone on with', async () => {
    const home = temporaryFolder();
    const { child, lines, heard } = startWriter(home, 4);
    await heard(() => lines.length >= 20);
    child.kill('SIGKILL');
    await ended(child);
    const before = verifyHome(home).entries;

    const recorder = await createRecorder({
      home,
      retentionDays: 36_500,
      logger: quiet,
      clock: { nowMs: () => startMs },
      startWriter: (settings) => sourceWorker('src/audit/worker.ts', settings),
    });
    await recorder.decision(sampleDecision('after'));
    await recorder.outcome(sampleOutcome('after'));
    await recorder.close();

    expect(verifyHome(home)).toMatchObject({ ok: true, entries: before + 2 });
    expect(missing(home, [...lines, 'outcome after'])).toEqual([]);
  });
});

describe('a clean stop', () => {
  it('keeps everything and ends with a checkpoint of the last entry', async () => {
    const home = temporaryFolder();
    const { child, lines, heard } = startWriter(home, 3);
    await heard(() => lines.length >= 30);
    child.stdin.end();
    await ended(child);

    expect(lines.at(-1)).toBe('closed 0');
    expect(missing(home, lines)).toEqual([]);
    const { entries, ok } = verifyHome(home);
    const last = `"entries":${entries},`;
    expect(ok && execFileSync('tail', ['-n1', join(home, 'checkpoints.log')], { encoding: 'utf8' })).toContain(last);
  });
});

const canLimit = process.platform === 'linux' && existsSync('/usr/bin/prlimit');

describe('a disk that is full', () => {
  it.runIf(canLimit)('refuses, and recovers when there is room again, with a gap entry', async () => {
    const home = temporaryFolder();
    // No file may grow beyond 300 KiB: the writes then fail as they do on a full disk, also for root.
    const { child, lines, heard } = startWriter(home, 4, 'ulimit -S -f 300;');
    await heard((line) => line.startsWith('refused'));

    execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited:unlimited']);
    await heard((line) => line.startsWith('outcome'));
    child.stdin.end();
    await ended(child);

    expect(missing(home, lines)).toEqual([]);
    const refused = lines.filter((line) => line.startsWith('refused')).length;
    expect(lines.at(-1)).toBe(`closed ${refused}`);
    const record = openRecord(home);
    onTestFinished(() => record.close());
    expect(record.gaps().reduce((sum, { count }) => sum + count, 0)).toBe(refused);
    expect(verifyHome(home)).toMatchObject({ ok: true, problems: [] });
  });
});

describe('a folder that cannot be written', () => {
  it.runIf(process.platform === 'linux')('is refused with the place', async () => {
    // Nobody can make a file there, root included.
    const home = '/proc';

    await expect(
      createRecorder({
        home,
        retentionDays: 90,
        logger: quiet,
        clock: { nowMs: () => startMs },
        startWriter: (settings) => sourceWorker('src/audit/worker.ts', settings),
      }),
    ).rejects.toThrowError(expect.objectContaining({ code: 'ERR_AUDIT_OPEN', message: expect.stringContaining(home) }));
  });
});
