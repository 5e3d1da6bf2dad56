/** Runs commands under a terminal made of strings. */
import { Readable } from 'node:stream';
import {
  createCommandHost,
  createProgram,
  type ExitCode,
  type RegisterCommand,
  type Terminal,
} from '../../src/cli/command.ts';
import { runCli } from '../../src/cli/program.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function stringTerminal(env: Terminal['env'], cwd: string) {
  const written = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      written[name] += text;
    },
  });
  const terminal = { env, cwd, stdin: Readable.from([]), stdout: sink('stdout'), stderr: sink('stderr') };
  return { terminal, written };
}

/** Runs a command line of the whole program. */
export async function runProgram(argv: readonly string[]): Promise<Ran> {
  const { terminal, written } = stringTerminal({}, '/');
  const code = await runCli(argv, terminal);
  return { code, ...written };
}

/** Runs one command line; what the command throws is thrown. */
export async function runCommand(
  register: RegisterCommand,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
  cwd = '/',
): Promise<Ran> {
  const { terminal, written } = stringTerminal(env, cwd);
  const exit: ExitCode = { value: 0 };
  const program = createProgram('0.0.0').configureOutput({
    writeOut: terminal.stdout.write,
    writeErr: terminal.stderr.write,
  });
  register(createCommandHost(program, terminal, exit), program);
  await program.parseAsync([...argv], { from: 'user' });
  return { code: exit.value, ...written };
}
