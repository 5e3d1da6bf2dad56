/** Runs this suite where nothing can leave the machine: a network namespace with loopback only, as an ordinary user. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { repository } from './install.ts';

/** Set inside, to what the sandbox is made of. */
const marker = 'SLUICE_TEST_SANDBOX';

/** An unprivileged user that exists nowhere: some assistants refuse to run as root. */
const uid = '4242';

const isRoot = process.getuid?.() === 0;

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
  place=$(mktemp -d /tmp/sluice-checkout-XXXXXX) && chmod 755 "$place" && mount --bind "$SLUICE_TEST_CHECKOUT" "$place" || exit 125
  cd "$place" && exec setpriv --reuid ${uid} --regid ${uid} --clear-groups --inh-caps=-all "$@"
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
  const env = { ...process.env, SLUICE_TEST_CHECKOUT: repository, HOME: '/nonexistent', TMPDIR: '/tmp' };
  const namespace = namespaces.find(works);
  if (namespace !== undefined) {
    const [command = '', ...rest] = [...namespace, 'sh', '-c', enter, 'sh', ...node];
    return (
      spawnSync(command, rest, { cwd: repository, stdio: 'inherit', env: { ...env, [marker]: 'namespace' } }).status ??
      1
    );
  }
  const drop = ['setpriv', '--reuid', uid, '--regid', uid, '--clear-groups'];
  const prefix = isRoot && existsSync('/usr/bin/setpriv') ? drop : [];
  const [command = '', ...rest] = [...prefix, ...node];
  return spawnSync(command, rest, { cwd: repository, stdio: 'inherit', env: { ...env, [marker]: 'user' } }).status ?? 1;
}
