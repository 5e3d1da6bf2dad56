/** The data folder that a command is about. */
import { resolve } from 'node:path';
import { defaultHome } from '../config/paths.ts';
import type { Invocation } from './command.ts';

/** `--home`, else `SLUICE_HOME`, else the user's data folder. */
export function homeOf({ options, terminal }: Pick<Invocation<object>, 'options' | 'terminal'>): string {
  return resolve(terminal.cwd, options.home ?? (terminal.env['SLUICE_HOME'] || defaultHome));
}
