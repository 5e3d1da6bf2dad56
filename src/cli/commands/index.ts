/** Every command, in the order the help lists them. */
import type { Command } from 'commander';
import type { CommandHost } from '../command.ts';

/** Adds one command (with its sub-commands) to the program. */
export type RegisterCommand = (host: CommandHost, program: Command) => void;

export const commands: readonly RegisterCommand[] = [];
