/** `sluice status` and `sluice stop`: the running proxy of a home. */
import { connectAdmin, requireAdmin } from '../../app/admin-client.ts';
import { summaryLines } from '../../app/counts.ts';
import { homeAt } from '../../app/home.ts';
import { statusAnswerSchema } from '../../app/status.ts';
import { stopProxy } from '../../app/stop.ts';
import type { RegisterCommand } from '../command.ts';
import { loadedPlace } from '../loaded.ts';

export const registerStatus: RegisterCommand = (host) => {
  host.add({
    usage: 'status',
    summary: "the home's proxy: since when, for whom, how many exchanges",
    examples: ['status', 'status --json'],
    action: async (invocation) => {
      const { output } = invocation;
      const { home } = loadedPlace(invocation);
      const admin = await connectAdmin(homeAt(home));
      if (admin === undefined) {
        if (output.isJson) output.document({ running: false });
        else output.line(`no proxy runs for ${home}`);
        return 1;
      }
      const { status } = statusAnswerSchema.parse(await admin.call('GET', '/api/status'));
      if (output.isJson) {
        output.document({ running: true, status });
        return 0;
      }
      const since = new Date(status.startedMs).toISOString();
      output.line(
        `${output.style('bold', status.proxy)} since ${since} (pid ${status.pid}, version ${status.version})`,
      );
      output.line(
        `profile ${status.profile}, mode ${status.mode}, ${status.runs} live runs, ${status.activeExchanges} exchanges under way`,
      );
      if (status.staleRuns > 0) {
        const note = `${status.staleRuns} of them keep the last good layer of a project whose file is invalid now`;
        output.line(output.style('yellow', `${note}; the log says why`));
      }
      if (!status.recordHealthy) output.line(output.style('red', 'the record cannot be written'));
      if (status.counts.exchanges > 0) for (const line of summaryLines(status.counts)) output.line(line);
      return 0;
    },
  });

  host.add({
    usage: 'stop',
    summary: "drain and stop the home's proxy",
    examples: ['stop'],
    action: async (invocation) => {
      const { output } = invocation;
      const { home } = loadedPlace(invocation);
      const admin = await requireAdmin(homeAt(home));
      await stopProxy(admin);
      if (output.isJson) output.document({ stopped: true });
      else output.note('stopped');
      return 0;
    },
  });
};
