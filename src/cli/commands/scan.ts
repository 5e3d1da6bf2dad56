/** `sluice scan`: the detector of the proxy on files and standard input. */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { resolve } from 'node:path';
import { offlineDetector } from '../../app/detector/offline.ts';
import type { Engine } from '../../app/engine.ts';
import { offlineEngine } from '../../app/offline-engine.ts';
import { scanText, scanWithDetector, type DetectedText } from '../../app/scan.ts';
import { utf8 } from '../../core/bytes.ts';
import { AppError, systemCode } from '../../core/errors.ts';
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

async function readInput(name: string, terminal: Terminal): Promise<Uint8Array> {
  if (name === '-') return buffer(terminal.stdin);
  try {
    return readFileSync(resolve(terminal.cwd, name));
  } catch (error: unknown) {
    const why = systemCode(error) === 'ENOENT' ? 'is not there' : `cannot be read (${systemCode(error) ?? 'unknown'})`;
    throw new AppError('ERR_INPUT_MISSING', `${name} ${why}`, { cause: error });
  }
}

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
  const { options, output, terminal } = invocation;
  const { loaded, home } = loadedPlace(invocation);
  const engine = offlineEngine(loaded, home, terminal.env);
  const warn = (message: string): void => output.warn(`sluice: ${message}`);
  const detector = options.detector === false ? undefined : offlineDetector(loaded, terminal.env, warn);
  try {
    const scan: Scan = async (text) =>
      detector === undefined ? scanText(text, engine) : scanWithDetector(text, engine, detector);
    if (options.jsonl === true) return await scanLines(terminal, output, scan);
    return await scanFiles(invocation, engine, scan);
  } finally {
    detector?.close();
  }
}

async function scanFiles(invocation: Invocation<ScanOptions>, engine: Engine, scan: Scan): Promise<number> {
  const { args, options, output, terminal } = invocation;

  const names = args.length === 0 ? ['-'] : args;
  if (options.mask === true && names.length > 1) {
    throw new AppError('ERR_USAGE', '--mask takes one file', { hint: 'run it for each file' });
  }
  const all: Finding[] = [];
  for (const name of names) {
    const result = await scan(await readInput(name, terminal));
    if (result.unseen !== undefined) output.warn(unseen(name, result.unseen));
    const named = names.length > 1 ? result.findings.map((finding) => ({ ...finding, file: name })) : result.findings;
    all.push(...named);
    if (options.mask === true) {
      if (result.stop !== undefined)
        throw new AppError('ERR_INPUT_DATA', `${name} cannot be masked: ${result.stop.reason}`);
      output.raw(Buffer.from(result.masked).toString('utf8'));
    } else if (!output.isJson && options.sarif !== true)
      for (const finding of named) printFinding(output, name, finding);
  }
  if (options.mask === true) return all.some(isActedOn) ? 1 : 0;
  if (options.sarif === true) {
    const placed = all.map((finding) => ({ file: names[0] ?? '-', ...finding }));
    output.raw(`${JSON.stringify(toSarif(placed, engine.rules, readVersion().version))}\n`);
  } else if (output.isJson) output.document({ findings: all });
  else if (all.length === 0) output.note('nothing found');
  return all.some(isActedOn) ? 1 : 0;
}

export const registerScan: RegisterCommand = (host) => {
  host.add<ScanOptions>({
    usage: 'scan',
    summary: 'find secrets and regulated data in files or standard input',
    examples: [
      'scan src/config.ts .env',
      'git diff | npx sluice scan',
      'scan --mask notes.md > clean.md',
      'scan --sarif src/*.ts > findings.sarif',
    ],
    configure: (command) =>
      void command
        .argument('[files...]', 'files; - or none for standard input')
        .option('--mask', 'write the masked text to standard output')
        .option('--jsonl', 'answer lines {"id":…,"text":"…"} with {"id":…,"findings":[…]}')
        .option('--no-detector', 'leave out the detector that the configuration names')
        .option('--sarif', 'print SARIF 2.1.0 for code hosts'),
    action: run,
  });
};
