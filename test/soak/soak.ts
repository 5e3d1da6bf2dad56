/** `soak`: a mix of work at half load, then whether memory, handles and the record are as they must be. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { plantedFile } from '../helpers/planted.ts';
import { sluiceCommand, startSluice } from '../helpers/sluice.ts';
import { blockedHost, inspectedHost, tunnelledHost, work, type Tally } from './mix.ts';
import { handles, median, settledHandles, watchMemory } from './process.ts';
import { startSoakVendor } from './vendor.ts';

/** One thing that must hold at the end. */
export interface Check {
  readonly name: string;
  readonly isKept: boolean;
  readonly detail: string;
}

const workers = 4;
/** The share of the time that only warms: code is compiled, caches fill. */
const warmShare = 1 / 3;
/** Connections kept alive for a next request close within this time. */
const settleMs = 20_000;
/** Memory may grow by a fifth and this much over the warm-up. */
const slackMb = 20;
const growth = 1.2;

const recordedLine = z.object({ action: z.string(), client: z.object({ app: z.string(), version: z.string() }) });

function recorded(folder: string): readonly z.infer<typeof recordedLine>[] {
  const [program = '', ...args] = sluiceCommand('log', '--jsonl');
  const selection = ['--config', join(folder, 'sluice.yaml'), '--home', join(folder, 'sluice')];
  const lines = execFileSync(program, [...args, ...selection], { encoding: 'utf8', maxBuffer: 1 << 30 });
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => recordedLine.parse(JSON.parse(line)));
}

/** Works for so long; `log` is told what goes on. */
export async function soak(folder: string, durationMs: number, log: (text: string) => void): Promise<readonly Check[]> {
  const secret = plantedFile().values.find(({ name }) => name === 'GitHub token')?.value ?? '';
  const vendor = await startSoakVendor([secret]);
  const sluice = await startSluice(folder, {
    connect: Object.fromEntries([inspectedHost, blockedHost, tunnelledHost].map((host) => [host, vendor.port])),
    vendorCa: vendor.caPath,
    config: { destinations: [{ hosts: [blockedHost], action: 'block' }] },
  });
  const { pid } = sluice;
  try {
    const tally: Tally = { answered: new Set(), tunnels: 0, aborted: 0, wrong: [] };
    let number = 0;
    const runFor = async (ms: number): Promise<readonly number[]> => {
      const until = performance.now() + ms;
      const memory = watchMemory(pid);
      const settings = { proxyPort: sluice.port, ca: sluice.ca, vendorCa: vendor.ca, secret };
      const one = () => work({ ...settings, isOver: () => performance.now() > until }, tally, () => (number += 1));
      await Promise.all(Array.from({ length: workers }, one));
      return memory.stop();
    };
    const idle = handles(pid);
    const warm = Math.max(...(await runFor(durationMs * warmShare)));
    log(`warm: ${number} requests, ${warm.toFixed(0)} MB`);
    const readings = await runFor(durationMs * (1 - warmShare));
    const last = median(readings.slice(-Math.ceil(readings.length / 4)));
    const open = await settledHandles(pid, idle, settleMs);
    log(`${number} requests, ${tally.aborted} aborted, ${tally.tunnels} tunnels, ${last.toFixed(0)} MB`);

    const lines = recorded(folder);
    const versions = lines.filter(({ client }) => client.app === 'soak').map(({ client }) => client.version);
    const known = new Set(versions);
    const missing = [...tally.answered].filter((one) => !known.has(String(one))).length;
    const tunnels = lines.filter(({ action }) => action === 'tunnel').length;
    const verified = z.object({ ok: z.boolean() }).parse(sluice.json('log', 'verify'));
    const limit = warm * growth + slackMb;
    return [
      { name: 'every answer is right', isKept: tally.wrong.length === 0, detail: [...new Set(tally.wrong)].join('; ') },
      { name: 'no secret reaches the vendor', isKept: vendor.leaks() === 0, detail: `${vendor.leaks()} requests` },
      { name: 'memory stays', isKept: last <= limit, detail: `${last.toFixed(0)} MB, at most ${limit.toFixed(0)}` },
      { name: 'handles return', isKept: open <= idle, detail: `${open} open, ${idle} before` },
      {
        name: 'every answer is recorded',
        isKept: missing === 0,
        detail: `${missing} of ${tally.answered.size} missing`,
      },
      { name: 'each once', isKept: known.size === versions.length, detail: `${versions.length - known.size} too many` },
      { name: 'every tunnel is recorded', isKept: tunnels >= tally.tunnels, detail: `${tunnels} of ${tally.tunnels}` },
      { name: 'the record verifies', isKept: verified.ok, detail: '' },
    ];
  } finally {
    await sluice.stop();
    await vendor.stop();
  }
}
