/** The format of rule packs, as a schema: what the loader checks and what editors complete from. */
import { z } from 'zod';
import { checkTable } from '../detect/checks/registry.ts';

/**
 * Which rules a configuration has: `recommended` the quiet ones; `canary` those on trial too; `strict` all, also keys
 * that are made to be public.
 */
export const presets = ['recommended', 'canary', 'strict'] as const;
export type Preset = (typeof presets)[number];

/** Examples by which a rule proves itself; placeholders are filled in when they run. */
const makeExamples = () =>
  z.strictObject({
    match: z
      .array(z.string().min(1))
      .min(1)
      .describe('Texts in which the rule finds a value. {{valid}} stands for a fresh one that fits the pattern.'),
    ignore: z
      .array(z.string().min(1))
      .min(1)
      .describe(
        'Texts in which the rule finds nothing. {{digits:N}}, {{hex:N}}, {{alnum:N}} stand for fresh characters.',
      ),
  });

const makeRuleSchema = () => {
  const check = z.enum(checkTable.map(({ name }) => name));
  return z.strictObject({
    id: z
      .string()
      .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'must be kebab-case')
      .describe('Kebab-case, unique over all packs. An id never changes its meaning.'),
    title: z.string().min(3).max(100).describe('What it finds, for people.'),
    category: z.enum(['secret', 'regulated', 'proprietary', 'environment']),
    severity: z.enum(['info', 'low', 'medium', 'high', 'critical']).describe('info: published examples.'),
    regimes: z
      .array(z.string().min(2))
      .default([])
      .describe('Laws it is about (GDPR, PCI-DSS …): orientation, not advice.'),
    keywords: z
      .array(z.string().min(2))
      .default([])
      .describe('Literals of which every match contains at least one. Derived from the pattern when absent.'),
    pattern: z
      .string()
      .min(4)
      .describe(
        "A regular expression in RE2's syntax. The group named value, else the whole match, is what gets masked.",
      ),
    context: z
      .strictObject({
        words: z.array(z.string().min(2)),
        within: z.int().min(1).max(500),
        alone: z
          .boolean()
          .default(false)
          .describe('A value that is all its text holds (a cell, a field) needs no word.'),
      })
      .optional()
      .describe('One of these words must stand within so many bytes of the value, or in the heading of its column.'),
    require: z.array(check).default([]).describe('Checks that must hold.'),
    confirm: z.array(check).default([]).describe('Checks that make a finding certain (of a generic rule: probable).'),
    entropy: z
      .number()
      .min(0)
      .max(8)
      .optional()
      .describe('The least Shannon entropy of the value, in bits per character.'),
    kind: z
      .string()
      .max(24)
      .regex(/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/, 'must be upper case, digits and single underscores')
      .describe("The placeholder's kind."),
    action: z.enum(['forward', 'mask', 'block']).describe('The default; policy decides. forward: recorded only.'),
    generic: z
      .boolean()
      .default(false)
      .describe('It gives way to a specific rule on the same range and names no kind.'),
    preset: z
      .enum(presets)
      .optional()
      .describe(
        'The first preset that has it, recommended when absent: canary for rules on trial, strict for what may be public.',
      ),
    examples: makeExamples(),
  });
};

const makePackSchema = () =>
  z.strictObject({
    pack: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]*(?:\/[a-z0-9][a-z0-9-]*)*$/, 'must be a path in lower case')
      .describe('Its name, e.g. secrets/github. Of the packs that ship: the path of the file below rules/.'),
    rules: z.array(makeRuleSchema()).min(1),
  });

let made: ReturnType<typeof makePackSchema> | undefined;

/** The schema of a pack. Made when the first is read: packs that ship are prebuilt, and making it takes as long as reading them. */
export function packSchema(): ReturnType<typeof makePackSchema> {
  made ??= makePackSchema();
  return made;
}

/** A rule as its file says. */
export type RuleFile = z.infer<ReturnType<typeof makeRuleSchema>>;

/** The JSON Schema of a pack, for editors: `rules/schema.json` is made of it. */
export function packJsonSchema(): object {
  return {
    ...z.toJSONSchema(packSchema(), { io: 'input' }),
    title: 'Sluice rule pack',
    description: 'Rules as data, each with its own proof. See rules/README.md.',
  };
}
