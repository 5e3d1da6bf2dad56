/** `sluice env`: the variables that send a shell's programs through the proxy. */
import { basename } from 'node:path';
import { Option } from 'commander';
import { connectAdmin } from '../../app/admin-client.ts';
import { authorityNeed } from '../../app/authority-need.ts';
import { formatClientEnvironment, shells, type ClientEnvironment, type Shell } from '../../app/client-environment.ts';
import { homeAt } from '../../app/home.ts';
import { shellEnvironment } from '../../app/shell-environment.ts';
import { loadConfig } from '../../config/load.ts';
import type { RegisterCommand } from '../command.ts';
import { homeOf } from '../home-option.ts';

interface EnvOptions {
  readonly shell?: Shell;
  readonly ifRunning?: boolean;
}

export const registerEnv: RegisterCommand = (host) => {
  host.add<EnvOptions>({
    usage: 'env',
    summary: 'print the variables that send programs through the proxy',
    examples: [
      'env --shell bash',
      'env --shell fish --if-running | source     # in ~/.config/fish/config.fish',
      'env --json',
    ],
    configure: (command) =>
      void command
        .addOption(new Option('--shell <name>', 'whose syntax; found out where absent').choices(shells))
        .option('--if-running', 'print none unless a proxy answers that `run` did not start: for shell start files'),
    action: async (invocation) => {
      const { output, options, terminal } = invocation;
      const shell = output.isJson ? 'json' : (options.shell ?? shellOf(terminal.env));
      const flags = { config: options.config, home: options.home };
      // Without its warnings: a shell that starts is no place for them.
      const { config } = loadConfig({ env: terminal.env, cwd: terminal.cwd, flags });
      const home = config.home ?? homeOf(invocation);
      const running = (await connectAdmin(homeAt(home)))?.state;
      const isLasting = running !== undefined && !running.isDetached;
      if (options.ifRunning === true && !isLasting) {
        output.raw(formatClientEnvironment(nothing, shell));
        return 0;
      }
      if (running === undefined) output.note('no proxy runs for this home yet: start it with `sluice start`');
      else if (!isLasting)
        output.note('the proxy that answers was started by `sluice run` and ends after its last run');
      if (config.auth.mode === 'required') {
        output.note('this proxy asks for credentials: put `name:password@` into the proxy variables');
      }
      const environment = shellEnvironment({
        home,
        need: authorityNeed(config),
        isRunning: running !== undefined,
        // A listener on every address is reached at the loopback one.
        proxyUrl: running?.proxy ?? `http://${config.listen.replace(/^(?:0\.0\.0\.0|\[::\])/, '127.0.0.1')}`,
        environment: terminal.env,
        nowMs: Date.now(),
      });
      output.raw(formatClientEnvironment(environment, shell));
      return 0;
    },
  });
};

const nothing: ClientEnvironment = { variables: {}, unset: [] };

/** The login shell by its name; PowerShell on Windows, POSIX syntax for any other. */
function shellOf(env: Readonly<Record<string, string | undefined>>): Shell {
  if (process.platform === 'win32') return 'pwsh';
  return shells.find((name) => name === basename(env['SHELL'] ?? '')) ?? 'bash';
}
