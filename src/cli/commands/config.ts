/** `sluice config`: what is in force and why, a check of a file, the schema, and lines for the users file. */
import { text } from 'node:stream/consumers';
import { shownConfig } from '../../config/shown.ts';
import { configJsonSchema } from '../../config/json-schema.ts';
import { userLine } from '../../app/users.ts';
import { AppError } from '../../core/errors.ts';
import { protectionOf } from '../../app/protection.ts';
import type { RegisterCommand } from '../command.ts';
import { loadedPlace } from '../loaded.ts';
import { offlineEngine } from '../../app/offline-engine.ts';

interface ShowOptions {
  readonly origin?: boolean;
}

export const registerConfig: RegisterCommand = (host) => {
  const config = host.add({
    usage: 'config',
    summary: 'the configuration: what is in force, a check, the schema, users',
    examples: ['config show --origin', 'config check --config ./config.yaml', 'config schema > config.schema.json'],
  });

  host.add<ShowOptions>({
    parent: config,
    usage: 'show',
    summary: 'print the configuration in force',
    examples: ['config show', 'config show --origin', 'config show --json'],
    configure: (command) => void command.option('--origin', 'say where each value came from'),
    action: (invocation) => {
      const { output, options } = invocation;
      const { loaded } = loadedPlace(invocation);
      const origin = Object.fromEntries(loaded.origin);
      const shown = shownConfig(loaded.config);
      if (output.isJson) {
        output.document({ config: shown, ...(options.origin === true ? { origin } : {}) });
        return 0;
      }
      for (const [path, from] of loaded.origin) {
        const value = path
          .split('.')
          .reduce<unknown>(
            (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
            shown,
          );
        if (value === undefined) continue;
        const why = options.origin === true ? output.style('dim', `  # ${from}`) : '';
        output.line(`${output.style('bold', path)}: ${JSON.stringify(value)}${why}`);
      }
      return 0;
    },
  });

  host.add({
    parent: config,
    usage: 'check',
    summary: 'check configuration, rules and project layer, and say what is protected',
    examples: ['config check', 'config check --config ./config.yaml'],
    action: (invocation) => {
      const { output, terminal } = invocation;
      const { loaded, home } = loadedPlace(invocation);
      const engine = offlineEngine(loaded, home, terminal.env);
      const protection = protectionOf(terminal.cwd, loaded.config, terminal.env);
      if (output.isJson) {
        const checks = [
          { id: 'config', status: 'ok', finding: `${engine.rules.length} rules` },
          { id: 'protected', status: 'ok', finding: protection.summary },
        ];
        output.document({ checks });
        return 0;
      }
      output.line(
        `${loaded.file ?? 'no configuration file'}: valid; ${engine.rules.length} rules, policy ${engine.policy.version}`,
      );
      output.line(protection.summary);
      for (const line of protection.details) output.line(`  ${line}`);
      return 0;
    },
  });

  host.add({
    parent: config,
    usage: 'schema',
    summary: 'print the JSON Schema of configuration files, for editors',
    examples: ['config schema > config.schema.json'],
    action: ({ output }) => {
      output.raw(JSON.stringify(configJsonSchema(), null, 2) + '\n');
      return 0;
    },
  });

  host.add({
    parent: config,
    usage: 'user <name>',
    summary: 'make a line for the users file; the password is read from standard input',
    examples: ['config user ada < password.txt >> users'],
    action: async ({ output, args, terminal }) => {
      const password = (await text(terminal.stdin)).replace(/\r?\n$/, '');
      if (password === '') throw new AppError('ERR_USAGE', 'no password came from standard input');
      output.line(await userLine(args[0] ?? '', password));
      return 0;
    },
  });
};
