/** Comparisons in one run on one machine: `npm run bench -- <name>`. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchInspect, inspectTables } from './inspect.ts';
import { limits } from './limits.ts';
import { allTargets, startLoad, startVendor } from './processes.ts';
import { benchProxies, machine, memoryRise } from './proxy.ts';
import { benchScan, scanTables } from './scan.ts';
import { limitLines, tables } from './table.ts';

const help = `Usage: npm run bench -- <name> [options]

  proxy                Sluice (both kinds of release, and with inspection off) beside a direct connection,
                       http-mitm-proxy and mockttp: latency, throughput, CPU, memory
  body                 one body of 1 GB through Sluice, with flat memory
  scan                 the matcher on secrets, all rules, and all rules in JSON, beside a loop of regular expressions,
                       JSON.parse, sha256, secretlint, and Hyperscan where it is installed; floods, cold start, memory
  inspect              what reading a request body costs, gathered and streamed, without any connection

  --rounds <n>         rounds per measurement of what is warm, twice as many where times scatter (3)
  --targets <names>    only these, comma-separated: direct, sluice, sluice stream, sluice off, http-mitm-proxy, mockttp
  --work <names>       only this, separated by semicolons: POST 2 KB; POST 1 MB (all of it new);
                       POST 1 MB, next turn (but for the last message as before); POST 50 MB; SSE first event;
                       new connection; stalled up; stalled down
  --check              exit 1 when a limit is missed
  --help               this text

Progress goes to stderr; stdout holds tables, then one line of JSON with every figure.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    targets: { type: 'string' },
    work: { type: 'string' },
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** The limit for `body`: gathering memory is 64 MiB, and a streamed body must not come near its own size. */
const maxBodyRiseMb = 150;

async function run(name: string): Promise<number> {
  const root = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const vendor = await startVendor();
  const load = startLoad();
  const log = (text: string): void => console.error(`bench: ${text}`);
  const wanted = values.targets?.split(',');
  const targets = allTargets(root, vendor).filter((target) => wanted?.includes(target.name) ?? true);
  try {
    if (name === 'body') {
      const target = targets.find((candidate) => candidate.name === 'sluice');
      if (target === undefined) throw new Error('body needs the target sluice');
      const figures = await memoryRise(target, load, { kind: 'upload', bytes: 1_000_000_000 }, vendor);
      const isFlat = figures?.error === undefined && (figures?.rssOverIdle ?? Number.NaN) <= maxBodyRiseMb;
      const rise = figures?.error ?? `RSS rose ${figures?.rssOverIdle?.toFixed(0)} MB over idle`;
      console.log(`1 GB body: ${rise} (at most ${maxBodyRiseMb} MB): ${isFlat ? 'kept' : 'MISSED'}`);
      console.log(JSON.stringify({ bench: name, machine: machine(), results: figures, isFlat }));
      return isFlat || !values.check ? 0 : 1;
    }
    const vendorCa = readFileSync(vendor.caPath, 'utf8');
    const results = await benchProxies({
      targets,
      vendor,
      vendorCa,
      load,
      rounds: Number(values.rounds),
      only: values.work?.split(';'),
      log,
    });
    const judged = limits(results);
    console.log(`${tables(results)}\n\n${limitLines(judged)}\n`);
    console.log(JSON.stringify({ bench: name, machine: machine(), results, limits: judged }));
    return values.check && judged.some(({ isKept }) => !isKept) ? 1 : 0;
  } finally {
    load.stop();
    vendor.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

const [name = ''] = positionals;
if (values.help) {
  console.log(help);
} else if (name === 'inspect') {
  const results = benchInspect(Number(values.rounds) * 7);
  console.log(`${inspectTables(results)}\n`);
  console.log(JSON.stringify({ bench: name, machine: machine(), results }));
} else if (name === 'scan') {
  const results = await benchScan(Math.max(7, Number(values.rounds)), (text) => console.error(`bench: ${text}`));
  console.log(`${scanTables(results)}\n`);
  console.log(JSON.stringify({ bench: name, machine: machine(), results }));
  process.exitCode = values.check && results.limits.some(({ isKept }) => !isKept) ? 1 : 0;
} else if (name === 'proxy' || name === 'body') {
  process.exitCode = await run(name);
} else {
  console.error(help);
  process.exitCode = 2;
}
