/** Puts the configuration together: flags over environment over file over profile, and the organisation's over all. */
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../core/errors.ts';
import type { PolicyLayer } from '../policy/layer.ts';
import { detectorProblem, rivalOf } from './detector.ts';
import { readEnvironment, type EnvSettings } from './env-table.ts';
import { listenerProblem, parseAddress } from './listen.ts';
import {
  notEnforced,
  readOrganisation,
  readReadyPolicy,
  readyPoliciesFolder,
  toPolicyLayer,
  type FileLayer,
} from './layers.ts';
import { organisationPolicyPath, userConfigPath } from './paths.ts';
import { readYaml } from './place.ts';
import { deepFreeze, settings, valueAt, withValue, type PlainObject } from './plain.ts';
import { profiles } from './profiles.ts';
import { resolveFrom, resolvePaths } from './relative.ts';
import { readSafely } from './safety.ts';
import { configSchema, fileSchema, type Config, type ConfigFile, type OrganisationFile } from './schema.ts';
import { tightened } from './tighten.ts';

const fileAtMost = 1024 * 1024;
/** Settings that are maps of data, not sections. */
const wholes: ReadonlySet<string> = new Set(['upstream.connect', 'detector.entities']);

/** Where the configuration comes from. */
export interface LoadOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths of flags and variables start here. */
  readonly cwd: string;
  /** What the command line says. */
  readonly flags?: {
    readonly config?: string | undefined;
    readonly home?: string | undefined;
    readonly listen?: string | undefined;
    readonly admin?: string | undefined;
  };
  /** Read where neither `--config` nor `SLUICE_CONFIG` names a file; it need not exist. */
  readonly userFile?: string;
  /** The organisation's policy; it always counts where it exists. */
  readonly organisationFile?: string;
  /** Where the ready policies of `policies:` stand. */
  readonly readyPolicies?: string;
}

/** The configuration in force. */
export interface LoadedConfig {
  /** Frozen. Lists hold the organisation's entries too; who says what is in `layers`. */
  readonly config: Config;
  /** For each setting, by dotted path, where its value came from. */
  readonly origin: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
  /** The user's file, where there is one. */
  readonly file?: string;
  /** Every file that was read or would be if it existed: what to watch. */
  readonly files: readonly string[];
  /** For `createPolicy`: the user's say, and those that can only raise it (the organisation's, ready policies). */
  readonly layers: { readonly user: PolicyLayer; readonly organisation: readonly PolicyLayer[] };
}

interface UserFile {
  readonly path: string;
  readonly isThere: boolean;
  readonly value: ConfigFile;
  readonly placeOf?: FileLayer<ConfigFile>['placeOf'];
}

function readUserFile(options: LoadOptions): UserFile {
  const { flags = {}, env, cwd } = options;
  const named = flags.config ?? (env['SLUICE_CONFIG'] === '' ? undefined : env['SLUICE_CONFIG']);
  const path = named === undefined ? (options.userFile ?? userConfigPath()) : resolveFrom(cwd, named);
  const text = readSafely(path, { kind: 'the configuration', maxBytes: fileAtMost });
  if (text === undefined) {
    if (named !== undefined) throw new AppError('ERR_INPUT_MISSING', `the configuration ${path} does not exist`);
    return { path, isThere: false, value: {} };
  }
  const { value, placeOf } = readYaml(text, path, fileSchema);
  return { path, isThere: true, value: resolvePaths(value, dirname(path)), placeOf };
}

/** Values of variables that name a file: the file's content without its last line break. */
function withFileValues(environment: EnvSettings, cwd: string): { raw: PlainObject; origin: Map<string, string> } {
  let { raw } = environment;
  const origin = new Map(environment.origin);
  for (const [path, name] of environment.files) {
    const file = resolveFrom(cwd, name);
    const text = readSafely(file, { kind: `the file for ${path}`, maxBytes: 65_536 });
    if (text === undefined) throw new AppError('ERR_INPUT_MISSING', `the file for ${path}, ${file}, does not exist`);
    raw = withValue(raw, path.split('.'), text.replace(/\r?\n$/, ''));
    origin.set(path, `file ${file}`);
  }
  return { raw, origin };
}

/** Checks values that come without a file (environment, flags); the message names the variable or flag. */
function checked(raw: PlainObject, origin: ReadonlyMap<string, string>): ConfigFile {
  const result = fileSchema.safeParse(raw);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.join('.') ?? '';
  const expected = issue?.message.replace(/^Invalid (input|option|string): /, '') ?? 'is not valid';
  throw new AppError('ERR_CONFIG_INVALID', `${origin.get(path) ?? path}: ${expected}`);
}

function readFlags(flags: NonNullable<LoadOptions['flags']>): { raw: PlainObject; origin: Map<string, string> } {
  const { home, listen, admin } = flags;
  const raw = Object.fromEntries(Object.entries({ home, listen, admin }).filter(([, value]) => value !== undefined));
  return { raw, origin: new Map(Object.keys(raw).map((key) => [key, `flag --${key}`])) };
}

/** Every organisation's file that exists, the administrator's last so that its pins count over the added one's. */
function readOrganisations(options: LoadOptions): { files: string[]; layers: FileLayer<OrganisationFile>[] } {
  const always = options.organisationFile ?? organisationPolicyPath();
  const named = options.env['SLUICE_POLICY'];
  const files = named === undefined || named === '' ? [always] : [resolveFrom(options.cwd, named), always];
  const layers = files.map((file, index) => {
    const layer = readOrganisation(file);
    if (layer === undefined && index < files.length - 1) {
      throw new AppError('ERR_INPUT_MISSING', `the policy ${file} (SLUICE_POLICY) does not exist`);
    }
    return layer;
  });
  return { files, layers: layers.filter((layer) => layer !== undefined) };
}

function readyNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^[a-z0-9-]+\.yaml$/.test(name))
      .map((name) => name.slice(0, -'.yaml'.length));
  } catch {
    // A build without ready policies: naming one is then an error that says so.
    return [];
  }
}

/** The parts of a configuration as a layer of the policy. */
function userLayer(config: Config, userFile: UserFile): PolicyLayer {
  return toPolicyLayer('user', config, userFile.placeOf);
}

function warningsOf(config: Config, nowMs: number): readonly string[] {
  const warnings: string[] = [];
  if (config.mode === 'observe') warnings.push('mode: observe decides and records, and changes nothing');
  if (config.onUnreadable === 'forward') warnings.push('onUnreadable: forward sends on what could not be read');
  if (config.detector?.onFailure === 'forward') {
    warnings.push('detector.onFailure: forward sends on what the detector has not seen');
  }
  if (config.limits.gatherBytes > config.limits.gatherMemory) {
    warnings.push('limits.gatherBytes is larger than limits.gatherMemory: no body of that size finds room');
  }
  for (const [index, entry] of config.allow.entries()) {
    if (entry.expires !== undefined && Date.parse(entry.expires) + 86_400_000 < nowMs) {
      warnings.push(`allow[${index}] has expired on ${entry.expires}`);
    }
  }
  warnings.push(...notEnforced(config));
  if (!parseAddress(config.admin).isLoopback) {
    warnings.push(`admin: ${config.admin} is open beyond this machine: health and metrics need no token`);
  }
  return warnings;
}

/**
 * Loads the configuration in force. Nothing in a file is executed.
 * @throws AppError `ERR_CONFIG_INVALID` (file:line:column, nearest known key), `ERR_CONFIG_UNSAFE` (world-writable or
 * somebody else's), `ERR_INPUT_MISSING` (a file that was named and is not there).
 */
export function loadConfig(options: LoadOptions): LoadedConfig {
  const user = readUserFile(options);
  const environment = readEnvironment(options.env);
  const fromEnv = withFileValues(environment, options.cwd);
  const fromFlags = readFlags(options.flags ?? {});
  const organisation = readOrganisations(options);

  const envValue = resolvePaths(checked(fromEnv.raw, fromEnv.origin), options.cwd);
  const flagValue = resolvePaths(checked(fromFlags.raw, fromFlags.origin), options.cwd);
  const pinnedProfile = organisation.layers.map(({ value }) => value.profile).findLast((name) => name !== undefined);
  const profile = pinnedProfile ?? envValue.profile ?? user.value.profile ?? 'workstation';

  const defaults = resolvePaths(profiles[profile], dirname(user.path));
  const origin = new Map<string, string>();
  let merged: PlainObject = defaults;
  const put = (path: readonly string[], value: unknown, from: string): void => {
    const name = path.join('.');
    const rival = rivalOf[name];
    if (rival !== undefined && valueAt(merged, rival) !== undefined) {
      merged = withValue(merged, rival, undefined);
      origin.delete(rival.join('.'));
    }
    merged = withValue(merged, path, value);
    origin.set(name, from);
  };
  for (const [path, value] of settings(defaults, wholes)) put(path, value, `profile ${profile}`);
  for (const [path, value] of settings(user.value, wholes)) put(path, value, user.placeOf?.(path) ?? user.path);
  for (const [path, value] of settings(envValue, wholes)) put(path, value, fromEnv.origin.get(path.join('.')) ?? 'env');
  for (const [path, value] of settings(flagValue, wholes))
    put(path, value, fromFlags.origin.get(path.join('.')) ?? 'flag');
  put(['profile'], profile, origin.get('profile') ?? 'profile workstation');
  const ofUser = configSchema.parse(merged);
  // With its defaults: what the organisation says has to be stricter than those too.
  if (ofUser.detector !== undefined) merged = withValue(merged, ['detector'], ofUser.detector);

  for (const { value, placeOf } of organisation.layers) {
    for (const [path, pinned] of settings(value, wholes)) {
      const name = path.join('.');
      const before = valueAt(merged, path);
      const after = before === undefined ? pinned : tightened(name, before, pinned);
      if (after !== before) put(path, after, `organisation ${placeOf(path)}`);
    }
  }
  const config = deepFreeze(configSchema.parse(merged));
  const problem = listenerProblem(config) ?? detectorProblem(config.detector);
  if (problem !== undefined) {
    throw new AppError('ERR_CONFIG_INVALID', `${origin.get(problem.path) ?? problem.path}: ${problem.message}`, {
      hint: problem.hint,
    });
  }

  const folder = options.readyPolicies ?? readyPoliciesFolder;
  const known = config.policies.length === 0 ? [] : readyNames(folder);
  const ready = config.policies.map((name) => readReadyPolicy(name, folder, known));
  return {
    config,
    origin,
    warnings: [...environment.warnings, ...warningsOf(config, Date.now())],
    ...(user.isThere && { file: user.path }),
    files: [user.path, ...organisation.files],
    layers: {
      user: userLayer(ofUser, user),
      organisation: [
        ...organisation.layers.map(({ value, placeOf }) => toPolicyLayer('organisation', value, placeOf)),
        ...ready,
      ],
    },
  };
}
