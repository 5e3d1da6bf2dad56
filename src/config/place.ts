/** Reads YAML against a schema and says what is wrong as `file:line:column`, with the nearest known key. */
import type { Document, LineCounter } from 'yaml';
import type { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { yaml } from '../rules/yaml.ts';
import { knownKeys, toSchemaNode, type SchemaNode } from './json-schema.ts';

/** A file's content that fits its schema. */
export interface Placed<Value> {
  readonly value: Value;
  /** Where the value at a path stands, as `file:line:column`; its parent where it is not there itself. */
  readonly placeOf: (path: readonly PropertyKey[]) => string;
}

export interface ReadOptions {
  /** Aliases (`*name`) that may be resolved: 0 where the author is not trusted. */
  readonly maxAliases?: number;
  /** What the file is, for messages, e.g. `the project file`. */
  readonly kind?: string;
}

/** Names that reach into JavaScript's own objects: never a key of ours. */
const reservedKeys = new Set(['__proto__', 'constructor', 'prototype']);
/** Deeper files are not written by people, and would exhaust the stack. */
const depthAtMost = 40;
const aliasesAtMost = 20;
const problemsAtMost = 20;

type Issue = z.core.$ZodIssue;

/** What is wrong, and where in the value. */
interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Whether the place is the key itself rather than its value. */
  readonly isKey?: boolean;
}

/** Refuses nesting that would exhaust the parser's stack, by a look at the indentation and brackets. */
function isTooDeep(text: string): boolean {
  let flow = 0;
  let deepest = 0;
  for (const char of text) {
    if (char === '[' || char === '{') deepest = Math.max(deepest, ++flow);
    else if (char === ']' || char === '}') flow = Math.max(0, flow - 1);
  }
  const dashes = /^([ \t]*[-?]){40}/m.test(text);
  return deepest > 200 || dashes || /^[ ]{400}\S/m.test(text);
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  const shown = JSON.stringify(key.length > 64 ? `${key.slice(0, 64)}…` : key);
  if (near !== undefined) return `unknown key ${shown}; did you mean ${JSON.stringify(near)}?`;
  return `unknown key ${shown}; known here: ${known.join(', ')}`;
}

/** Flattens an issue: of a union, the alternative that came closest speaks. */
function problemsOf(issue: Issue, schema: SchemaNode, parent: readonly PropertyKey[] = []): readonly Problem[] {
  const path = [...parent, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, path);
    return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(key, known), isKey: true }));
  }
  if (issue.code === 'invalid_union') {
    const deepest = issue.errors.toSorted((a, b) => depthOf(b) - depthOf(a))[0];
    if (deepest !== undefined && depthOf(deepest) > 0) {
      return deepest.flatMap((inner) => problemsOf(inner, schema, path));
    }
    const [first] = issue.errors[0] ?? [];
    if (first !== undefined) return problemsOf(first, schema, path);
  }
  const key = path.length === 0 ? '' : `${formatPath(path)}: `;
  return [{ path, message: key + issue.message.replace(/^Invalid (input|option|string): /, '').replace(/^I/, 'i') }];
}

function depthOf(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length + (issue.code === 'unrecognized_keys' ? 1 : 0)));
}

/** Formats a path as people write it: `destinations[2].hosts`. */
function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}

function createPlaces(document: Document, lines: LineCounter, file: string) {
  const { isMap, isNode, isScalar } = yaml();
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const offsetOf = (path: readonly PropertyKey[], isKey = false): number => {
    for (let length = path.length; length >= 0; length--) {
      const parent = document.getIn(path.slice(0, Math.max(0, length - 1)), true);
      const last = path[length - 1];
      if (isMap(parent) && last !== undefined) {
        const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(last));
        const node = isKey || !isNode(pair?.value) ? pair?.key : pair.value;
        if (isNode(node) && node.range) return node.range[0];
      }
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return node.range[0];
    }
    return 0;
  };
  return { at, offsetOf };
}

/** Lists what no file of ours may hold, whatever its schema: reserved keys, too many aliases, nesting beyond measure. */
function hostileParts(document: Document, at: (offset: number) => string, maxAliases: number): readonly string[] {
  const { isAlias, isScalar, visit } = yaml();
  const problems: string[] = [];
  let aliases = 0;
  visit(document, {
    Node(_, node, ancestors) {
      const place = at(node.range?.[0] ?? 0);
      if (isAlias(node) && ++aliases === maxAliases + 1) {
        problems.push(
          `${place}: ${maxAliases === 0 ? 'aliases are not allowed here' : `more than ${maxAliases} aliases`}`,
        );
      }
      if (ancestors.length > depthAtMost * 2) {
        problems.push(`${place}: nested deeper than ${depthAtMost} levels`);
        return visit.BREAK;
      }
      return undefined;
    },
    Pair(_, pair) {
      if (isScalar(pair.key) && reservedKeys.has(String(pair.key.value))) {
        problems.push(`${at(pair.key.range?.[0] ?? 0)}: the key ${JSON.stringify(pair.key.value)} is not allowed`);
      }
    },
  });
  return problems;
}

/** The error for one or more problems; each stands on its own line and names its place. */
function invalid(kind: string, problems: readonly string[]): AppError {
  const shown = problems.slice(0, problemsAtMost);
  const rest = problems.length - shown.length;
  const message = shown.join('\n') + (rest > 0 ? `\n… and ${rest} more` : '');
  return new AppError('ERR_CONFIG_INVALID', message, { details: { kind, problems: shown } });
}

function parse(text: string, file: string, kind: string, lines: LineCounter): Document {
  try {
    return yaml().parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      version: '1.2',
      schema: 'core',
      logLevel: 'error',
    });
  } catch {
    // The parser reports what is wrong in the text; what it throws is exhaustion, and its message may quote the text.
    throw invalid(kind, [`${file}:1:1: not valid YAML (too large or too deep)`]);
  }
}

/**
 * Reads YAML text into a value of a schema. Nothing in the text is executed, and no tag makes anything but plain data.
 * @throws AppError `ERR_CONFIG_INVALID` naming each place and the nearest known key; never a value of the file.
 */
export function readYaml<Schema extends z.ZodType>(
  text: string,
  file: string,
  schema: Schema,
  options: ReadOptions = {},
): Placed<z.output<Schema>> {
  const { maxAliases = aliasesAtMost, kind = 'the configuration' } = options;
  if (isTooDeep(text)) throw invalid(kind, [`${file}:1:1: nested deeper than ${depthAtMost} levels`]);
  const lines = new (yaml().LineCounter)();
  const document = parse(text, file, kind, lines);
  const places = createPlaces(document, lines, file);
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    // The parser's own words may quote the text: only their kind is told.
    throw invalid(
      kind,
      broken.map(
        (error) => `${places.at(error.pos[0])}: not valid YAML (${error.code.toLowerCase().replaceAll('_', ' ')})`,
      ),
    );
  }
  const hostile = hostileParts(document, places.at, maxAliases);
  if (hostile.length > 0) throw invalid(kind, hostile);

  // A file with nothing but comments says nothing.
  const raw: unknown = document.contents === null ? {} : (document.toJS({ maxAliasCount: maxAliases }) as unknown);
  const result = schema.safeParse(raw);
  if (!result.success) {
    const node = toSchemaNode(schema);
    const problems = result.error.issues
      .flatMap((issue) => problemsOf(issue, node))
      .map(({ path, isKey, message }) => ({ offset: places.offsetOf(path, isKey), message }))
      .toSorted((a, b) => a.offset - b.offset);
    throw invalid(
      kind,
      problems.map(({ offset, message }) => `${places.at(offset)}: ${message}`),
    );
  }
  return {
    value: result.data,
    placeOf: (path) => places.at(places.offsetOf(path)),
  };
}
