/** Turns a gitleaks configuration (TOML, also that of betterleaks) into a rule pack, and says what it leaves behind. */
import { parse, TomlError } from 'smol-toml';
import { stringify } from 'yaml';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { exampleOf, randomFrom } from '../examples.ts';
import { parsePack, type PackRule } from '../pack.ts';
import { runExamples } from '../run.ts';
import type { RuleFile } from '../schema.ts';
import { translatePattern } from './go-pattern.ts';

/** What became of a configuration. */
export interface ImportedPack {
  /** The pack as YAML; undefined where no rule could be carried over. */
  readonly yaml: string | undefined;
  /** How many rules it holds. */
  readonly count: number;
  /** One line for each thing that was left behind or means something else, the rule's id first. */
  readonly notes: readonly ImportNote[];
}

interface ImportNote {
  /** The id in the configuration; `*` for the whole of it. */
  readonly rule: string;
  /** `lost`: the rule is not in the pack. `changed`: it is, and finds more or something else. */
  readonly outcome: 'lost' | 'changed';
  readonly reason: string;
}

const text = z.string();
const texts = z.array(z.string());
/** The keys of a rule that mean something here, after gitleaks 8.28 (`config/config.go`). */
const sourceRule = z.looseObject({
  id: text,
  description: text.optional(),
  regex: text.optional(),
  secretGroup: z.int().min(0).optional(),
  entropy: z.number().optional(),
  keywords: texts.optional(),
  path: text.optional(),
  tags: texts.optional(),
  skipReport: z.boolean().optional(),
});
const sourceFile = z.looseObject({ rules: z.array(sourceRule).default([]) });
type SourceRule = z.infer<typeof sourceRule>;

const carriedKeys = new Set(['id', 'description', 'regex', 'secretGroup', 'entropy', 'keywords', 'tags', 'skipReport']);
/** Keys of the file that say nothing about what is found. */
const idleKeys = new Set(['rules', 'title', 'description', 'minVersion']);
/** How many texts are tried as an example before a rule is given up. */
const exampleTries = 25;

/**
 * Imports a configuration.
 *
 * @param file its path, for messages @param pack the pack's name @param taken ids that other packs use already
 * @throws AppError `ERR_INPUT_DATA` when it is no such configuration.
 */
export function importGitleaks(source: string, file: string, pack: string, taken: ReadonlySet<string>): ImportedPack {
  const notes: ImportNote[] = [];
  const data = readConfiguration(source, file);
  for (const key of Object.keys(data).filter((name) => !idleKeys.has(name))) {
    notes.push({ rule: '*', outcome: 'changed', reason: leftBehind(key) });
  }
  const ids = new Set(taken);
  const rules: RuleFile[] = [];
  for (const each of data.rules) {
    const refused = refusalOf(each);
    if (refused !== undefined) {
      notes.push({ rule: each.id, outcome: 'lost', reason: refused });
      continue;
    }
    for (const made of importRule(each, pack, ids, notes)) {
      ids.add(made.id);
      rules.push(made);
    }
  }
  return { yaml: rules.length === 0 ? undefined : writePack(pack, rules), count: rules.length, notes };
}

function readConfiguration(source: string, file: string): z.infer<typeof sourceFile> {
  let data: unknown;
  try {
    data = parse(source);
  } catch (error: unknown) {
    if (!(error instanceof TomlError)) throw error;
    throw new AppError('ERR_INPUT_DATA', `${file}:${error.line}:${error.column}: not TOML`, {
      cause: error,
      hint: 'correct it at that place',
    });
  }
  const parsed = sourceFile.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('ERR_INPUT_DATA', `${file}: ${issue?.path.join('.') ?? 'it'}: ${issue?.message ?? 'not valid'}`, {
    hint: 'give the file that gitleaks reads as its configuration',
  });
}

function leftBehind(key: string): string {
  if (key === 'extend') return 'extend: what it names is not read; import that file too';
  if (key.startsWith('allowlist'))
    return `${key}: what it lets pass is found; \`sluice allow\` and \`exempt\` let it pass here`;
  return `${key}: has no counterpart here`;
}

function refusalOf(source: SourceRule): string | undefined {
  if (source.regex === undefined) return 'it is about file names only: a request has none that could be relied on';
  if (source.skipReport === true) return 'it is a part of other rules and reports nothing itself';
  return undefined;
}

function importRule(
  source: SourceRule,
  pack: string,
  taken: ReadonlySet<string>,
  notes: ImportNote[],
): readonly RuleFile[] {
  const changed = Object.keys(source).filter((key) => !carriedKeys.has(key));
  const made: RuleFile[] = [];
  const said = new Set<string>();
  for (const [index, { pattern, notes: meant }] of translatePattern(
    source.regex ?? '',
    source.secretGroup ?? 0,
  ).entries()) {
    const rule = ruleOf(source, pattern, idFor(source.id, index, pack, taken));
    try {
      made.push(proved(rule, pack, source.keywords ?? []));
    } catch (error: unknown) {
      if (!(error instanceof AppError)) throw error;
      notes.push({ rule: source.id, outcome: 'lost', reason: reasonOf(error) });
      continue;
    }
    for (const reason of [...meant, ...changed.map(lostKey)]) said.add(reason);
  }
  for (const reason of said) notes.push({ rule: source.id, outcome: 'changed', reason });
  return made;
}

function lostKey(key: string): string {
  if (key === 'path') return 'path: it is looked for in every text, not only in files of that name';
  if (key.startsWith('allowlist')) return `${key}: what it lets pass is found`;
  if (key === 'required') return 'required: it is found also where the other rules find nothing near it';
  return `${key}: has no counterpart here`;
}

function reasonOf(error: AppError): string {
  const message = error.message.replace(/^.*?: rule \S+: /, '');
  return `${message}; ${error.hint}`;
}

function ruleOf(source: SourceRule, pattern: string, id: string): RuleFile {
  const title = (source.description ?? source.id).trim();
  return {
    id,
    title: title.length < 3 ? `Rule ${source.id}` : title.length > 100 ? `${title.slice(0, 99)}…` : title,
    category: 'secret',
    severity: 'high',
    regimes: [],
    keywords: [],
    pattern,
    require: [],
    confirm: [],
    ...(source.entropy === undefined || source.entropy <= 0 ? {} : { entropy: Math.min(source.entropy, 8) }),
    kind: kindOf(source.id),
    action: 'mask',
    generic: false,
    examples: { match: ['{{valid}}'], ignore: ['nothing to be found here'] },
  };
}

function idFor(id: string, index: number, pack: string, taken: ReadonlySet<string>): string {
  const kebab = id
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  const named = /^[a-z]/.test(kebab) ? kebab : `rule-${kebab}`;
  const base = taken.has(named) ? `${pack.split('/').at(-1) ?? ''}-${named}` : named;
  return index === 0 ? base : `${base}-${String(index + 1)}`;
}

function kindOf(id: string): string {
  const kind = id
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .slice(0, 24)
    .replaceAll(/^[_0-9]+|_+$/g, '');
  return kind === '' ? 'SECRET' : kind;
}

/** Gives a rule examples that hold. @throws AppError `ERR_RULES_INVALID` where its pattern is refused or none can be made */
function proved(source: RuleFile, pack: string, keywords: readonly string[]): RuleFile {
  const [read] = parsePack(writePack(pack, [source]), source.id);
  if (read === undefined) throw new AppError('ERR_RULES_INVALID', 'no rule');
  const match = exampleFor(read);
  const candidates = [...keywords.map((word) => `the word ${word} alone`), ...source.examples.ignore];
  const ignore = candidates.find((example) => holds(read, { match: [match], ignore: [example] }));
  if (ignore === undefined) throw new AppError('ERR_RULES_INVALID', 'a pattern that finds something in any text');
  return { ...source, examples: { match: [match], ignore: [ignore] } };
}

function exampleFor(read: PackRule): string {
  const random = randomFrom(1);
  for (let tries = 0; tries < exampleTries; tries++) {
    const match = exampleOf(read.rule, random);
    if (holds(read, { match: [match], ignore: [] })) return match;
  }
  throw new AppError('ERR_RULES_INVALID', 'no text could be made that it finds', {
    hint: 'write the rule by hand, with an example',
  });
}

function holds(read: PackRule, examples: RuleFile['examples']): boolean {
  return runExamples([{ ...read, examples }]).failures.length === 0;
}

/** A pack as YAML, without what is the default anyway. */
function writePack(pack: string, rules: readonly RuleFile[]): string {
  const plain = rules.map((rule) =>
    Object.fromEntries(
      Object.entries(rule).filter(([, value]) => value !== false && !(Array.isArray(value) && value.length === 0)),
    ),
  );
  return stringify({ pack, rules: plain }, { lineWidth: 0, singleQuote: true });
}
