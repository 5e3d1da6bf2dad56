import { describe, expect, it } from 'vitest';
import { mergeRow } from '../../../src/audit/query.ts';
import { decisionHeading, decisionLine, explainDecision, plain } from '../../../src/cli/decision-text.ts';
import type { Decision } from '../../../src/core/decision.ts';
import { sampleDecision, sampleFinding, sampleOutcome } from '../../helpers/record-entries.ts';

const uncolored = { style: (_style: string, text: string) => text };

function decisionOf(changes: Parameters<typeof sampleDecision>[1] = {}): Decision {
  const decision = JSON.stringify({ entry: sampleDecision('01jd', changes) });
  const outcome = JSON.stringify({ entry: sampleOutcome('01jd') });
  return mergeRow({ seq: 1, hash: 'ab'.repeat(32), decision, outcome }).decision;
}

describe('plain text', () => {
  it.each([
    ['escape sequences', 'a\u{1b}[31mb', 'a\u{fffd}[31mb'],
    ['line breaks', 'a\nb\r\u{2028}', 'a\u{fffd}b\u{fffd}\u{fffd}'],
    ['C1 controls', 'a\u{9b}31m', 'a\u{fffd}31m'],
    ['direction marks', 'a\u{202e}b', 'a\u{fffd}b'],
  ])('has no %s', (_name, text, expected) => {
    expect(plain(text)).toBe(expected);
  });
});

describe('a decision on one line', () => {
  it('stands under its heading', () => {
    const heading = decisionHeading(uncolored);
    const line = decisionLine(decisionOf(), uncolored);

    expect(line).toBe(
      '2026-11-20 09:00:00  mask     api.anthropic.com             claude-cli 2.1.329  200     github-pat                    01jd',
    );
    for (const [name, text] of [
      ['ACTION', 'mask'],
      ['HOST', 'api.'],
      ['FINDINGS', 'github-pat'],
      ['ID', '01jd'],
    ] as const) {
      expect(heading.indexOf(name)).toBe(line.indexOf(text));
    }
  });

  it('counts rules, the most frequent first, and cuts what is long', () => {
    const findings = [
      sampleFinding({ rule: 'aws' }),
      sampleFinding(),
      sampleFinding(),
      sampleFinding({ rule: 'a-very-long-name' }),
    ];

    expect(decisionLine(decisionOf({ findings }), uncolored)).toContain('github-pat ×2, aws, a-very-…  ');
  });

  it('obeys nothing that a client says', () => {
    const line = decisionLine(decisionOf({ client: { app: '\u{1b}]0;x\u{7}', version: 'unknown' } }), uncolored);

    expect(line).not.toMatch(/\p{Cc}/u);
  });
});

describe('an explained decision', () => {
  it('says what happened, why, and with what', () => {
    const decision = decisionOf({
      reason: 'user policy[1]',
      client: { app: 'claude-cli', version: '2.1.329', user: 'ada' },
      findings: [sampleFinding({ encoding: ['base64', 'json'], source: '.env', reason: 'allow[0]' })],
    });

    expect(explainDecision(decision, true, uncolored)).toMatchInlineSnapshot(`
      [
        "01jd  mask: user policy[1]",
        "  time        2026-11-20T09:00:00.000Z",
        "  client      claude-cli 2.1.329, as ada (as it says itself)",
        "  destination api.anthropic.com (vendor anthropic, jurisdiction US)",
        "  credential  api-key hmac:k1:aa55",
        "  request     POST /v1/messages over http/1.1, 2048 bytes, identity",
        "  read        2048 bytes; opaque 0 bytes; unread 0 bytes",
        "  reply       status 200, 4096 bytes",
        "  restored    1; kept back 0; unknown 0",
        "  added       3.25 ms",
        "  policy      p-1",
        "  chain       abababababababababababababababababababababababababababababababab",
        "  findings",
        "    github-pat  mask (allow[0])  high, certain  at /messages/0/content 120–160 in json in base64 from .env  hmac:k1:9f86d081884c7d65",
        "  sources",
        "    src/config.ts  512 bytes  forward",
      ]
    `);
  });

  it('says that an exchange has not ended', () => {
    expect(explainDecision(decisionOf(), false, uncolored).join('\n')).toContain('not recorded: under way, or cut off');
  });

  it('obeys nothing that came from the wire', () => {
    const evil = '\u{1b}[2J';
    const decision = decisionOf({
      reason: evil,
      findings: [sampleFinding({ where: `/messages/${evil}`, source: evil })],
      sources: [{ path: evil, fingerprint: 'hmac:k1:x', bytes: 1, action: 'forward' }],
      request: { method: evil, path: evil, protocol: 'h2', coding: evil, bytes: 1 },
    });

    expect(explainDecision(decision, true, uncolored).join('')).not.toMatch(/\p{Cc}/u);
  });
});
