/** What every command is given, and how one is added to the program. */
import { Command } from 'commander';
import type { Readable } from 'node:stream';
import { AppError } from '../core/errors.ts';
import { createOutput, type Output, type TextSink } from './output.ts';

/** The process as a command sees it; tests pass their own. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: Readable;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
}

/** Options that every command takes. */
interface GlobalOptions {
  readonly config?: string;
  readonly home?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
}

/** One invocation of a command. */
export interface Invocation<Options> {
  readonly terminal: Terminal;
  readonly output: Output;
  /** The command's own options and the global ones. */
  readonly options: Options & GlobalOptions;
  readonly args: readonly string[];
}

/** Does the work; the number is the exit code. Failures are thrown as AppError. */
type CommandAction<Options> = (invocation: Invocation<Options>) => Promise<number> | number;

/** Collects what the invocation that ran returned. */
export interface ExitCode {
  value: number;
}

interface CommandDefinition<Options extends object> {
  /** The group it belongs to; the program itself when absent. */
  readonly parent?: Command;
  /** Commander's syntax, e.g. `show <id>`. */
  readonly usage: string;
  readonly summary: string;
  /** Lines shown first in its help, without the leading `sluice `. */
  readonly examples: readonly string[];
  /** Declares arguments and options beyond those in `usage`. */
  readonly configure?: (command: Command) => void;
  /** Absent for a command that only groups others. */
  readonly action?: CommandAction<Options>;
}

/** Adds commands to a program under one terminal. Every `src/cli/commands/*.ts` exports a function that takes it. */
export interface CommandHost {
  /** Adds a command, or a sub-command of `parent`. */
  add<Options extends object = object>(definition: CommandDefinition<Options>): Command;
}

function globalOptions(command: Command): Command {
  return command
    .option('--config <file>', 'configuration file')
    .option('--home <folder>', 'data folder: authority, record, keys')
    .option('--json', 'print one JSON document')
    .option('-q, --quiet', 'say less on stderr')
    .option('-v, --verbose', 'say more on stderr')
    .option('--no-color', 'print without colour');
}

/** Adds one command (with its sub-commands) to the program; each file of `commands/` exports one. */
export type RegisterCommand = (host: CommandHost, program: Command) => void;

/** Makes a host that adds commands to `program`. */
export function createCommandHost(program: Command, terminal: Terminal, exit: ExitCode): CommandHost {
  return {
    add<Options extends object = object>({
      parent = program,
      usage,
      summary,
      examples,
      configure,
      action,
    }: CommandDefinition<Options>) {
      const command = globalOptions(parent.command(usage)).description(summary).summary(summary);
      if (examples.length > 0) {
        command.addHelpText('before', `Examples:\n${examples.map((line) => `  $ sluice ${line}\n`).join('')}`);
      }
      configure?.(command);
      if (action !== undefined) {
        command.action(async (...received: unknown[]) => {
          const options = command.optsWithGlobals<Options & GlobalOptions>();
          const output = createOutput({
            stdout: terminal.stdout,
            stderr: terminal.stderr,
            env: terminal.env,
            isJson: options.json === true,
            isQuiet: options.quiet === true,
            isColorAllowed: options.color !== false,
          });
          const args = received
            .slice(0, -2)
            .flat()
            .filter((value) => typeof value === 'string');
          exit.value = await action({ terminal, output, options, args });
        });
      } else {
        command.action(() => {
          throw new AppError('ERR_USAGE', `'${command.name()}' needs a sub-command`);
        });
      }
      return command;
    },
  };
}

/** Makes the program that commands are added to. */
export function createProgram(version: string): Command {
  return globalOptions(new Command('sluice'))
    .description(
      'A local HTTPS forward proxy that reads what AI coding assistants send, masks what must not leave, and keeps a verifiable record.',
    )
    .version(version, '-V, --version')
    .showSuggestionAfterError()
    .showHelpAfterError('(see `sluice --help`)')
    .enablePositionalOptions()
    .exitOverride();
}
