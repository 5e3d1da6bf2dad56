/** `sluice ca`: the local authority, and the trust stores it can be put into. */
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { authorityNeed } from '../../app/authority-need.ts';
import {
  exportAuthority,
  formatCommand,
  initAuthority,
  replaceAuthority,
  showAuthority,
  trustAuthority,
  trustStores,
  untrustAuthority,
  type AuthoritySummary,
  type TrustOptions,
  type TrustPlan,
  type TrustStore,
} from '../../app/manage-authority.ts';
import type { Invocation, RegisterCommand } from '../command.ts';
import { homeOf } from '../home-option.ts';
import { loadedPlace } from '../loaded.ts';
import type { Output } from '../output.ts';

interface StoreOptions {
  readonly store?: TrustStore;
  readonly dryRun?: boolean;
}

export const registerCa: RegisterCommand = (host) => {
  const ca = host.add({
    usage: 'ca',
    summary: 'the local authority: show it, trust it, give it to others, replace it',
    examples: ['ca show', 'ca trust --dry-run', 'ca export --out /srv/public', 'ca rotate'],
  });

  host.add({
    parent: ca,
    usage: 'init',
    summary: 'make the authority for the hosts that the configuration inspects or blocks',
    examples: ['ca init'],
    action: (invocation) => {
      const { home, need } = placeOf(invocation);
      showTo(invocation.output, initAuthority(home, need, Date.now()));
      return 0;
    },
  });

  host.add({
    parent: ca,
    usage: 'show',
    summary: 'what the authority is, until when, and for which hosts it may speak',
    examples: ['ca show', 'ca show --json'],
    action: (invocation) => {
      showTo(invocation.output, showAuthority(homeOf(invocation), Date.now()));
      return 0;
    },
  });

  host.add<{ readonly out?: string }>({
    parent: ca,
    usage: 'export',
    summary: 'give the certificate to other users, containers and machines (never the key)',
    examples: ['ca export > sluice.crt', 'ca export --out /srv/public'],
    configure: (command) =>
      void command.option('--out <folder>', 'write ca.crt and bundle.pem there, for everybody to read'),
    action: (invocation) => {
      const { output, options, terminal } = invocation;
      const folder = options.out === undefined ? undefined : resolve(terminal.cwd, options.out);
      const pem = exportAuthority(homeOf(invocation), Date.now(), folder);
      if (output.isJson) output.document({ certificates: pem, ...(folder === undefined ? {} : { folder }) });
      else if (folder === undefined) output.raw(pem);
      else output.note(`wrote ca.crt and bundle.pem to ${folder}`);
      return 0;
    },
  });

  host.add<StoreOptions>({
    parent: ca,
    usage: 'trust',
    summary: "put the certificate into this machine's trust stores",
    examples: ['ca trust --dry-run', 'ca trust', 'ca trust --store nss'],
    configure: storeOptions,
    action: (invocation) => {
      const plans = trustAuthority(homeOf(invocation), trustOptions(invocation));
      printPlans(invocation, plans, 'install');
      return 0;
    },
  });

  host.add<StoreOptions>({
    parent: ca,
    usage: 'untrust',
    summary: 'take the certificate, and those it replaced, out of the trust stores again',
    examples: ['ca untrust --dry-run', 'ca untrust'],
    configure: storeOptions,
    action: (invocation) => {
      const plans = untrustAuthority(homeOf(invocation), trustOptions(invocation));
      printPlans(invocation, plans, 'remove');
      return 0;
    },
  });

  host.add({
    parent: ca,
    usage: 'rotate',
    summary: 'replace the authority; the old one stays in the bundle for a week',
    examples: ['ca rotate'],
    action: (invocation) => {
      const { output } = invocation;
      const { home, need } = placeOf(invocation);
      const { authority, wasTrusted } = replaceAuthority(home, need, Date.now());
      showTo(output, authority);
      output.note('a running proxy goes on with the old one until it is restarted: `sluice stop`, then start it again');
      if (wasTrusted) {
        output.note('trust stores still hold the old one: `sluice ca untrust`, then `sluice ca trust` for the new one');
      }
      return 0;
    },
  });
};

const storeOptions = (command: Command): void => {
  command
    .addOption(
      new Option('--store <name>', 'only this store; all that this machine has where absent').choices(trustStores),
    )
    .option('--dry-run', 'print the commands and run none');
};

/** The home, and the hosts that the configuration in force inspects or blocks. */
function placeOf(invocation: Invocation<object>): { home: string; need: ReturnType<typeof authorityNeed> } {
  const { loaded, home } = loadedPlace(invocation);
  return { home, need: authorityNeed(loaded.config) };
}

function trustOptions({ options }: Invocation<StoreOptions>): TrustOptions {
  return {
    homeFolder: homedir(),
    isRoot: process.getuid?.() === 0,
    isDryRun: options.dryRun === true,
    nowMs: Date.now(),
    ...(options.store === undefined ? {} : { store: options.store }),
  };
}

function showTo(output: Output, authority: AuthoritySummary): void {
  if (output.isJson) {
    output.document({ authority });
    return;
  }
  const { constraints } = authority;
  const hosts = constraints === null ? ['any host'] : [...constraints.dns, ...constraints.ip];
  const uses = [authority.trusted ? 'trust stores' : '', authority.exported ? 'elsewhere' : ''].filter(
    (use) => use !== '',
  );
  const rows = [
    ['subject', authority.subject],
    ['fingerprint', authority.fingerprint256],
    ['valid', `${authority.notBefore} to ${authority.notAfter}`],
    ['certificate', authority.path],
    ['also in', uses.length === 0 ? 'nothing: known to this home alone' : uses.join(', ')],
    ['may speak for', hosts.length === 0 ? 'no host' : hosts.join(', ')],
  ] as const;
  for (const [name, value] of rows) output.line(`${output.style('bold', name.padEnd(14))}${value}`);
}

function printPlans(
  { output, options }: Invocation<StoreOptions>,
  plans: readonly TrustPlan[],
  part: 'install' | 'remove',
): void {
  if (output.isJson) {
    output.document({ plans, ran: options.dryRun === true ? null : part });
    return;
  }
  for (const plan of plans) {
    const { effect, store } = plan;
    const sides = { install: plan.install, remove: [...plan.remove, ...plan.tidy] };
    const other = part === 'install' ? 'remove' : 'install';
    const did = options.dryRun === true ? part : { install: 'installed', remove: 'removed' }[part];
    output.line(output.style('bold', `${store}: ${effect}`));
    for (const command of sides[part]) output.line(`  ${did}: ${formatCommand(command)}`);
    for (const command of sides[other]) output.line(output.style('dim', `  to undo: ${formatCommand(command)}`));
  }
}
