/** Every command, in the order the help lists them. */
import type { RegisterCommand } from '../command.ts';
import { registerAllow } from './allow.ts';
import { registerCa } from './ca.ts';
import { registerCompletion } from './completion.ts';
import { registerConfig } from './config.ts';
import { registerDemo } from './demo.ts';
import { registerDoctor } from './doctor.ts';
import { registerEnv } from './env.ts';
import { registerLog } from './log.ts';
import { registerRules } from './rules.ts';
import { registerRun } from './run.ts';
import { registerScan } from './scan.ts';
import { registerStart } from './start.ts';
import { registerStatus } from './status.ts';
import { registerUnmask } from './unmask.ts';

export const commands: readonly RegisterCommand[] = [
  registerStart,
  registerRun,
  registerEnv,
  registerStatus,
  registerCa,
  registerConfig,
  registerScan,
  registerUnmask,
  registerRules,
  registerLog,
  registerAllow,
  registerDoctor,
  registerDemo,
  registerCompletion,
];
