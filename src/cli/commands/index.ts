/** Every command, in the order the help lists them. A command's code is loaded only when it is needed. */
import type { RegisterCommand } from '../command.ts';

type Load = () => Promise<RegisterCommand>;

const loaders: ReadonlyMap<string, Load> = new Map<string, Load>([
  ['start', async () => (await import('./start.ts')).registerStart],
  ['run', async () => (await import('./run.ts')).registerRun],
  ['env', async () => (await import('./env.ts')).registerEnv],
  ['status', async () => (await import('./status.ts')).registerStatus],
  ['stop', async () => (await import('./status.ts')).registerStatus],
  ['ca', async () => (await import('./ca.ts')).registerCa],
  ['config', async () => (await import('./config.ts')).registerConfig],
  ['scan', async () => (await import('./scan.ts')).registerScan],
  ['unmask', async () => (await import('./unmask.ts')).registerUnmask],
  ['rules', async () => (await import('./rules.ts')).registerRules],
  ['log', async () => (await import('./log.ts')).registerLog],
  ['allow', async () => (await import('./allow.ts')).registerAllow],
  ['doctor', async () => (await import('./doctor.ts')).registerDoctor],
  ['demo', async () => (await import('./demo.ts')).registerDemo],
]);

/** Loads what a command line needs: the command it names; all of them for help, completion and what is no command. */
export async function loadCommands(name: string | undefined): Promise<readonly RegisterCommand[]> {
  const load = name === undefined ? undefined : loaders.get(name);
  if (load !== undefined) return [await load()];
  const { registerCompletion } = await import('./completion.ts');
  const registered = await Promise.all([...loaders.values()].map((each) => each()));
  // A file may register several commands.
  return [...new Set([...registered, registerCompletion])];
}
