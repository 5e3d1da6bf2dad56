/** `sluice allow`: an exception for what a decision found, in the user's own file. */
import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { exceptionLines, exceptionsFor, withExceptions } from '../../app/allow.ts';
import { connectAdmin } from '../../app/admin-client.ts';
import { homeAt, readIfThere, writeWhole } from '../../app/home.ts';
import { openRecord } from '../../app/record.ts';
import { userConfigPath } from '../../config/paths.ts';
import { AppError } from '../../core/errors.ts';
import type { RegisterCommand } from '../command.ts';
import { loadedPlace } from '../loaded.ts';

interface AllowFlags {
  readonly reason?: string;
  readonly expires?: string;
  readonly dryRun?: boolean;
}

export const registerAllow: RegisterCommand = (host) => {
  host.add<AllowFlags>({
    usage: 'allow <decision>',
    summary: 'let through from now on what a decision masked or blocked',
    examples: ['allow 01JD… --reason "public test key"', 'allow 01JD… --reason demo --expires 2027-01-01 --dry-run'],
    configure: (command) =>
      void command
        .requiredOption('--reason <text>', 'why; it stands in the file and in the record')
        .option('--expires <date>', 'until when, YYYY-MM-DD')
        .option('--dry-run', 'print the entry and change nothing'),
    action: async (invocation) => {
      const { args, options, output, terminal } = invocation;
      const { loaded, home } = loadedPlace(invocation);
      const record = openRecord(home);
      const found = record.decision(args[0] ?? '');
      record.close();
      if (found === undefined) {
        throw new AppError('ERR_INPUT_MISSING', `no decision is called ${args[0] ?? ''}`, { hint: 'see `sluice log`' });
      }
      const { reason = '', expires } = options;
      const entries = exceptionsFor(found.decision, { reason, ...(expires === undefined ? {} : { expires }) });
      const named = options.config ?? terminal.env['SLUICE_CONFIG'];
      const file = loaded.file ?? (named === undefined ? userConfigPath() : resolve(terminal.cwd, named));
      const edited = withExceptions(readIfThere(file)?.toString('utf8') ?? '', file, entries);
      if (options.dryRun === true) {
        output.raw(exceptionLines(entries));
        return 0;
      }
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeWhole(file, edited);
      const admin = await connectAdmin(homeAt(home));
      await admin?.call('POST', '/api/reload');
      if (output.isJson) output.document({ allowed: entries, file });
      else output.line(`added ${entries.length} exception${entries.length === 1 ? '' : 's'} to ${file}`);
      return 0;
    },
  });
};
