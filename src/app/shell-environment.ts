/** The client environment of a home: its authority, and the files that a caller's own settings need. */
import { loadAuthority } from '../certs/authority.ts';
import { currentSettings, writeClientFiles } from '../certs/bundle.ts';
import { prepareAuthority, type AuthorityNeed } from './authority.ts';
import { clientEnvironment, type ClientEnvironment } from './client-environment.ts';

export interface ShellEnvironmentInput {
  readonly home: string;
  readonly need: AuthorityNeed;
  /** Then its authority is taken as it is: replacing it would not reach the running proxy. */
  readonly isRunning: boolean;
  /** With a credential where there is one. */
  readonly proxyUrl: string;
  /** The caller's environment as it is. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly nowMs: number;
}

/**
 * Prepares the authority where there is none yet, writes the certificate files for a caller with this environment, and
 * says what to set.
 *
 * @throws AppError as `loadAuthority` and `prepareAuthority` do; `ERR_CANNOT_CREATE` when the files cannot be written.
 */
export function shellEnvironment(input: ShellEnvironmentInput): ClientEnvironment {
  const { home, need, isRunning, proxyUrl, environment, nowMs } = input;
  const authority = isRunning ? loadAuthority(home, { nowMs }) : prepareAuthority(home, need, nowMs).authority;
  const { bundle, extra } = writeClientFiles(authority, nowMs, currentSettings(environment));
  const inspectedHosts = need.isUnconstrained ? ['*'] : need.hosts;
  return clientEnvironment({ proxyUrl, bundlePath: bundle, extraPath: extra, environment, inspectedHosts });
}
