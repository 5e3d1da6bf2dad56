/** `sluice scan`: the detector of the proxy on files and standard input. */
import { createInterface } from 'node:readline';
import { offlineDetector } from '../../app/detector/offline.ts';
import type { Engine } from '../../app/engine.ts';
import { offlineEngine } from '../../app/offline-engine.ts';
import { isFolder, scanInputs, type LeftOut } from '../../app/scan-inputs.ts';
import { scanText, scanWithDetector, type DetectedText } from '../../app/scan.ts';
import { utf8 } from '../../core/bytes.ts';
import { AppError } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import type { Invocation, RegisterCommand, Terminal } from '../command.ts';
import { loadedPlace } from '../loaded.ts';
import type { Output } from '../output.ts';
import { toSarif } from '../sarif.ts';
import { readVersion } from '../version.ts';

interface ScanOptions {
  readonly mask?: boolean;
  readonly jsonl?: boolean;
  readonly sarif?: boolean;
  /** False with `--no-detector`. */
  readonly detector?: boolean;
}

type Scan = (text: Uint8Array) => Promise<DetectedText>;

const unseen = (what: string, reason: string): string =>
  `sluice: ${what}: the detector has not seen all of it: ${reason}`;

/** A finding that is more than recorded makes the answer a "no". */
const isActedOn = ({ action }: Finding): boolean => action !== 'forward';

function parseLine(line: string, number: number): { readonly id: unknown; readonly text: string } {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string') {
      return { id: 'id' in value ? value.id : null, text: value.text };
    }
  } catch (error: unknown) {
    throw new AppError('ERR_INPUT_DATA', `line ${number} is not JSON`, { cause: error });
  }
  throw new AppError('ERR_INPUT_DATA', `line ${number} is not of the form {"id":…,"text":"…"}`);
}

/** Answers each line in order, in one process. */
async function scanLines(terminal: Terminal, output: Output, scan: Scan): Promise<number> {
  let number = 0;
  let isFound = false;
  for await (const line of createInterface({ input: terminal.stdin, crlfDelay: Infinity })) {
    number += 1;
    if (line === '') continue;
    const { id, text } = parseLine(line, number);
    const { findings, unseen: reason } = await scan(utf8(text));
    if (reason !== undefined) output.warn(unseen(`line ${number}`, reason));
    output.jsonLine({ id, findings });
    isFound ||= findings.some(isActedOn);
  }
  return isFound ? 1 : 0;
}

function printFinding(output: Output, name: string, finding: Finding): void {
  const place = `${name}:${finding.line ?? 1}:${finding.column ?? 1}`;
  const color = finding.action === 'forward' ? 'dim' : finding.action === 'block' ? 'red' : 'yellow';
  const encoded = finding.encoding === undefined ? '' : ` in ${finding.encoding.join(', ')}`;
  output.line(
    `${output.style('bold', place)}  ${output.style(color, finding.action)}  ${finding.rule} (${finding.severity}, ${finding.confidence})${encoded}`,
  );
}

async function run(invocation: Invocation<ScanOptions>): Promise<number> {
  const { args, options, output, terminal } = invocation;
  const { loaded, home } = loadedPlace(invocation);
  const engine = offlineEngine(loaded, home, terminal.env);
  const warn = (message: string): void => output.warn(`sluice: ${message}`);
  const detector = options.detector === false ? undefined : offlineDetector(loaded, terminal.env, warn);
  try {
    const scan: Scan = async (text) =>
      detector === undefined ? scanText(text, engine) : scanWithDetector(text, engine, detector);
    if (options.jsonl !== true) return await scanFiles(invocation, engine, scan);
    if (args.some((name) => name !== '-')) {
      throw new AppError('ERR_USAGE', '--jsonl reads lines from standard input', { hint: 'use `scan --jsonl < file`' });
    }
    return await scanLines(terminal, output, scan);
  } finally {
    detector?.close();
  }
}

async function scanFiles(invocation: Invocation<ScanOptions>, engine: Engine, scan: Scan): Promise<number> {
  const { args, options, output, terminal } = invocation;

  const names = args.length === 0 ? ['-'] : args;
  const hasMany = names.length > 1 || names.some((name) => isFolder(name, terminal));
  if (options.mask === true && hasMany) {
    throw new AppError('ERR_USAGE', '--mask takes one file', { hint: 'run it for each file' });
  }
  const all: Finding[] = [];
  const leftOut: LeftOut = { binary: 0, unreadable: [] };
  for await (const { name, text } of scanInputs(names, terminal, leftOut)) {
    const result = await scan(text);
    if (result.unseen !== undefined) output.warn(unseen(name, result.unseen));
    const named = hasMany ? result.findings.map((finding) => ({ ...finding, file: name })) : result.findings;
    all.push(...named);
    if (options.mask === true) {
      if (result.stop !== undefined)
        throw new AppError('ERR_INPUT_DATA', `${name} cannot be masked: ${result.stop.reason}`);
      output.raw(Buffer.from(result.masked).toString('utf8'));
    } else if (!output.isJson && options.sarif !== true)
      for (const finding of named) printFinding(output, name, finding);
  }
  const code = all.some(isActedOn) ? 1 : 0;
  if (options.mask === true) return code;
  if (options.sarif === true) {
    const placed = all.map((finding) => ({ file: names[0] ?? '-', ...finding }));
    output.raw(`${JSON.stringify(toSarif(placed, engine.rules, readVersion().version))}\n`);
  } else if (output.isJson) output.document({ findings: all });
  else if (all.length === 0) output.note('nothing found');
  if (leftOut.binary > 0) output.note(`binary files left out: ${leftOut.binary}`);
  if (leftOut.unreadable.length === 0) return code;
  // Said last, and not with a 0: what was not read may hold anything.
  throw new AppError('ERR_INPUT_MISSING', `not read: ${leftOut.unreadable.join('; ')}`);
}

export const registerScan: RegisterCommand = (host) => {
  host.add<ScanOptions>({
    usage: 'scan',
    summary: 'find secrets and regulated data in files or standard input',
    examples: [
      'scan src/config.ts .env',
      'scan .                                # every text file of a folder, without .git and node_modules',
      'scan --json < changes.diff',
      'scan --mask notes.md > clean.md',
      'scan --sarif src > findings.sarif',
    ],
    configure: (command) =>
      void command
        .argument('[files...]', 'files and folders; - or none for standard input')
        .option('--mask', 'write the masked text to standard output')
        .option('--jsonl', 'answer lines {"id":…,"text":"…"} with {"id":…,"findings":[…]}')
        .option('--no-detector', 'leave out the detector that the configuration names')
        .option('--sarif', 'print SARIF 2.1.0 for code hosts'),
    action: run,
  });
};
