/** `sluice unmask`: real values back where a placeholder ended up in a file. */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeWhole } from '../../app/home.ts';
import { offlineEngine } from '../../app/offline-engine.ts';
import { chosenVariables, projectOf, readRunLayer } from '../../app/run-layer.ts';
import { createUnmasker } from '../../app/unmask.ts';
import { AppError } from '../../core/errors.ts';
import type { RegisterCommand } from '../command.ts';
import { loadedPlace } from '../loaded.ts';

interface UnmaskOptions {
  readonly from?: readonly string[];
  readonly dryRun?: boolean;
}

export const registerUnmask: RegisterCommand = (host) => {
  host.add<UnmaskOptions>({
    usage: 'unmask',
    summary: 'put real values back where a placeholder ended up in a file',
    examples: [
      'unmask src/settings.txt',
      'unmask --from old/settings.txt src/settings.txt',
      'unmask --dry-run src/*.ts',
    ],
    configure: (command) =>
      void command
        .argument('<files...>', 'files that hold placeholders')
        .option('--from <files...>', 'further files to take values from')
        .option('--dry-run', 'say what would be put back, and change nothing'),
    action: (invocation) => {
      const { args, options, output, terminal } = invocation;
      const { loaded, home } = loadedPlace(invocation);
      const { config } = loaded;
      const engine = offlineEngine(loaded, home, terminal.env);
      const read = (name: string): Buffer => {
        try {
          return readFileSync(resolve(terminal.cwd, name));
        } catch (error: unknown) {
          throw new AppError('ERR_INPUT_MISSING', `${name} cannot be read`, { cause: error });
        }
      };
      const files = args.map((name) => ({ name, text: read(name) }));
      const variables = chosenVariables(terminal.env, config, projectOf(terminal.cwd, config));
      const { protectedValues } = readRunLayer(terminal.cwd, config, variables);
      const sources = [...files.map(({ text }) => text), ...(options.from ?? []).map(read)];
      const unmask = createUnmasker(engine, [...protectedValues.strong, ...protectedValues.weak], sources);
      let unresolved = 0;
      const results = files.map(({ name, text }) => {
        const result = unmask(text);
        unresolved += result.unresolved;
        const path = resolve(terminal.cwd, name);
        if (result.restored > 0 && options.dryRun !== true) writeWhole(path, result.text, statSync(path).mode & 0o777);
        return { file: name, restored: result.restored, unresolved: result.unresolved };
      });
      if (output.isJson) output.document({ files: results });
      else
        for (const { file, restored, unresolved: left } of results)
          output.line(`${file}: ${restored} put back, ${left} unknown`);
      return unresolved > 0 ? 1 : 0;
    },
  });
};
