import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAdmin } from '../../src/admin/admin.ts';
import { createRecorder } from '../../src/audit/recorder.ts';
import { AppError } from '../../src/core/errors.ts';
import { createLogger } from '../../src/observe/logger.ts';
import { countedRecorder, createMetrics } from '../../src/observe/metrics.ts';
import { sampleDecision, sampleOutcome, startMs } from '../helpers/record-entries.ts';
import { sourceWorker } from '../helpers/source-worker.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

describe('a canary', () => {
  it('that comes by every road into record, log, metrics and admin port is found in none of them', async () => {
    const canary = `canary-${randomBytes(8).toString('hex')}`;
    const home = temporaryFolder();
    const printed: string[] = [];
    const logger = createLogger({ isPretty: false, isVerbose: true, write: (line) => void printed.push(line) });
    const audit = await createRecorder({
      home,
      retentionDays: 36_500,
      logger,
      clock: { nowMs: () => startMs },
      startWriter: (settings) => sourceWorker('src/audit/worker.ts', settings),
    });
    const metrics = createMetrics({
      version: '0',
      isNamed: () => false,
      read: {
        mode: () => 'enforce',
        activeExchanges: () => 0,
        queuedEntries: () => audit.stats.queued,
        lostEntries: () => audit.stats.lost,
        isRecordHealthy: () => audit.isHealthy,
        caNotAfterSeconds: () => 0,
      },
    });
    const token = randomBytes(16).toString('base64url');
    const admin = createAdmin({
      host: '127.0.0.1',
      port: 0,
      token,
      health: { ready: async () => ({ ok: true }) },
      metrics,
      api: {
        'POST /api/fails': ({ body }) => {
          throw new Error(`cannot handle ${JSON.stringify(body)}`);
        },
        'POST /api/refuses': ({ body }) => {
          throw new AppError('ERR_INPUT_DATA', 'the run is not of the form', {
            cause: new Error(JSON.stringify(body)),
          });
        },
      },
      onError: (error) => logger.error({ error }, 'admin port failed'),
    });
    const { port } = await admin.listen();
    onTestFinished(() => admin.close());

    const recorder = countedRecorder(audit, metrics);
    const wire = { host: 'x.example', vendor: canary, jurisdiction: 'unknown' };
    metrics.decision(sampleDecision('wire', { destination: wire, client: { app: canary, version: canary } }));
    await recorder.decision(sampleDecision('a'));
    await recorder.outcome(sampleOutcome('a'));
    for (const path of ['/api/fails', '/api/refuses', `/api/${canary}`]) {
      for (const body of [JSON.stringify({ protect: canary }), `{${canary}`]) {
        const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body });
        printed.push(await answer.text());
      }
    }
    printed.push(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
    await audit.close();

    for (const name of readdirSync(home)) {
      const bytes = readFileSync(join(home, name));
      expect([name, bytes.includes(canary), bytes.includes(token)]).toEqual([name, false, false]);
    }
    expect(printed.length).toBeGreaterThanOrEqual(8);
    expect(printed.join('\n')).not.toContain(canary);
    expect(printed.join('\n')).not.toContain(token);
  });
});
