import { describe, expect, it } from 'vitest';
import { refusalMessage } from '../../../src/policy/refusal.ts';

const id = '01JABCDEF';
const finding = { kind: 'finding', rule: 'github-pat', ruleTitle: 'GitHub personal access token' } as const;

describe('the text of a refusal', () => {
  it('names product, rule, place, the way on and the command', () => {
    const text = refusalMessage({ ...finding, where: '/messages/3/content/0/text', source: 'a/.env' }, id);

    expect(text).toMatch(/^Sluice blocked this request: GitHub personal access token \(rule github-pat\)/);
    expect(text).toContain('in messages[3].content[0].text (from a/.env)');
    expect(text).toContain('start a new conversation');
    expect(text).toMatch(/sluice allow 01JABCDEF$/);
  });

  it.each([
    [undefined, 'the request body'],
    ['path', 'the request path'],
    ['header:x-team', 'the header x-team'],
    ['query:q', 'the query parameter q'],
    ['/a~1b/m~0n', 'a/b.m~n'],
  ])('says the place %s as %s', (where, shown) => {
    expect(refusalMessage({ ...finding, ...(where !== undefined && { where }) }, id)).toContain(`in ${shown}.`);
  });

  it.each([
    [{ kind: 'destination', host: 'api.x.test' }, /destination api\.x\.test/],
    [{ kind: 'account', host: 'api.x.test' }, /account/],
    [{ kind: 'unreadable', reason: 'unknown content coding' }, /unknown content coding/],
    [{ kind: 'limit', reason: 'larger than limits.bodyBytes' }, /limits\.bodyBytes/],
  ] as const)('explains %j and where to look', (cause, pattern) => {
    const text = refusalMessage(cause, id);

    expect(text).toMatch(/^Sluice blocked/);
    expect(text).toMatch(pattern);
    expect(text).toMatch(/sluice log show 01JABCDEF$/);
  });

  it('keeps wire text short, printable and on one line', () => {
    const text = refusalMessage({ ...finding, where: `/a\n\u001b[31m/${'x'.repeat(500)}` }, id);

    expect(text).not.toContain('\n');
    expect(text).not.toContain('\u001b');
    expect(text.length).toBeLessThan(600);
  });
});
