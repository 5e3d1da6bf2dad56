/** `sluice rules`: the packs in force, their own proof, and why a decision was what it was. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { importPack, lintSelection, proveRules, readRules, rulesInForce, type RuleView } from '../../app/rule-book.ts';
import { hasRecord, openRecord, parseSince, type RecordedDecision } from '../../app/record.ts';
import { AppError, systemCode } from '../../core/errors.ts';
import type { Invocation, RegisterCommand } from '../command.ts';
import { decisionLine } from '../decision-text.ts';
import { loadedPlace } from '../loaded.ts';
import type { Output } from '../output.ts';

/** Given packs or files count in place of the configuration's. */
function selectionOf(invocation: Invocation<object>): readonly string[] {
  return invocation.args.length > 0 ? invocation.args : loadedPlace(invocation).loaded.config.rules;
}

function printRule(output: Output, rule: RuleView): void {
  output.line(`${output.style('bold', rule.id)}  ${rule.title}`);
  output.line(`  ${rule.category}, ${rule.severity}, ${rule.action} as ${rule.kind}; pack ${rule.pack}`);
  // What a detector's label stands for has no pattern: the detector finds it.
  if (rule.pattern !== '') output.line(`  pattern   ${rule.pattern}`);
  if (rule.keywords.length > 0) output.line(`  keywords  ${rule.keywords.join(', ')}`);
  if (rule.context.words.length > 0)
    output.line(`  context   ${rule.context.words.join(', ')} within ${rule.context.within} bytes`);
  if (rule.require.length > 0) output.line(`  requires  ${rule.require.join(', ')}`);
  if (rule.confirm.length > 0) output.line(`  confirms  ${rule.confirm.join(', ')}`);
}

function importRules({ output, terminal, args, options }: Invocation<ImportOptions>): number {
  const imported = importPack(resolve(terminal.cwd, args[0] ?? ''), options.pack);
  const { pack, yaml, count, notes } = imported;
  if (yaml === undefined)
    throw new AppError('ERR_INPUT_DATA', `no rule of ${args[0] ?? 'it'} could be carried over`, {
      hint: notes.map(({ rule, reason }) => `${rule}: ${reason}`).join('\n  '),
    });
  if (options.output !== undefined) writeNew(resolve(terminal.cwd, options.output), yaml);
  if (output.isJson) {
    output.document({ pack, count, notes, ...(options.output === undefined ? { yaml } : {}) });
    return 0;
  }
  if (options.output === undefined) output.raw(yaml);
  for (const { rule, outcome, reason } of notes) output.note(`${outcome.padEnd(7)} ${rule}: ${reason}`);
  const lost = new Set(notes.filter(({ outcome }) => outcome === 'lost').map(({ rule }) => rule));
  output.note(`${count} rules in ${pack}; ${lost.size} could not be carried over whole`);
  return 0;
}

/** Writes a file that is not there yet: an import never overwrites rules that somebody has edited. */
function writeNew(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error: unknown) {
    throw new AppError('ERR_CANNOT_CREATE', `${path} cannot be written (${systemCode(error) ?? 'unknown'})`, {
      cause: error,
      hint: 'name a file that does not exist yet, in a folder that may be written to',
    });
  }
}

interface ImportOptions {
  readonly pack?: string;
  readonly output?: string;
}

/** How many exchanges `rules show` lists, and how far back it looks for them. */
const latelyAtMost = 5;
const latelySince = '7d';

/** The newest exchanges in which a rule found something. */
function foundLately(home: string, rule: string): readonly RecordedDecision[] {
  if (!hasRecord(home)) return [];
  const record = openRecord(home);
  try {
    return [...record.decisions({ rule, limit: latelyAtMost, since: parseSince(latelySince, Date.now()) })];
  } finally {
    record.close();
  }
}

export const registerRules: RegisterCommand = (host) => {
  const rules = host.add({
    usage: 'rules',
    summary: 'the rule packs: list, show, test, lint, import, explain',
    examples: ['rules list', 'rules show github-pat', 'rules test ./acme-rules.yaml', 'rules explain <decision>'],
  });

  host.add({
    parent: rules,
    usage: 'list',
    summary: 'every rule in force',
    examples: ['rules list', 'rules list secrets/github', 'rules list --json'],
    configure: (command) => void command.argument('[packs...]', 'packs or rule files'),
    action: (invocation) => {
      const { output } = invocation;
      const isNamed = invocation.args.length > 0;
      const all = isNamed ? readRules(invocation.args) : rulesInForce(loadedPlace(invocation).loaded.config);
      if (output.isJson) output.document({ rules: all });
      else
        for (const { id, title, action, severity } of all)
          output.line(`${output.style('bold', id.padEnd(36))} ${action.padEnd(8)} ${severity.padEnd(9)} ${title}`);
      return 0;
    },
  });

  host.add({
    parent: rules,
    usage: 'show <id>',
    summary: 'one rule, whole, and what it found lately',
    examples: ['rules show github-pat'],
    action: (invocation) => {
      const { output, args } = invocation;
      const { home, loaded } = loadedPlace(invocation);
      const rule = rulesInForce(loaded.config).find(({ id }) => id === args[0]);
      if (rule === undefined)
        throw new AppError('ERR_INPUT_MISSING', `no rule in force is called ${args[0] ?? ''}`, {
          hint: 'see `sluice rules list`',
        });
      const lately = foundLately(home, rule.id);
      if (output.isJson) {
        output.document({ rules: [rule], lately: lately.map(({ decision }) => decision) });
        return 0;
      }
      printRule(output, rule);
      output.line(`  lately    ${lately.length === 0 ? 'nothing' : ''}`.trimEnd());
      for (const { decision } of lately) output.line(`    ${decisionLine(decision, output)}`);
      return 0;
    },
  });

  host.add({
    parent: rules,
    usage: 'test',
    summary: "run every rule's own examples",
    examples: ['rules test', 'rules test ./acme-rules.yaml'],
    configure: (command) => void command.argument('[packs...]', 'packs or rule files'),
    action: (invocation) => {
      const { output } = invocation;
      const { ran, failures } = proveRules(selectionOf(invocation));
      if (output.isJson) {
        output.document({
          checks: failures.map(({ rule, place, expected, example }) => ({
            id: rule,
            status: 'fail',
            finding: `${place}: should ${expected}: ${example}`,
          })),
        });
      } else {
        for (const { place, rule, expected, example } of failures)
          output.line(`${place}: ${rule} should ${expected}: ${example}`);
        output.line(`${ran} examples, ${failures.length} wrong`);
      }
      return failures.length > 0 ? 1 : 0;
    },
  });

  host.add({
    parent: rules,
    usage: 'lint',
    summary: 'find what is wrong or slow in packs',
    examples: ['rules lint', 'rules lint ./acme-rules.yaml'],
    configure: (command) => void command.argument('[packs...]', 'packs or rule files'),
    action: (invocation) => {
      const { output } = invocation;
      const problems = lintSelection(selectionOf(invocation));
      if (output.isJson)
        output.document({
          checks: problems.map(({ rule, place, problem }) => ({
            id: rule,
            status: 'fail',
            finding: `${place}: ${problem}`,
          })),
        });
      else {
        for (const { place, rule, problem } of problems) output.line(`${place}: ${rule}: ${problem}`);
        output.line(`${problems.length} problems`);
      }
      return problems.length > 0 ? 1 : 0;
    },
  });

  host.add<ImportOptions>({
    parent: rules,
    usage: 'import <file>',
    summary: 'turn a gitleaks or betterleaks configuration into a pack',
    examples: ['rules import .gitleaks.toml --output acme-rules.yaml', 'rules import .gitleaks.toml --pack acme/leaks'],
    configure: (command) =>
      void command
        .option('--pack <name>', "the pack's name (imported/<the file's name>)")
        .option('--output <file>', 'where to write it (standard output)'),
    action: importRules,
  });

  host.add({
    parent: rules,
    usage: 'explain <decision>',
    summary: 'which rule and which policy line decided',
    examples: ['rules explain 01JD…'],
    action: (invocation) => {
      const { output, args } = invocation;
      const record = openRecord(loadedPlace(invocation).home);
      try {
        const found = record.decision(args[0] ?? '');
        if (found === undefined)
          throw new AppError('ERR_INPUT_MISSING', `no decision is called ${args[0] ?? ''}`, {
            hint: 'see `sluice log`',
          });
        const { decision } = found;
        if (output.isJson) {
          output.document({ decision });
          return 0;
        }
        output.line(
          `${decision.action} under policy ${decision.policyVersion}${decision.reason === undefined ? '' : `: ${decision.reason}`}`,
        );
        for (const { rule, action, where = 'body', confidence, reason } of decision.findings) {
          output.line(`  ${action}  ${rule} in ${where} (${confidence})${reason === undefined ? '' : `: ${reason}`}`);
        }
        return 0;
      } finally {
        record.close();
      }
    },
  });
};
