#!/usr/bin/env node
/** The `sluice` program: the process around `runCli`. */
import { runCli } from './program.ts';

// A reader that goes away (`sluice log | head`) is not a failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 74);
});

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
});
