/** The layers that can only make a policy stricter: the organisation's file, ready policies, a project's `.sluice.yaml`. */
import { realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { PolicyLayer } from '../policy/layer.ts';
import { projectFileName } from './paths.ts';
import { readYaml, type Placed } from './place.ts';
import { isRuleFile, resolvePaths } from './relative.ts';
import { readSafely } from './safety.ts';
import {
  organisationSchema,
  projectSchema,
  readyPolicySchema,
  type ConfigFile,
  type OrganisationFile,
} from './schema.ts';

const organisationAtMost = 1024 * 1024;
/** A hostile file may cost a parser time that grows with its square: projects get less room. */
const projectAtMost = 64 * 1024;
/** Rules are compiled by the proxy, which serves nobody else meanwhile: of all files of a project together. */
const rulesAtMost = 64 * 1024;

/** A file's own settings, with where each stands. */
export interface FileLayer<File> extends Placed<File> {
  readonly file: string;
}

/** What a configuration file says, as a layer of the policy. */
export function toPolicyLayer(name: string, file: ConfigFile, placeOf?: PolicyLayer['placeOf']): PolicyLayer {
  const { mode, preset, release, onUnreadable, unknownHosts, policy, destinations, routes, paths, markers, allow } =
    file;
  const onAuditFailure = file.audit?.onFailure;
  return {
    name,
    ...(mode !== undefined && { mode }),
    ...(preset !== undefined && { preset }),
    ...(release !== undefined && { release }),
    ...(onUnreadable !== undefined && { onUnreadable }),
    ...(onAuditFailure !== undefined && { onAuditFailure }),
    ...(unknownHosts !== undefined && { unknownHosts }),
    ...(policy !== undefined && { policy }),
    ...(destinations !== undefined && { destinations }),
    ...(routes !== undefined && { routes }),
    ...(paths !== undefined && { paths }),
    ...(markers !== undefined && { markers }),
    ...(allow !== undefined && { allow }),
    ...(placeOf !== undefined && { placeOf }),
  };
}

/** Says loudly what a file relies on in vain: it must not be believed to protect. */
export function notEnforced(file: Pick<ConfigFile, 'paths' | 'markers'>): readonly string[] {
  return (['paths', 'markers'] as const).flatMap((key) =>
    (file[key]?.length ?? 0) > 0 ? [`${key}: is checked but not enforced by this version`] : [],
  );
}

/**
 * Reads an organisation's policy; undefined when there is none.
 * @throws AppError `ERR_CONFIG_UNSAFE`, `ERR_CONFIG_INVALID`, `ERR_INPUT_MISSING`
 */
export function readOrganisation(file: string): FileLayer<OrganisationFile> | undefined {
  const kind = "the organisation's policy";
  const text = readSafely(file, { kind, maxBytes: organisationAtMost });
  if (text === undefined) return undefined;
  const placed = readYaml(text, file, organisationSchema, { kind });
  return { ...placed, value: resolvePaths(placed.value, dirname(file)), file };
}

/** Where the ready policies ship. */
export const readyPoliciesFolder = fileURLToPath(new URL('../../rules/policies/', import.meta.url));

/**
 * Reads a ready policy by its name.
 * @param known the names there are, for the message.
 * @throws AppError `ERR_CONFIG_INVALID` when there is none of that name or it is not valid.
 */
export function readReadyPolicy(name: string, folder: string, known: readonly string[]): PolicyLayer {
  if (!known.includes(name)) {
    const near = nearest(name, known);
    const have = known.length === 0 ? 'none ship with this version' : `there are ${known.join(', ')}`;
    const suggestion = near === undefined ? have : `did you mean ${near}?`;
    throw new AppError(
      'ERR_CONFIG_INVALID',
      `policies: no ready policy is named ${JSON.stringify(name)}; ${suggestion}`,
    );
  }
  const file = join(folder, `${name}.yaml`);
  const text = readSafely(file, { kind: 'the ready policy', maxBytes: organisationAtMost });
  if (text === undefined) throw new AppError('ERR_CONFIG_INVALID', `the ready policy ${file} is missing`);
  const placed = readYaml(text, file, readyPolicySchema, { kind: 'the ready policy' });
  return { name: `policies ${name}`, policy: placed.value.policy, placeOf: placed.placeOf };
}

/** A project's own layer. */
export interface ProjectLayer {
  readonly file: string;
  /** The folder it stands in: nothing it names may be outside. */
  readonly folder: string;
  readonly layer: PolicyLayer;
  /** Pack names, and rule files as absolute paths inside the project. */
  readonly rules: readonly string[];
  readonly protect: { readonly env: readonly string[]; readonly dotenv: readonly string[] };
  readonly warnings: readonly string[];
}

/** Looks for `.sluice.yaml` in a folder and upwards; the nearest counts. */
export function findProjectFile(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, projectFileName);
    if (statSync(file, { throwIfNoEntry: false }) !== undefined) return file;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Whether a real path stands in a real folder. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}

/** Resolves a rule file of a project: data inside the project, whatever links lead there. With its size. */
function projectRuleFile(entry: string, folder: string, place: string): { path: string; bytes: number } {
  const refuse = (why: string): never => {
    throw new AppError('ERR_CONFIG_INVALID', `${place}: the rule file ${JSON.stringify(entry)} ${why}`, {
      hint: "a project's rule files are .yaml files inside the project",
    });
  };
  if (isAbsolute(entry) || entry.startsWith('~') || /^[A-Za-z]:|\0/.test(entry)) refuse('is not a path in the project');
  if (!/\.ya?ml$/.test(entry)) refuse('is not a .yaml file');
  let real: string;
  try {
    real = realpathSync(join(folder, entry));
  } catch {
    return refuse('cannot be read');
  }
  if (!isInside(realpathSync(folder), real)) refuse('is outside the project');
  const text = readSafely(real, { kind: 'the rule file', maxBytes: rulesAtMost, followsLink: false });
  return text === undefined ? refuse('cannot be read') : { path: real, bytes: Buffer.byteLength(text) };
}

/** The packs and rule files that a project names. */
function projectRules(entries: readonly string[], folder: string, placeOf: (index: number) => string): string[] {
  let left = rulesAtMost;
  return entries.map((entry, index) => {
    if (!isRuleFile(entry)) return entry;
    const { path, bytes } = projectRuleFile(entry, folder, placeOf(index));
    left -= bytes;
    if (left >= 0) return path;
    throw new AppError('ERR_CONFIG_INVALID', `${placeOf(index)}: the project's rule files are too large together`, {
      hint: `keep them below ${rulesAtMost} bytes, or name them in your own configuration`,
    });
  });
}

/** Refuses patterns that leave the project: they would have us read any file of this machine. */
function checkDotenv(patterns: readonly string[], placeOf: (index: number) => string): void {
  for (const [index, pattern] of patterns.entries()) {
    const leaves = isAbsolute(pattern) || /^[A-Za-z]:|^~|\\/.test(pattern) || pattern.split('/').includes('..');
    if (leaves) {
      throw new AppError('ERR_CONFIG_INVALID', `${placeOf(index)}: protect.dotenv may only name files in the project`);
    }
  }
}

/**
 * Reads a project's file. It may only tighten: any other key is an error, aliases are refused, nothing is executed, and
 * nothing outside the project is read.
 * @throws AppError `ERR_CONFIG_UNSAFE`, `ERR_CONFIG_INVALID`
 */
export function readProject(file: string): ProjectLayer | undefined {
  const kind = "the project's file";
  const text = readSafely(file, { kind, maxBytes: projectAtMost, followsLink: false });
  if (text === undefined) return undefined;
  const { value, placeOf } = readYaml(text, file, projectSchema, { kind, maxAliases: 0 });
  const folder = dirname(file);
  checkDotenv(value.protect?.dotenv ?? [], (index) => placeOf(['protect', 'dotenv', index]));
  return {
    file,
    folder,
    layer: toPolicyLayer('project', value, placeOf),
    rules: projectRules(value.rules ?? [], folder, (index) => placeOf(['rules', index])),
    protect: { env: value.protect?.env ?? [], dotenv: value.protect?.dotenv ?? [] },
    warnings: notEnforced(value).map((warning) => `${file}: ${warning}`),
  };
}
