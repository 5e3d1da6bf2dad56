/** Decisions as text for people. */
import type { Decision, ExchangeAction } from '../core/decision.ts';
import type { Finding } from '../core/finding.ts';
import type { Output, Style } from './output.ts';

const styles: Readonly<Record<ExchangeAction, Style>> = {
  forward: 'green',
  mask: 'yellow',
  block: 'red',
  answer: 'cyan',
  tunnel: 'dim',
  error: 'magenta',
};

type Styler = Pick<Output, 'style'>;

/** Takes out what a terminal would obey (control characters, direction marks): parts of a record come from the wire. */
export function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\u{fffd}');
}

/** Cuts or fills a text to a width in characters. */
function cell(text: string, width: number): string {
  const characters = Array.from(plain(text));
  return characters.length > width ? `${characters.slice(0, width - 1).join('')}…` : plain(text).padEnd(width);
}

const columns = { time: 19, action: 7, host: 28, client: 18, status: 6, findings: 28 } as const;

/** The heading of {@link decisionLine}. */
export function decisionHeading({ style }: Styler): string {
  const names = Object.entries(columns).map(([name, width]) => cell(name.toUpperCase(), width));
  return style('bold', [...names, 'ID'].join('  '));
}

/** One decision on one line; the columns stay where they are while lines come in. */
export function decisionLine(decision: Decision, { style }: Styler): string {
  const { action, client, destination, response } = decision;
  return [
    cell(decision.time.slice(0, 19).replace('T', ' '), columns.time),
    style(styles[action], cell(action, columns.action)),
    cell(destination.host, columns.host),
    cell(client.version === 'unknown' ? client.app : `${client.app} ${client.version}`, columns.client),
    cell(response.status === 0 ? '-' : String(response.status), columns.status),
    cell(findingsSummary(decision), columns.findings),
    plain(decision.id),
  ].join('  ');
}

/** Names the rules with their counts, the most frequent first. */
function findingsSummary({ findings, unlisted = [] }: Decision): string {
  const counts = new Map<string, number>();
  const count = (rule: string, by: number): void => void counts.set(rule, (counts.get(rule) ?? 0) + by);
  for (const { rule } of findings) count(rule, 1);
  for (const { rule, count: by } of unlisted) count(rule, by);
  const byCount = [...counts].sort(([, a], [, b]) => b - a);
  return byCount.map(([rule, count]) => (count === 1 ? rule : `${rule} ×${count}`)).join(', ') || '-';
}

/** Explains one decision, line by line. */
export function explainDecision(decision: Decision, hasEnded: boolean, { style }: Styler): string[] {
  const { client, destination, request, response, credential, coverage, restored } = decision;
  const who = `${client.app} ${client.version}${client.user === undefined ? '' : `, as ${client.user}`}`;
  const rows: [name: string, text: string][] = [
    ['time', decision.time],
    ['client', `${who} (as it says itself)`],
    ['destination', `${destination.host} (vendor ${destination.vendor}, jurisdiction ${destination.jurisdiction})`],
    ...(credential === undefined ? [] : [credentialRow(credential)]),
    [
      'request',
      `${request.method} ${request.path} over ${request.protocol}, ${bytes(request.bytes)}, ${request.coding}`,
    ],
    ['read', `${bytes(coverage.read)}; opaque ${bytes(coverage.opaque)}; unread ${bytes(coverage.unread)}`],
    ['reply', hasEnded ? `status ${response.status}, ${bytes(response.bytes)}` : 'not recorded: under way, or cut off'],
    ...(restored === undefined
      ? []
      : [row('restored', `${restored.restored}; kept back ${restored.heldBack}; unknown ${restored.unresolved}`)]),
    ['added', `${decision.addedMs} ms`],
    ['policy', decision.policyVersion],
    ['chain', decision.chain],
  ];
  const reason = decision.reason === undefined ? '' : `: ${plain(decision.reason)}`;
  return [
    `${style('bold', plain(decision.id))}  ${style(styles[decision.action], decision.action)}${reason}`,
    ...rows.map(([name, text]) => `  ${style('dim', name.padEnd(11))} ${plain(text)}`),
    ...section('findings', [
      ...decision.findings.map(findingLine),
      ...(decision.unlisted ?? []).map(({ rule, action, count }) => `and ${count} more of ${rule}, ${action}`),
    ]),
    ...section(
      'sources',
      decision.sources.map(({ path, bytes: size, action }) => `${path}  ${bytes(size)}  ${action}`),
    ),
  ];
}

function row(name: string, text: string): [string, string] {
  return [name, text];
}

function credentialRow({ kind, fingerprint, plan }: NonNullable<Decision['credential']>): [string, string] {
  return ['credential', `${kind} ${fingerprint}${plan === 'unknown' ? '' : `, plan ${plan}`}`];
}

function section(name: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`  ${name}`, ...lines.map((line) => `    ${plain(line)}`)];
}

function findingLine(finding: Finding): string {
  const { rule, action, severity, confidence, where = 'body', start, end, encoding, source, fingerprint } = finding;
  // Outermost first in the record; people say what the value stands in first.
  const layers = (encoding ?? [])
    .toReversed()
    .map((layer) => ` in ${layer}`)
    .join('');
  const from = source === undefined ? '' : ` from ${source}`;
  const why = finding.reason === undefined ? '' : ` (${finding.reason})`;
  return `${rule}  ${action}${why}  ${severity}, ${confidence}  at ${where} ${start}–${end}${layers}${from}  ${fingerprint}`;
}

function bytes(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`;
}
