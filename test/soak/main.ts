/** Long runs of the built proxy: `npm run soak [-- --minutes N]`, `npm run soak -- body`. Exits 1 when a check fails. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { soakBody } from './body.ts';
import { soak } from './soak.ts';

const help = `Usage: npm run soak -- [mix|body] [options]

  mix              requests of every kind at half load, aborts and tunnels among them (the default)
  body             a body of 1 GB, gathered until it is too large and streamed from the start

  --minutes <n>    how long the mix runs (10)
  --short          half a minute
  --help           this text

Linux only: memory and handles are read from /proc.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '10' },
    short: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const shortMs = 30_000;

function folderIn(root: string, name: string): string {
  const folder = join(root, name);
  mkdirSync(folder);
  return folder;
}

async function main(mode: string): Promise<number> {
  const root = mkdtempSync(join(tmpdir(), 'sluice-soak-'));
  const log = (text: string): void => console.error(`soak: ${text}`);
  const durationMs = values.short ? shortMs : Number(values.minutes) * 60_000;
  try {
    const checks =
      mode === 'mix'
        ? await soak(folderIn(root, 'mix'), durationMs, log)
        : [
            ...(await soakBody(folderIn(root, 'verdict'), 'verdict')),
            ...(await soakBody(folderIn(root, 'stream'), 'stream')),
          ];
    for (const { name, isKept, detail } of checks)
      console.log(`${isKept ? 'kept  ' : 'MISSED'} ${name} ${detail}`.trimEnd());
    return checks.every(({ isKept }) => isKept) ? 0 : 1;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const [mode = 'mix'] = positionals;
if (values.help) {
  console.log(help);
} else if ((mode === 'mix' || mode === 'body') && Number(values.minutes) > 0) {
  process.exitCode = await main(mode);
} else {
  console.error(help);
  process.exitCode = 2;
}
