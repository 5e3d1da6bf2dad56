/** `sluice start`: runs the proxy until it is told to stop. */
import { Option } from 'commander';
import { createServiceLogger, startService, type Service } from '../../app/service.ts';
import type { Invocation, RegisterCommand } from '../command.ts';
import { loadedPlace } from '../loaded.ts';
import { readVersion } from '../version.ts';
import type { Output } from '../output.ts';

interface StartOptions {
  readonly listen?: string;
  readonly admin?: string;
  readonly detached?: boolean;
}

/** The one line that scripts wait for. */
function announceToScripts(output: Output, service: Service): void {
  const { proxyUrl, adminUrl, caPath, bundlePath } = service;
  output.document({
    event: 'listening',
    proxy: proxyUrl,
    admin: adminUrl,
    ca: caPath,
    bundle: bundlePath,
    pid: process.pid,
  });
}

function announceToPeople(output: Output, service: Service): void {
  output.line(
    `${output.style('green', 'Sluice listens')} on ${output.style('bold', service.proxyUrl)} (health and metrics: ${service.adminUrl})`,
  );
  output.line(`  authority  ${service.caPath}`);
  output.line('');
  output.line('In another terminal (`npm link` in this folder puts `sluice` on the PATH):');
  output.line(
    `  ${output.style('cyan', 'sluice run -- claude')}       one assistant through the proxy (codex, gemini, pi … likewise)`,
  );
  output.line(`  ${output.style('cyan', 'eval "$(sluice env)"')}       everything started from that shell`);
  output.line(`  ${output.style('cyan', 'sluice log --follow')}        what is decided, as it happens`);
}

/** Waits for the end: a signal drains, a second one ends at once. */
async function untilStopped(service: Service): Promise<void> {
  let isStopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isStopping) process.exit(signal === 'SIGINT' ? 130 : 143);
    isStopping = true;
    // Waited for through `ended`.
    void service.stop();
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  try {
    await service.ended;
  } finally {
    process.off('SIGTERM', onSignal);
    process.off('SIGINT', onSignal);
  }
}

async function run(invocation: Invocation<StartOptions>): Promise<number> {
  const { output, options, terminal } = invocation;
  const { loaded, load, home } = loadedPlace(invocation, { listen: options.listen, admin: options.admin });
  const isForPeople = output.isTerminal && !output.isJson;
  const logger = createServiceLogger({
    isQuiet: options.quiet === true,
    isVerbose: options.verbose === true,
    isPretty: isForPeople,
  });
  // SECURITY: an unexpected failure ends the process: what is in flight is cut, nothing passes unread.
  process.on('uncaughtException', (error) => {
    logger.error({ type: error.name }, 'something failed inside sluice, and it ends');
    process.exit(70);
  });
  const service = await startService({
    homePath: home,
    loaded,
    load,
    env: terminal.env,
    logger,
    version: readVersion().version,
    isDetached: options.detached === true,
  });
  for (const notice of service.notices) output.note(`sluice: ${notice}`);
  if (isForPeople) announceToPeople(output, service);
  else announceToScripts(output, service);
  await untilStopped(service);
  return 0;
}

export const registerStart: RegisterCommand = (host) => {
  host.add<StartOptions>({
    usage: 'start',
    summary: 'run the proxy',
    examples: ['start', 'start --listen 127.0.0.1:0 --admin 127.0.0.1:0 --json', 'start --config ./gateway.yaml'],
    configure: (command) =>
      void command
        .option('--listen <host:port>', 'where the proxy listens; port 0 for any free one')
        .option('--admin <host:port>', 'where health, metrics and the API are')
        .addOption(new Option('--detached', 'end ten minutes after the last run').hideHelp()),
    action: run,
  });
};
