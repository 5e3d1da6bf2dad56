/** Every command, in the order the help lists them. */
import type { RegisterCommand } from '../command.ts';
import { registerCompletion } from './completion.ts';

export const commands: readonly RegisterCommand[] = [registerCompletion];
