/** Reads one pack's text: YAML, schema, patterns; every fault with its place and what to do. */
import { AppError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { hintForCheck } from '../detect/checks/registry.ts';
import { checkRule } from '../detect/compile.ts';
import type { Rule } from '../detect/rule.ts';
import { placeOf } from './place.ts';
import { packSchema, type Preset, type RuleFile } from './schema.ts';
import { yaml } from './yaml.ts';

/** The most aliases a pack may expand to: an alias bomb is refused. */
const maxAliasCount = 100;
/** The largest pack that is read, in characters. */
const maxPackLength = 4 << 20;

/** A rule and where it stands. */
export interface LoadedRule {
  readonly rule: Rule;
  /** The first preset that has it. */
  readonly preset: Preset;
  /** `file:line:column` of the rule. */
  readonly place: string;
}

/** A rule with its examples. */
export interface PackRule extends LoadedRule {
  readonly examples: RuleFile['examples'];
}

/**
 * Parses and checks a pack.
 *
 * @param file its path, for messages.
 * @throws AppError `ERR_RULES_INVALID` naming `file:line:column`, the nearest known key, and the next step.
 */
export function parsePack(text: string, file: string): readonly PackRule[] {
  if (text.length > maxPackLength) throw invalid(file, 'the pack is larger than 4 MiB', 'split it into several');
  const { LineCounter, parseDocument } = yaml();
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    logLevel: 'error',
  });
  const [fault] = document.errors;
  if (fault !== undefined) {
    const { line, col } = lines.linePos(fault.pos[0]);
    throw invalid(`${file}:${line}:${col}`, firstLine(fault.message), 'correct the YAML at that place');
  }
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount });
  } catch (error: unknown) {
    throw new AppError('ERR_RULES_INVALID', `${file}: too many aliases`, {
      cause: error,
      hint: 'write the values out',
    });
  }
  const parsed = packSchema().safeParse(data);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path ?? [];
    if (issue?.code === 'unrecognized_keys') {
      const [key = ''] = issue.keys;
      throw invalid(placeOf(file, document, lines, [...path, key]), `unknown key ${key}`, hintForKey(key, path));
    }
    const at = placeOf(file, document, lines, path);
    const name = path.length === 0 ? 'the pack' : path.map(String).join('.');
    const unknown = unknownCheck(data, path);
    if (unknown !== undefined) throw invalid(at, `${name}: no check is named ${unknown}`, hintForCheck(unknown));
    throw invalid(at, `${name}: ${lowerFirst(issue?.message ?? 'not valid')}`, hintForValue(issue));
  }
  return parsed.data.rules.map((source, index) => {
    const place = placeOf(file, document, lines, ['rules', index]);
    const rule = toRule(source, parsed.data.pack, () => placeOf(file, document, lines, ['rules', index, 'pattern']));
    return { rule, examples: source.examples, preset: source.preset ?? 'recommended', place };
  });
}

function toRule(source: RuleFile, pack: string, place: () => string): Rule {
  const rule: Rule = {
    id: source.id,
    title: source.title,
    pack,
    category: source.category,
    severity: source.severity,
    regimes: source.regimes,
    keywords: source.keywords,
    pattern: source.pattern,
    context: source.context ?? { words: [], within: 0 },
    require: source.require,
    confirm: source.confirm,
    ...(source.entropy === undefined ? {} : { entropy: source.entropy }),
    kind: source.kind,
    action: source.action,
    isGeneric: source.generic,
  };
  try {
    const keywords = checkRule(rule);
    return Object.freeze({ ...rule, keywords: source.keywords.length > 0 ? source.keywords : keywords });
  } catch (error: unknown) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError('ERR_RULES_INVALID', `${place()}: ${error.message}`, {
      cause: error,
      hint: error.hint,
      details: error.details,
    });
  }
}

function hintForKey(key: string, path: readonly PropertyKey[]): string {
  const inExamples = path.includes('examples');
  const inContext = path.includes('context');
  const known = inExamples
    ? ['match', 'ignore']
    : inContext
      ? ['words', 'within', 'alone']
      : Object.keys(path.length === 0 ? packSchema().shape : packSchema().shape.rules.element.shape);
  const near = nearest(key, known);
  return near === undefined ? `known keys are ${known.join(', ')}` : `did you mean ${near}?`;
}

/** What stands where the name of a check is expected. */
function unknownCheck(data: unknown, path: readonly PropertyKey[]): string | undefined {
  if (path.length !== 4 || (path[2] !== 'require' && path[2] !== 'confirm')) return undefined;
  const value = path.reduce<unknown>((at, key) => (isRecord(at) ? at[String(key)] : undefined), data);
  return typeof value === 'string' ? value : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function hintForValue(issue: { readonly code?: string; readonly values?: unknown } | undefined): string {
  if (issue?.code === 'invalid_value' && Array.isArray(issue.values)) return `use one of ${issue.values.join(', ')}`;
  return 'see rules/README.md for the format, or run `sluice rules lint`';
}

function invalid(place: string, message: string, hint: string): AppError {
  return new AppError('ERR_RULES_INVALID', `${place}: ${message}`, { hint });
}

function firstLine(text: string): string {
  return lowerFirst(text.split('\n', 1)[0] ?? text);
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
