/** The certificate files that a user's environment, git, npm and pip already name: what they trust must not get lost. */
import { readFileSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { spawnSync } from 'node:child_process';

/** Everything that says where to look; tests pass their own. */
export interface UserSettings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly homeFolder: string;
  /** Where the machine's own settings stand: `/etc`. */
  readonly machineFolder: string;
  /** node's own path: npm's global settings stand beside its installation. */
  readonly execPath: string;
}

/** A PEM file, or a PEM text, and what named it (`SSL_CERT_FILE`, `git http.sslcainfo`, …). */
export interface NamedRoots {
  readonly by: string;
  readonly path?: string;
  readonly pem?: string;
}

/** The variables that name a file of certificates which replaces the system's roots; `run` and `env` set them. */
export const bundleVariables = [
  'SSL_CERT_FILE',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'PIP_CERT',
  'AWS_CA_BUNDLE',
  'DENO_CERT',
  'npm_config_cafile',
  'CODEX_CA_CERTIFICATE',
] as const;

/** Those, and the one whose file adds to the roots. */
export const certificateVariables = [...bundleVariables, 'NODE_EXTRA_CA_CERTS'] as const;

/**
 * Lists what is named by the variables and by the user's and the machine's own settings. Never by a project's: a
 * cloned repository may not choose whom this machine trusts.
 */
export function namedRoots(settings: UserSettings): NamedRoots[] {
  return [...fromEnvironment(settings), ...fromGit(settings), ...fromNpm(settings), ...fromPip(settings)];
}

function fromEnvironment({ environment, platform }: UserSettings): NamedRoots[] {
  return certificateVariables.flatMap((name) => {
    const path = environment[name];
    // A relative path would mean another file for each folder; programs read it from theirs, not from ours.
    return path === undefined || !paths(platform).isAbsolute(path) ? [] : [{ by: name, path }];
  });
}

/** Asks git itself, because its files can include others; from the home folder, so that no repository takes part. */
function fromGit({ environment, homeFolder }: UserSettings): NamedRoots[] {
  return ['--global', '--system'].flatMap((scope) => {
    const query = [
      'config',
      scope,
      '--includes',
      '--type=path',
      '-z',
      '--get-regexp',
      String.raw`^http\.(.*\.)?sslcainfo$`,
    ];
    const { stdout, status } = spawnSync('git', query, {
      cwd: homeFolder,
      env: { ...environment },
      encoding: 'utf8',
      timeout: 5000,
      windowsHide: true,
    });
    if (status !== 0) return [];
    return stdout
      .split('\0')
      .filter((entry) => entry.includes('\n'))
      .map((entry) => ({ by: 'git http.sslcainfo', path: entry.slice(entry.indexOf('\n') + 1) }));
  });
}

/** Reads npm's files, because starting npm takes longer than everything else here together. */
function fromNpm(settings: UserSettings): NamedRoots[] {
  const { environment, platform, homeFolder, execPath } = settings;
  const path = paths(platform);
  const prefix =
    environment['npm_config_prefix'] ??
    (platform === 'win32'
      ? path.join(environment['APPDATA'] ?? homeFolder, 'npm')
      : path.dirname(path.dirname(execPath)));
  const files = [
    environment['npm_config_userconfig'] ?? path.join(homeFolder, '.npmrc'),
    environment['npm_config_globalconfig'] ?? path.join(prefix, 'etc', 'npmrc'),
  ];
  return files.flatMap((file) =>
    iniValues(file).flatMap(({ key, value }): NamedRoots[] => {
      const text = value.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => environment[name] ?? whole);
      if (key === 'cafile') return [{ by: `cafile in ${file}`, path: expandHome(text, homeFolder) }];
      if (key === 'ca' || key === 'ca[]') return [{ by: `ca in ${file}`, pem: text.replaceAll(String.raw`\n`, '\n') }];
      return [];
    }),
  );
}

/** pip's own list of files (pip documentation, "Configuration files"). */
function fromPip({ environment, platform, homeFolder, machineFolder }: UserSettings): NamedRoots[] {
  const path = paths(platform);
  const config = environment['XDG_CONFIG_HOME'] ?? path.join(homeFolder, '.config');
  const files = {
    win32: [
      path.join(environment['ProgramData'] ?? 'C:\\ProgramData', 'pip', 'pip.ini'),
      path.join(environment['APPDATA'] ?? homeFolder, 'pip', 'pip.ini'),
      path.join(homeFolder, 'pip', 'pip.ini'),
    ],
    darwin: [
      '/Library/Application Support/pip/pip.conf',
      path.join(homeFolder, 'Library', 'Application Support', 'pip', 'pip.conf'),
    ],
    other: [path.join(machineFolder, 'xdg', 'pip', 'pip.conf'), path.join(machineFolder, 'pip.conf')],
  };
  const own = platform === 'win32' ? files.win32 : platform === 'darwin' ? files.darwin : files.other;
  const posixOnly = platform === 'win32' ? [] : [path.join(config, 'pip', 'pip.conf')];
  const legacy = platform === 'win32' ? [] : [path.join(homeFolder, '.pip', 'pip.conf')];
  const explicit = environment['PIP_CONFIG_FILE'];
  return [...own, ...posixOnly, ...legacy, ...(explicit === undefined ? [] : [explicit])].flatMap((file) =>
    iniValues(file)
      .filter(({ key }) => key === 'cert')
      .map(({ value }) => ({ by: `cert in ${file}`, path: expandHome(value, homeFolder) })),
  );
}

/** `key = value` lines of an ini file, quotes taken off; none where there is no readable file. */
function iniValues(file: string): { key: string; value: string }[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // Absent or unreadable: then the tool itself does not follow it either.
    return [];
  }
  return text.split(/\r?\n/).flatMap((line) => {
    const at = line.indexOf('=');
    const key = line.slice(0, at).trim();
    if (at === -1 || /^[;#]/.test(key)) return [];
    const value = line.slice(at + 1).trim();
    const isQuoted = value.length > 1 && /^["']/.test(value) && value.endsWith(value.charAt(0));
    return [{ key, value: isQuoted ? value.slice(1, -1) : value }];
  });
}

function expandHome(path: string, homeFolder: string): string {
  return /^~[\\/]/.test(path) ? `${homeFolder}${path.slice(1)}` : path;
}

function paths(platform: NodeJS.Platform): typeof posix {
  return platform === 'win32' ? win32 : posix;
}
