/** The variables that send a client through the proxy and make it trust the authority. */
import { bundleVariables } from '../certs/named-roots.ts';
import { isWithin, parseHost, requireHost } from '../certs/names.ts';

/** Shells that `env` prints for; `json` is for programs. */
export type Shell = 'bash' | 'fish' | 'pwsh' | 'json';

/** Every value `--shell` takes. */
export const shells = ['bash', 'fish', 'pwsh', 'json'] as const satisfies readonly Shell[];

export interface ClientEnvironmentInput {
  /** With the run's credential where there is one: `http://run:…@127.0.0.1:7787`. */
  readonly proxyUrl: string;
  /** `extra` of `writeClientFiles`: the authority, and what NODE_EXTRA_CA_CERTS named before. */
  readonly extraPath: string;
  /** `bundle` of `writeClientFiles`: roots, what the other variables named before, and the authority. */
  readonly bundlePath: string;
  /** The caller's environment as it is. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Host patterns that must not go past the proxy: those inspected and those blocked. */
  readonly inspectedHosts: readonly string[];
}

export interface ClientEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** Variables of the caller's environment that would lead a client past the proxy. */
  readonly unset: readonly string[];
}

const loopback: readonly string[] = ['localhost', '127.0.0.1', '::1'];

/** Says what to set and what to unset. A value of one variable never depends on another's. */
export function clientEnvironment(input: ClientEnvironmentInput): ClientEnvironment {
  const { proxyUrl, extraPath, bundlePath, environment, inspectedHosts } = input;
  const direct = noProxy([environment['NO_PROXY'], environment['no_proxy']], inspectedHosts);
  const variables: Record<string, string> = {
    HTTPS_PROXY: proxyUrl,
    https_proxy: proxyUrl,
    HTTP_PROXY: proxyUrl,
    http_proxy: proxyUrl,
    NO_PROXY: direct,
    no_proxy: direct,
    NODE_EXTRA_CA_CERTS: extraPath,
  };
  for (const name of bundleVariables) variables[name] = bundlePath;
  return {
    variables: {
      ...variables,
      // Later releases of Node 22 and 24 then follow the proxy variables in fetch and https, and the system's roots.
      NODE_USE_ENV_PROXY: '1',
      NODE_USE_SYSTEM_CA: '1',
      // A hash over the body, which masking would make stale; it may be left out, and must never be forged.
      CLAUDE_CODE_ATTRIBUTION_HEADER: '0',
      // Plain JSON in place of a signed obfuscation that cannot be rewritten.
      QODER_MODEL_TRANSPORT: 'http',
    },
    // Some clients prefer ALL_PROXY, and then send `GET https://…` in clear to it.
    unset: ['ALL_PROXY', 'all_proxy'].filter((name) => environment[name] !== undefined),
  };
}

/**
 * Merges what was to be reached directly with the loopback names, and takes out every entry by which a client could
 * reach an inspected host directly. In doubt an entry goes: then that traffic is tunnelled, not lost.
 *
 * @throws AppError `ERR_CONNECT_TARGET` for a pattern that is no host.
 */
function noProxy(before: readonly (string | undefined)[], inspectedHosts: readonly string[]): string {
  const entries = before.flatMap((list) => list?.split(/[\s,]+/) ?? []).filter((entry) => entry !== '');
  const wanted = new Set([...entries, ...loopback]);
  return [...wanted].filter((entry) => !inspectedHosts.some((host) => bypasses(entry, host))).join(',');
}

function bypasses(entry: string, pattern: string): boolean {
  const name = withoutPort(entry.toLowerCase()).replace(/^\*?\.?/, '');
  // `*`, and globs that clients read differently.
  if (name === '' || name.includes('*')) return true;
  if (pattern === '*') return !loopback.includes(name);
  const star = pattern.lastIndexOf('*');
  const host = requireHost(star === -1 ? pattern : pattern.slice(star + 1).replace(/^[^.]*\./, ''));
  if (name.includes('/')) return host.kind === 'ip';
  const named = parseHost(name)?.name ?? name;
  // Some clients compare plain suffixes, without a dot between.
  return host.name.endsWith(named) || (star !== -1 && isWithin(named, host.name));
}

function withoutPort(entry: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(entry);
  if (bracketed !== null) return bracketed[1] ?? '';
  return /^[^:]*:\d+$/.test(entry) ? entry.slice(0, entry.indexOf(':')) : entry;
}

/** Writes the variables as commands for a shell's start file, or as one JSON document. Ends with a line end. */
export function formatClientEnvironment({ variables, unset }: ClientEnvironment, shell: Shell): string {
  if (shell === 'json') return `${JSON.stringify({ schemaVersion: 1, variables })}\n`;
  const { set, drop } = syntax[shell];
  const lines = [...unset.map(drop), ...Object.entries(variables).map(([name, value]) => set(name, value))];
  return lines.map((line) => `${line}\n`).join('');
}

interface Syntax {
  readonly set: (name: string, value: string) => string;
  readonly drop: (name: string) => string;
}

/** Single quotes everywhere: nothing inside them is expanded, and each shell has its own way to write one. */
const syntax: Readonly<Record<Exclude<Shell, 'json'>, Syntax>> = {
  bash: {
    set: (name, value) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`,
    drop: (name) => `unset ${name}`,
  },
  fish: {
    set: (name, value) => `set -gx ${name} '${value.replaceAll(/[\\']/g, String.raw`\$&`)}'`,
    drop: (name) => `set -e ${name}`,
  },
  pwsh: {
    // PowerShell takes typographic quotes for quotes, and a doubled one of any kind for itself.
    set: (name, value) => `$env:${name} = '${value.replaceAll(/['‘’‚‛]/g, '$&$&')}'`,
    drop: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`,
  },
};
