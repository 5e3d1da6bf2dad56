/** `sluice run`: one command through the proxy, with a credential, a project layer and counts of its own. */
import { runCommand } from '../../app/run-command.ts';
import { summaryLines } from '../../app/counts.ts';
import { AppError } from '../../core/errors.ts';
import type { RegisterCommand } from '../command.ts';
import { loadedPlace } from '../loaded.ts';
import { readVersion } from '../version.ts';

export const registerRun: RegisterCommand = (host) => {
  host.add({
    usage: 'run',
    summary: 'run a command through the proxy, and say what was masked',
    examples: ['run -- claude', 'run -- codex exec "fix the tests"', 'run --quiet -- npm test'],
    configure: (command) => void command.argument('<command...>', 'the command and its arguments').passThroughOptions(),
    action: async (invocation) => {
      const { args, options, output, terminal } = invocation;
      const [program, ...rest] = args;
      if (program === undefined) throw new AppError('ERR_USAGE', 'run needs a command after --');
      const { loaded, home } = loadedPlace(invocation);
      const handOn = [
        ...(options.config === undefined ? [] : ['--config', options.config]),
        ...(options.home === undefined ? [] : ['--home', options.home]),
      ];
      const result = await runCommand({
        program,
        args: rest,
        cwd: terminal.cwd,
        env: terminal.env,
        config: loaded.config,
        homePath: home,
        handOn,
        version: readVersion().version,
        onReady: ({ protection, warnings }) => {
          output.note(`sluice: ${protection.summary}`);
          for (const warning of warnings) output.warn(`sluice: ${warning}`);
        },
      });
      for (const line of result.counts === undefined ? [] : summaryLines(result.counts)) output.note(line);
      return result.exitCode;
    },
  });
};
