/** Findings as SARIF 2.1.0 (OASIS), for code hosts; no value and no snippet goes in. */
import { pathToFileURL } from 'node:url';
import type { Finding, Severity } from '../core/finding.ts';

/** What a log says of a rule. */
export interface SarifRule {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
}

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

/** How a finding's file is named in the log: relative to the folder scanned from, as code hosts want it. */
function artifactUri(file: string): string {
  if (file === '-') return 'stdin';
  if (file.startsWith('/')) return pathToFileURL(file).href;
  return file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
}

/** Maps findings to one SARIF log. */
export function toSarif(findings: readonly Finding[], rules: readonly SarifRule[], version: string): object {
  const used = rules.filter(({ id }) => findings.some(({ rule }) => rule === id));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Sluice',
            version,
            rules: used.map(({ id, title, severity }) => ({
              id,
              shortDescription: { text: title },
              defaultConfiguration: { level: levels[severity] },
            })),
          },
        },
        results: findings.map((finding) => ({
          ruleId: finding.rule,
          level: levels[finding.severity],
          message: { text: `${finding.category} found by rule ${finding.rule} (${finding.confidence})` },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: artifactUri(finding.file ?? '-') },
                region: {
                  byteOffset: finding.start,
                  byteLength: finding.end - finding.start,
                  ...(finding.line === undefined ? {} : { startLine: finding.line }),
                  ...(finding.column === undefined ? {} : { startColumn: finding.column }),
                },
              },
            },
          ],
          partialFingerprints: { 'sluiceValue/v1': finding.fingerprint },
        })),
      },
    ],
  };
}
