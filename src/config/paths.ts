/** Where the program's own files stand on this platform: the data folder, the user's configuration, the organisation's policy. */
import envPaths from 'env-paths';
import { posix, win32 } from 'node:path';

const ofUser = envPaths('sluice', { suffix: '' });

/** The data folder where nothing else names one. */
export const defaultHome = ofUser.data;

/** The user's configuration file where `--config` and `SLUICE_CONFIG` name none. */
export function userConfigPath(platform: NodeJS.Platform = process.platform): string {
  return (platform === 'win32' ? win32 : posix).join(ofUser.config, 'config.yaml');
}

/** The organisation's policy: a place that only an administrator can write. It always counts where it exists. */
export function organisationPolicyPath(platform: NodeJS.Platform = process.platform): string {
  if (platform === 'darwin') return '/Library/Application Support/sluice/policy.yaml';
  // Not %ProgramData%: a user could point that variable elsewhere.
  if (platform === 'win32') return 'C:\\ProgramData\\sluice\\policy.yaml';
  return '/etc/sluice/policy.yaml';
}

/** The name of a project's file, looked for from a folder upwards. */
export const projectFileName = '.sluice.yaml';
