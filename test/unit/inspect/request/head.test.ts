import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { scanHead, scanTrailers, type ScannedHead } from '../../../../src/inspect/request/head.ts';
import type { RequestScan } from '../../../../src/inspect/request/scan.ts';
import { requestScan, token } from '../../../helpers/request-scan.ts';

const own = { headers: new Set(['authorization', 'x-api-key']), query: new Set(['key']) };
const scanned = (scan: RequestScan, target: string, headers: ScannedHead['headers'] = []): ScannedHead =>
  scanHead(scan, { target, headers }, own);

describe('a request head', () => {
  it('comes back as it is when it is clean', () => {
    const headers = [
      ['User-Agent', 'a/1.0'],
      ['X-A', 'b'],
      ['X-A', 'c'],
    ] as const;

    const result = scanned(requestScan(), '/v1/messages?beta=true&q=%20', headers);

    expect(result.headers).toBe(headers);
    expect(result).toMatchObject({ target: '/v1/messages?beta=true&q=%20', findings: [] });
  });

  it.each([
    ['a header', '/', [['X-Note', `see ${token('a')}!`]], 'header:x-note', 4],
    ['JSON in a header', '/', [['X-Meta', JSON.stringify({ a: token('a') })]], 'header:x-meta', 6],
    ['a query value', `/p?x=1&t=${token('a')}`, [], 'query:t', 9],
    ['an encoded query value', `/p?t=%74${token('a').slice(1)}&y=2`, [], 'query:t', 5],
    ['a path segment', `/v1/${token('a')}/x`, [], 'path', 4],
    ['an encoded path segment', `/v1/a%20${token('a')}`, [], 'path', 8],
    ['a query name', `/p?${token('a')}=1`, [], 'query:*', 3],
  ] as const)('is masked in %s', (_what, target, headers, where, start) => {
    const scan = requestScan();

    const result = scanned(scan, target, headers);
    const [entry] = scan.vault.entries();
    const placeholder = entry?.placeholder ?? '';

    const flat = result.target + JSON.stringify(result.headers);
    expect(flat).toContain(placeholder);
    expect(flat).not.toContain(token('a').slice(1));
    expect(result.findings).toMatchObject([{ where, start }]);
  });

  it.each([
    ['the name', token('a')],
    ['a part of the name', `X-${token('a')}`],
  ])('is refused with a secret as %s of a header, where nothing can be put in its place', (_what, name) => {
    const result = scanned(requestScan(), '/', [
      ['X-A', 'b'],
      [name, '1'],
    ]);

    expect(result.stop).toMatchObject({ kind: 'blocked' });
    expect(result.findings).toMatchObject([{ where: 'header:*', action: 'block' }]);
  });

  it('knows a header and a query value by their names', () => {
    const result = scanned(requestScan(), '/?password=hunter-2-hunter', [['X-Password', 'hunter-3-hunter']]);

    expect(result.findings.map(({ where }) => where)).toEqual(['query:password', 'header:x-password']);
  });

  it("leaves the vendor's own credentials alone, in their places only", () => {
    const secret = token('a');

    const result = scanned(requestScan(), `/?key=${secret}`, [
      ['X-Api-Key', secret],
      ['Authorization', `Bearer ${secret}`],
      ['X-Other', secret],
    ]);

    expect(result.findings.map(({ where }) => where)).toEqual(['header:x-other']);
    expect(result.target).toBe(`/?key=${secret}`);
  });

  it('never splices what the exchange stands on', () => {
    const result = scanned(requestScan({ protect: ['my-host-of-secrets'] }), '/', [['Host', 'my-host-of-secrets']]);

    expect(result.findings).toMatchObject([{ where: 'header:host', action: 'forward' }]);
    expect(result.headers).toEqual([['Host', 'my-host-of-secrets']]);
  });

  it('masks a value found in one place in those that follow', () => {
    const result = scanned(requestScan(), `/?t=${token('a')}`, [['X-Note', `x${token('a')}`]]);

    expect(JSON.stringify(result.headers)).not.toContain('tkn_');
  });

  it('stops when a finding is blocked', () => {
    const scan = requestScan({ judge: () => ({ action: 'block', as: 'placeholder', by: 'policy[0]' }) });

    expect(scanned(scan, `/?t=${token('a')}`).stop?.kind).toBe('blocked');
  });

  it.each(['/v1/k9/aB+c3==/Zx81-qq/x', '/v1/k9%2FaB%2Bc3%3D%3D%2FZx81-qq/x'])(
    'masks a protected value with slashes in it: %s',
    (target) => {
      const result = scanned(requestScan({ protect: ['k9/aB+c3==/Zx81-qq'] }), target);

      expect(result.target).toMatch(/^\/v1\/SLUICE_[A-Z_]+_[a-z2-7]{16}\/x$/);
      expect(result.findings).toMatchObject([{ where: 'path', start: 4, action: 'mask' }]);
    },
  );

  const cut = 'pw&x=1+ b/c?d';
  it.each([
    ['a query, as it is', `/p?a=1&t=${cut.replace(' ', '%20')}&z=2`, /^\/p\?a=1&t=P&z=2$/, 'query:*'],
    ['a query, as a form', `/p?t=${cut.replace('+', '%2B').replace(' ', '+')}&z=2`, /^\/p\?t=P&z=2$/, 'query:*'],
    ['a query, encoded', `/p?t=${encodeURIComponent(cut)}&z=2`, /^\/p\?t=P&z=2$/, 'query:t'],
    ['a query name', `/p?${encodeURIComponent(cut)}`, /^\/p\?P$/, 'query:*'],
    ['a path and a query', `/p/${cut.replace(' ', '%20')}/z`, /^\/p\/P\/z$/, 'path'],
    ['a path, with a plus for the blank', `/p/${encodeURIComponent(cut).replace('%20', '+')}/z`, /^\/p\/P\/z$/, 'path'],
  ])('masks a protected value that its own characters cut in %s', (_what, target, shape, where) => {
    const result = scanned(requestScan({ protect: [cut] }), target);

    expect(result.target.replace(/SLUICE_[A-Z_]+_[a-z2-7]{16}/, 'P')).toMatch(shape);
    expect(result.findings).toMatchObject([{ where, action: 'mask', rule: 'protected-value' }]);
  });

  it('stops where a compressed text in it grows beyond the limits', () => {
    const bomb = gzipSync('a'.repeat(8 * 1024 * 1024)).toString('base64url');

    expect(scanned(requestScan(), `/p?x=${bomb}`).stop?.kind).toBe('limit');
    expect(scanTrailers(requestScan(), [['x-a', bomb]]).stop?.kind).toBe('limit');
  });

  it('masks base64 of a protected value with slashes in it, in a path', () => {
    const value = 'protected ???>>> value';
    const coded = Buffer.from(`${value}?>`).toString('base64');
    expect(coded).toContain('/');

    const { target } = scanned(requestScan({ protect: [value] }), `/v1/${coded}`);

    expect(Buffer.from(decodeURIComponent(target.slice(4)), 'base64').toString()).toMatch(
      /^SLUICE_[A-Z_]+_[a-z2-7]{16}\?>$/,
    );
  });

  it("leaves a protected value alone as the vendor's own credential, and nowhere else", () => {
    const value = 'k9/aB+c3==/Zx81-qq';
    const { target, findings } = scanned(requestScan({ protect: [value] }), `/?key=${value}&other=${value}`);

    expect(target).toMatch(/^\/\?key=k9\/aB\+c3==\/Zx81-qq&other=SLUICE_[A-Z_]+_[a-z2-7]{16}$/);
    expect(findings).toHaveLength(1);
  });
});

describe('trailers', () => {
  it('come back as they are when they are clean', () => {
    const trailers = [['X-Checksum', 'abc']] as const;

    expect(scanTrailers(requestScan(), trailers).headers).toBe(trailers);
  });

  it('are masked, also under the name of a credential', () => {
    const { headers, findings } = scanTrailers(requestScan(), [['X-Api-Key', token('a')]]);

    expect(JSON.stringify(headers)).not.toContain(token('a'));
    expect(findings).toMatchObject([{ where: 'header:x-api-key', action: 'mask' }]);
  });
});
