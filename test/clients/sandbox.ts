/** Runs this suite where nothing can leave the machine: a network namespace with loopback only, as an ordinary user. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmdirSync } from 'node:fs';
import { repository } from '../helpers/packages.ts';

/** Set inside, to what the sandbox is made of. */
const marker = 'SLUICE_TEST_SANDBOX';

/** An unprivileged user that exists nowhere: some assistants refuse to run as root. */
const uid = '4242';

const isRoot = process.getuid?.() === 0;

const dropRoot = ['setpriv', '--reuid', uid, '--regid', uid, '--clear-groups', '--inh-caps=-all'];

/** The ways into a namespace, best first; each is a prefix for a command. */
const namespaces: readonly (readonly string[])[] = isRoot
  ? [
      ['unshare', '--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child'],
      ['unshare', '--net', '--mount'],
    ]
  : [
      ['unshare', '--map-current-user', '--keep-caps', '--net', '--pid', '--fork', '--mount-proc', '--kill-child'],
      ['unshare', '--map-current-user', '--keep-caps', '--net'],
    ];

/** Run inside the namespace: loopback comes up, the checkout becomes reachable for the ordinary user, root is given up. */
const enter = `
ip link set lo up || exit 125
if [ "$(id -u)" = 0 ]; then
  mount --bind "$SLUICE_TEST_CHECKOUT" "$SLUICE_TEST_PLACE" || exit 125
  cd "$SLUICE_TEST_PLACE" && exec ${dropRoot.join(' ')} "$@"
fi
exec "$@"`;

function works(prefix: readonly string[]): boolean {
  const [command = '', ...args] = prefix;
  return spawnSync(command, [...args, 'sh', '-c', 'ip link set lo up'], { stdio: 'ignore' }).status === 0;
}

/** What this process runs in: `namespace`, `user` (an ordinary user, no namespace), or undefined before either. */
export function currentSandbox(): string | undefined {
  return process.env[marker];
}

/**
 * Starts the script again inside the best sandbox this machine allows and returns its exit code.
 *
 * @param script relative to the repository; @param args its arguments.
 */
export function runInSandbox(script: string, args: readonly string[]): number {
  const node = [process.execPath, '--import', 'tsx', script, ...args];
  const namespace = namespaces.find(works);
  if (namespace === undefined) {
    const canDrop = isRoot && spawnSync(dropRoot[0] ?? '', ['--version'], { stdio: 'ignore' }).status === 0;
    return start([...(canDrop ? dropRoot : []), ...node], { [marker]: 'user' });
  }
  const place = mkdtempSync('/tmp/sluice-checkout-');
  chmodSync(place, 0o755);
  try {
    const env = { [marker]: 'namespace', SLUICE_TEST_CHECKOUT: repository, SLUICE_TEST_PLACE: place };
    return start([...namespace, 'sh', '-c', enter, 'sh', ...node], env);
  } finally {
    // The mount was the namespace's own and went with it.
    rmdirSync(place);
  }
}

function start(command: readonly string[], env: Readonly<Record<string, string>>): number {
  const [program = '', ...args] = command;
  const inherited = { ...process.env, HOME: '/nonexistent', TMPDIR: '/tmp' };
  return spawnSync(program, args, { cwd: repository, stdio: 'inherit', env: { ...inherited, ...env } }).status ?? 1;
}
