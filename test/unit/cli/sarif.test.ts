import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/finding.ts';
import { toSarif } from '../../../src/cli/sarif.ts';

const finding: Finding = {
  rule: 'github-pat',
  category: 'secret',
  severity: 'high',
  start: 10,
  end: 50,
  line: 2,
  column: 4,
  file: 'src/my file.ts',
  fingerprint: 'hmac:k:d',
  action: 'mask',
  confidence: 'certain',
};
const rules = [
  { id: 'github-pat', title: 'GitHub token', severity: 'high' },
  { id: 'unused', title: 'Unused', severity: 'low' },
] as const;

describe('SARIF', () => {
  it('places a finding by line, column and bytes, and names only the rules used', () => {
    expect(toSarif([finding], rules, '1.0.0')).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'Sluice', rules: [{ id: 'github-pat', defaultConfiguration: { level: 'error' } }] } },
          results: [
            {
              ruleId: 'github-pat',
              level: 'error',
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'src/my%20file.ts' },
                    region: { byteOffset: 10, byteLength: 40, startLine: 2, startColumn: 4 },
                  },
                },
              ],
              partialFingerprints: { 'sluiceValue/v1': 'hmac:k:d' },
            },
          ],
        },
      ],
    });
  });

  it.each([
    ['/a/b.ts', 'file:///a/b.ts'],
    ['-', 'stdin'],
    ['a\\b.ts', 'a/b.ts'],
  ])('names the file %s as %s', (file, uri) => {
    expect(JSON.stringify(toSarif([{ ...finding, file }], rules, '1'))).toContain(`"uri":"${uri}"`);
  });
});
