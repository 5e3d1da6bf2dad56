/** Fuzzing: `npm run fuzz [-- --minutes N --only name --seed S]`. Exits 1 when a law is broken. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { faultOf, runTarget } from './run.ts';
import { targets } from './targets/index.ts';

const help = `Usage: npm run fuzz -- [options]

  --minutes <n>     for each target (1)
  --short           about twenty seconds in all
  --only <names>    only these targets, comma-separated
  --seed <s>        the cases of an earlier run; printed at the start
  --case <base64>   one input again, with --only and the --seed printed with it
  --help            this text

Targets: ${targets.map(({ name }) => name).join(', ')}`;

const shortMs = 20_000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    short: { type: 'boolean', default: false },
    only: { type: 'string' },
    seed: { type: 'string' },
    case: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

function main(): number {
  const only = values.only?.split(',');
  const chosen = targets.filter(({ name }) => only?.includes(name) ?? true);
  const seed = values.seed === undefined ? randomInt(2 ** 32) : Number(values.seed);
  const minutes = Number(values.minutes);
  if (values.help || chosen.length === 0 || chosen.length < (only?.length ?? 0) || !(minutes > 0) || !(seed >= 0)) {
    console.error(help);
    return values.help ? 0 : 2;
  }
  if (values.case !== undefined) {
    const input = Buffer.from(values.case, 'base64');
    const faults = chosen.map((target) => `${target.name}: ${faultOf(target, seed, input) ?? 'holds'}`);
    console.log(faults.join('\n'));
    return faults.every((fault) => fault.endsWith(': holds')) ? 0 : 1;
  }
  console.log(`fuzz: seed ${seed}`);
  const budgetMs = values.short ? shortMs / chosen.length : minutes * 60_000;
  let failures = 0;
  for (const target of chosen) {
    const { cases, failure } = runTarget(target, seed, budgetMs);
    console.log(`${target.name}: ${cases} cases${failure === undefined ? '' : ', BROKEN'}`);
    if (failure === undefined) continue;
    failures += 1;
    const input = Buffer.from(failure.input).toString('base64');
    console.log(`  ${failure.message}`);
    console.log(`  npm run fuzz -- --only ${target.name} --seed ${failure.seed} --case '${input}'`);
  }
  return failures === 0 ? 0 : 1;
}

process.exitCode = main();
