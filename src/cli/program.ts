/** Runs one command line: parses it, runs the command, prints a failure, and returns the exit code. */
import { CommanderError, type Command } from 'commander';
import { toAppError, type AppError } from '../core/errors.ts';
import { createCommandHost, createProgram, type ExitCode, type Terminal } from './command.ts';
import { loadCommands } from './commands/index.ts';
import { readVersion } from './version.ts';
import { visible } from './visible.ts';

/** Prints a failure: on stderr for people, and as a document on stdout where `--json` asks for one. */
function printFailure(error: AppError, argv: readonly string[], terminal: Terminal): void {
  if (argv.includes('--json')) {
    const { code, message, hint, details } = error;
    terminal.stdout.write(JSON.stringify({ schemaVersion: 1, error: { code, message, hint, details } }) + '\n');
  }
  terminal.stderr.write(visible(`sluice: ${error.message} (${error.code})\n  ${error.hint}\n`));
  if (
    error.code === 'ERR_INTERNAL' &&
    error.cause instanceof Error &&
    argv.some((arg) => arg === '--verbose' || arg === '-v')
  ) {
    terminal.stderr.write(`${error.cause.stack ?? ''}\n`);
  }
}

/** Options before the command that take a value of their own. */
const valued = new Set(['--config', '--home']);

/** The command that a command line names, if any: global options may stand before it. */
function commandNamed(argv: readonly string[]): string | undefined {
  return argv.find((arg, index) => !arg.startsWith('-') && !valued.has(argv[index - 1] ?? ''));
}

/** Builds the program with the commands that a command line needs. */
async function buildProgram(argv: readonly string[], terminal: Terminal, exit: ExitCode): Promise<Command> {
  const program = createProgram(readVersion().version);
  const host = createCommandHost(program, terminal, exit);
  for (const register of await loadCommands(commandNamed(argv))) register(host, program);
  return program;
}

/**
 * Runs a command line.
 * @param argv the arguments after the program's name
 * @returns the exit code (README, "Exit codes")
 */
export async function runCli(argv: readonly string[], terminal: Terminal): Promise<number> {
  const exit: ExitCode = { value: 0 };
  const asked = commandNamed(argv) === undefined ? new Set(argv) : new Set();
  if (asked.has('--version') || asked.has('-V')) {
    const version = readVersion();
    const text = asked.has('--json') ? JSON.stringify({ schemaVersion: 1, version }) : version.version;
    terminal.stdout.write(`${text}\n`);
    return 0;
  }
  const program = await buildProgram(argv, terminal, exit);
  const configureOutput = (command: Command): void => {
    command.exitOverride().configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(visible(text)),
    });
    for (const child of command.commands) configureOutput(child);
  };
  configureOutput(program);
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error: unknown) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const failure = toAppError(error, 'ERR_INTERNAL', 'something went wrong inside sluice');
    printFailure(failure, argv, terminal);
    return failure.exitCode;
  }
  return exit.value;
}
