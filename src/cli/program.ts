/** Runs one command line: parses it, runs the command, prints a failure, and returns the exit code. */
import { CommanderError, type Command } from 'commander';
import { toAppError, type AppError } from '../core/errors.ts';
import { createCommandHost, createProgram, type ExitCode, type Terminal } from './command.ts';
import { commands } from './commands/index.ts';
import { readVersion } from './version.ts';

/** Prints a failure: on stderr for people, and as a document on stdout where `--json` asks for one. */
function printFailure(error: AppError, argv: readonly string[], terminal: Terminal): void {
  if (argv.includes('--json')) {
    const { code, message, hint, details } = error;
    terminal.stdout.write(JSON.stringify({ schemaVersion: 1, error: { code, message, hint, details } }) + '\n');
  }
  terminal.stderr.write(`sluice: ${error.message} (${error.code})\n  ${error.hint}\n`);
  if (
    error.code === 'ERR_INTERNAL' &&
    error.cause instanceof Error &&
    argv.some((arg) => arg === '--verbose' || arg === '-v')
  ) {
    terminal.stderr.write(`${error.cause.stack ?? ''}\n`);
  }
}

/** Builds the whole program; also used to generate completions and help. */
function buildProgram(terminal: Terminal, exit: ExitCode): Command {
  const program = createProgram(readVersion().version);
  const host = createCommandHost(program, terminal, exit);
  for (const register of commands) register(host, program);
  return program;
}

/**
 * Runs a command line.
 * @param argv the arguments after the program's name
 * @returns the exit code (README, "Exit codes")
 */
export async function runCli(argv: readonly string[], terminal: Terminal): Promise<number> {
  const exit: ExitCode = { value: 0 };
  if (argv.includes('--version') && argv.includes('--json')) {
    terminal.stdout.write(JSON.stringify({ schemaVersion: 1, version: readVersion() }) + '\n');
    return 0;
  }
  const program = buildProgram(terminal, exit);
  const configureOutput = (command: Command): void => {
    command.exitOverride().configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
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
