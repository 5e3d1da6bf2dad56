/** Drives real assistants through Sluice: `npm run test:clients -- [--only a,b] [--scenario s,t] [--direct]`. */
import { parseArgs } from 'node:util';
import { assistants } from './assistants.ts';
import { installClients } from './install.ts';
import { createReport } from './report.ts';
import { currentSandbox, runInSandbox } from './sandbox.ts';
import { directScenarios, scenarios } from './scenarios.ts';
import { openStage } from './stage.ts';
import type { ScenarioName } from './scenarios.ts';

const help = `Usage: npm run test:clients -- [options]

  --only <names>       only these assistants, comma-separated
  --scenario <names>   only these scenarios: ${Object.keys(scenarios).join(', ')}
  --direct             without Sluice, to prove the stand-in and the drivers
  --install            only install the assistants
  --help               this text`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    scenario: { type: 'string' },
    direct: { type: 'boolean', default: false },
    install: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function isScenario(name: string): name is ScenarioName {
  return Object.hasOwn(scenarios, name);
}

async function run(): Promise<number> {
  const sandbox = currentSandbox() === 'namespace' ? 'a network namespace, loopback only' : 'this network';
  console.log(`assistants run in ${sandbox}, as uid ${process.getuid?.()}${values.direct ? ', without sluice' : ''}`);
  const report = createReport();
  const stage = await openStage(report, values.direct);
  const wanted = values.only?.split(',');
  const names = values.scenario?.split(',').filter(isScenario) ?? Object.keys(scenarios).filter(isScenario);
  try {
    for (const assistant of assistants().filter(({ name }) => wanted?.includes(name) ?? true)) {
      for (const name of names.filter((scenario) => !values.direct || directScenarios.includes(scenario))) {
        try {
          await scenarios[name](stage, assistant);
        } catch (error) {
          report.check(false, `${assistant.name}: ${name}`, error instanceof Error ? error.stack : String(error));
        }
      }
    }
  } finally {
    await stage.close();
  }
  return report.close();
}

if (values.help) {
  console.log(help);
} else if (currentSandbox() === undefined) {
  installClients();
  process.exitCode = values.install ? 0 : runInSandbox('test/clients/main.ts', process.argv.slice(2));
} else {
  process.exitCode = await run();
}
