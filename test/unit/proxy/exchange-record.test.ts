import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Peer } from '../../../src/inspect/exchange.ts';
import { ExchangeRecord } from '../../../src/proxy/exchange-record.ts';
import { createLinger } from '../../../src/proxy/linger.ts';
import { fakeInspector } from '../../helpers/fake-inspector.ts';

const peer: Peer = { identity: 'machine' };
const measured = { status: 200, responseBytes: 1, requestBytes: 2, addedMs: 0 };

/** A record of one exchange whose entries are noted in the order in which the recorder gets them. */
function recordAmong(activeExchanges: number): { readonly record: ExchangeRecord; readonly noted: string[] } {
  const noted: string[] = [];
  const note = (what: string): Promise<void> => {
    noted.push(what);
    return Promise.resolve();
  };
  const silent = (): void => undefined;
  const head = {
    method: 'POST',
    scheme: 'https',
    host: 'api.vendor.example',
    port: 443,
    target: '/',
    protocol: 'http/1.1',
    headers: [],
  } as const;
  const record = new ExchangeRecord(
    {
      recorder: { isHealthy: true, decision: () => note('decision'), outcome: () => note('outcome') },
      clock: { nowMs: () => 0, monotonicMs: () => 0, newId: () => 'id' },
      logger: { debug: silent, info: silent, warn: silent, error: silent },
      settings: () => {
        throw new Error('nothing failed');
      },
    },
    {
      connections: 0,
      tunnels: 0,
      exchanges: 0,
      refused: 0,
      upstreamErrors: 0,
      auditLost: 0,
      activeExchanges,
      activeTunnels: 0,
      gatheredBytes: 0,
    },
    createLinger(1),
    fakeInspector().begin(head, peer, { id: 'id', nowMs: 0 }),
  );
  return { record, noted };
}

describe('the entries of an exchange', () => {
  it('are made behind a request that leaves at the end of the turn', async () => {
    const { record, noted } = recordAmong(1);
    setImmediate(() => noted.push('request'));
    record.decideSoon(2);
    await nextTurn();

    expect(noted).toEqual(['request', 'decision']);
  });

  it.each([{ exchanges: 1 }, { exchanges: 9 }])(
    'are written once among $exchanges, when the reply is there first',
    async ({ exchanges }) => {
      const { record, noted } = recordAmong(exchanges);
      record.decideSoon(2);
      record.decideSoon(2);
      expect(await record.decide(2)).toBe(true);
      expect(record.isDecided).toBe(true);
      expect(await record.finish(measured)).toBe(true);
      expect(await record.finish(measured)).toBe(true);
      await nextTurn();

      expect(noted).toEqual(['decision', 'outcome']);
    },
  );

  it('are in order where the exchange ends before its decision was made', async () => {
    const { record, noted } = recordAmong(1);
    record.decideSoon(2);
    await record.finish(measured, 'client gone');
    await nextTurn();

    expect(noted).toEqual(['decision', 'outcome']);
  });
});
