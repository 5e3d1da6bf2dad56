/** `sluice log`: the record's decisions, one of them explained, and the check of its chain. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option } from 'commander';
import {
  followDecisions,
  hasRecord,
  openRecord,
  parseSince,
  verifyHome,
  type DecisionFilter,
  type RecordReader,
  type RecordedDecision,
  type Verification,
} from '../../app/record.ts';
import type { ExchangeAction } from '../../core/decision.ts';
import { AppError } from '../../core/errors.ts';
import type { Invocation, RegisterCommand } from '../command.ts';
import { decisionHeading, decisionLine, explainDecision, plain } from '../decision-text.ts';
import { homeOf } from '../home-option.ts';
import { loadedPlace } from '../loaded.ts';
import type { Output } from '../output.ts';

const decisionNames = ['forward', 'mask', 'block', 'answer', 'tunnel', 'error'] as const satisfies ExchangeAction[];
/** What a person sees without `--limit`; scripts get everything. */
const linesForPeople = 50;
/** What `--follow` shows of the past without `--limit`. */
const linesBeforeFollowing = 10;

interface LogOptions {
  readonly limit?: number;
  readonly since?: string;
  readonly decision?: ExchangeAction;
  readonly rule?: string;
  readonly client?: string;
  readonly host?: string;
  readonly follow?: boolean;
  readonly jsonl?: boolean;
}

export const registerLog: RegisterCommand = (host) => {
  const log = host.add<LogOptions>({
    usage: 'log',
    summary: 'show what was decided, newest first',
    examples: [
      'log --since 24h --decision mask',
      "log --rule 'github-*' --host '*.openai.com'",
      'log --follow',
      'log --jsonl > decisions.jsonl',
      'log show <id>',
      'log verify --checkpoint checkpoints-of-yesterday.log',
    ],
    configure: (command) =>
      void command
        .addOption(new Option('--limit <n>', 'at most so many (50 for people, all for scripts)').argParser(wholeNumber))
        .option('--since <when>', 'a span such as 24h or 7d, or a date (RFC 3339)')
        .addOption(new Option('--decision <action>', 'what became of the exchange').choices(decisionNames))
        .option('--rule <name>', 'only with a finding of this rule (glob)')
        .option('--client <name>', 'only of this client (glob)')
        .option('--host <name>', 'only to this host (glob)')
        .option('--follow', 'go on: each exchange when it has ended, a tunnel when it begins')
        .option('--jsonl', 'print one decision a line, as JSON'),
    action: showLog,
  });
  host.add({
    parent: log,
    usage: 'show <id>',
    summary: 'explain one decision',
    examples: ['log show <id>'],
    action: showOne,
  });
  host.add<{ readonly checkpoint?: string }>({
    parent: log,
    usage: 'verify',
    summary: 'check the chain of the record, its signatures and its end',
    examples: ['log verify', 'log verify --checkpoint checkpoints-of-yesterday.log'],
    configure: (command) =>
      void command.option('--checkpoint <file>', 'checkpoints that were kept where this machine cannot change them'),
    action: verify,
  });
};

/**
 * The home in force. The configuration is read only where neither flag nor environment names it, so that a record can
 * be looked at while the configuration is broken.
 */
function homeInForce(invocation: Invocation<object>): string {
  const { options, terminal } = invocation;
  const isNamed = options.home !== undefined || (terminal.env['SLUICE_HOME'] ?? '') !== '';
  return isNamed ? homeOf(invocation) : loadedPlace(invocation).home;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new AppError('ERR_USAGE', `'${text}' is not a whole number`);
  return Number(text);
}

function filterOf({ since, decision, rule, client, host }: LogOptions): DecisionFilter {
  return {
    ...(since === undefined ? {} : { since: parseSince(since, Date.now()) }),
    ...(decision === undefined ? {} : { action: decision }),
    ...(rule === undefined ? {} : { rule }),
    ...(client === undefined ? {} : { client }),
    ...(host === undefined ? {} : { host }),
  };
}

async function showLog(invocation: Invocation<LogOptions>): Promise<number> {
  const { options, output } = invocation;
  const filter = filterOf(options);
  if (options.follow === true && options.json === true) {
    throw new AppError('ERR_USAGE', '--json prints one document, which --follow never ends', {
      hint: 'use --jsonl with --follow',
    });
  }
  const home = homeInForce(invocation);
  if (!hasRecord(home) && options.follow !== true) {
    output.note(`there is no record in ${home} yet`);
    if (options.json === true) output.document({ decisions: [] });
    return 0;
  }
  const record = openRecord(home);
  try {
    if (options.follow === true) await follow(record, filter, options, output);
    else if (options.json === true) printDocument(record.decisions(limited(filter, options.limit)), output);
    else if (options.jsonl === true) {
      for (const { decision } of record.decisions(limited(filter, options.limit))) output.jsonLine(decision);
    } else printTable([...record.decisions(limited(filter, options.limit ?? linesForPeople))], output);
    return 0;
  } finally {
    record.close();
  }
}

function limited(filter: DecisionFilter, limit: number | undefined): DecisionFilter {
  return limit === undefined ? filter : { ...filter, limit };
}

/** Writes the document piece by piece: a record of months does not fit one string. */
function printDocument(decisions: Iterable<RecordedDecision>, output: Output): void {
  output.raw('{"schemaVersion":1,"decisions":[');
  let separator = '';
  for (const { decision } of decisions) {
    output.raw(separator + JSON.stringify(decision));
    separator = ',';
  }
  output.raw(']}\n');
}

function printTable(decisions: readonly RecordedDecision[], output: Output): void {
  if (decisions.length === 0) {
    output.note('no decision matches');
    return;
  }
  output.line(decisionHeading(output));
  for (const { decision } of decisions) output.line(decisionLine(decision, output));
}

async function follow(
  record: RecordReader,
  filter: DecisionFilter,
  { limit = linesBeforeFollowing, jsonl }: LogOptions,
  output: Output,
): Promise<void> {
  const print = ({ decision }: RecordedDecision): void => {
    if (jsonl === true) output.jsonLine(decision);
    else output.line(decisionLine(decision, output));
  };
  if (jsonl !== true) output.line(decisionHeading(output));
  const from = record.lastSeq();
  // What is still under way now will come when it has ended.
  const past = [...record.decisions(limited(filter, limit))].filter(
    ({ seq, hasEnded, decision }) => seq <= from && (hasEnded || decision.action === 'tunnel'),
  );
  for (const recorded of past.toReversed()) print(recorded);
  for await (const recorded of followDecisions(record, from, filter)) print(recorded);
}

function showOne(invocation: Invocation<object>): number {
  const { output, args } = invocation;
  const id = args[0] ?? '';
  const record = openRecord(homeInForce(invocation));
  try {
    const found = record.decision(id);
    if (found === undefined) {
      throw new AppError('ERR_INPUT_MISSING', 'the record has no decision of that id, or several that begin so', {
        hint: '`sluice log` lists them',
      });
    }
    if (output.isJson) output.document({ decision: found.decision });
    else for (const line of explainDecision(found.decision, found.hasEnded, output)) output.line(line);
    return 0;
  } finally {
    record.close();
  }
}

function readCheckpoints(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error: unknown) {
    throw new AppError('ERR_INPUT_MISSING', `cannot read the checkpoint file ${path}`, { cause: error });
  }
}

function verify(invocation: Invocation<{ readonly checkpoint?: string }>): number {
  const { output, options, terminal } = invocation;
  const home = homeInForce(invocation);
  const outside =
    options.checkpoint === undefined ? undefined : readCheckpoints(resolve(terminal.cwd, options.checkpoint));
  const result = verifyHome(home, outside);
  if (output.isJson) output.document(result);
  else printVerification(result, output);
  return result.ok ? 0 : 1;
}

function printVerification({ ok, entries, head, anchored, problems }: Verification, output: Output): void {
  if (!ok) {
    const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
    output.line(output.style('red', `The record does not hold: ${count} in ${entries} entries.`));
    for (const { id, problem } of problems) output.line(`  ${plain(id)}: ${plain(problem)}`);
    return;
  }
  output.line(output.style('green', `The record holds: ${entries} entries, head ${head}.`));
  output.line(
    anchored
      ? 'A checkpoint from elsewhere vouches for it up to that checkpoint.'
      : 'It is consistent with itself, no more: --checkpoint <file> compares it with one that was kept elsewhere.',
  );
}
