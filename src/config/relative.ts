/** Paths in a configuration: relative to the file that says them, `~` for the user's folder. */
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { ConfigFile } from './schema.ts';

/** Whether an entry of `rules:` is a file rather than a pack's name. */
export function isRuleFile(entry: string): boolean {
  return /^[.~/\\]|^[A-Za-z]:[\\/]|\.ya?ml$/.test(entry);
}

/** Resolves one path. */
export function resolveFrom(folder: string, path: string): string {
  if (path === '~' || /^~[\\/]/.test(path)) return join(homedir(), path.slice(1));
  return isAbsolute(path) ? path : resolve(folder, path);
}

/** Resolves every path of a configuration file against a folder. */
export function resolvePaths(file: ConfigFile, folder: string): ConfigFile {
  const at = (path: string): string => resolveFrom(folder, path);
  const { home, auth, upstream, ca, rules, detector } = file;
  return {
    ...file,
    ...(home !== undefined && { home: at(home) }),
    ...(auth?.users !== undefined && { auth: { ...auth, users: at(auth.users) } }),
    ...(upstream?.ca !== undefined && { upstream: { ...upstream, ca: upstream.ca.map(at) } }),
    ...(ca?.publish !== undefined && { ca: { ...ca, publish: at(ca.publish) } }),
    ...(detector?.command !== undefined && {
      detector: {
        ...detector,
        command: detector.command.map((word) => (/^(\.{1,2}|~)[\\/]/.test(word) ? at(word) : word)),
      },
    }),
    ...(rules !== undefined && { rules: rules.map((entry) => (isRuleFile(entry) ? at(entry) : entry)) }),
  };
}
