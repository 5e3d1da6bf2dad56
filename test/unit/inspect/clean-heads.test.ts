import { describe, expect, it } from 'vitest';
import type { HeaderList } from '../../../src/core/http.ts';
import { createKnownValues } from '../../../src/detect/known-values.ts';
import { createCleanHeads } from '../../../src/inspect/clean-heads.ts';
import { createPlaceholders } from '../../../src/mask/placeholders.ts';
import { requestScan, token, type TestScan } from '../../helpers/request-scan.ts';

const own = { headers: new Set(['x-api-key']), query: new Set(['key']) };
const target = '/v1/messages?beta=true';
const headers: HeaderList = [
  ['Host', 'vendor.example'],
  ['User-Agent', 'agent/1.0'],
  ['X-Api-Key', token('k')],
  ['Content-Length', '20480'],
];

/** A scan that counts what its matcher is shown. */
function counting(more: Partial<TestScan> = {}): TestScan & { readonly shown: string[] } {
  const shown: string[] = [];
  const scan = requestScan(more);
  const { matcher } = scan;
  return {
    ...scan,
    shown,
    matcher: {
      ...matcher,
      scan: (text, from, isComplete) => {
        shown.push(Buffer.from(text).toString());
        return matcher.scan(text, from, isComplete);
      },
    },
  };
}

describe('a head that was read before', () => {
  it('is not read again, whatever its body is long', () => {
    const scan = counting();
    const heads = createCleanHeads();
    heads.read('me', scan, { target, headers }, own);
    const before = scan.shown.length;
    const again: HeaderList = headers.map(([name, value]) => [name, name === 'Content-Length' ? '1' : value]);

    const read = heads.read('me', scan, { target, headers: again }, own);

    expect(before).toBeGreaterThan(0);
    expect(scan.shown).toHaveLength(before);
    expect(read).toEqual({ target, headers: again, findings: [] });
    expect(read.headers).toBe(again);
  });

  it('is read only where it differs', () => {
    const scan = counting();
    const heads = createCleanHeads();
    heads.read('me', scan, { target, headers }, own);
    scan.shown.length = 0;
    const again: HeaderList = headers.map(([name, value]) => [name, name === 'Host' ? 'other.example' : value]);
    heads.read('me', scan, { target, headers: again }, own);

    expect(scan.shown.join('\n')).toContain('other.example');
    expect(scan.shown.join('\n')).not.toContain('agent/1.0');
  });

  it.each<[string, string, HeaderList]>([
    ['a header', target, [...headers, ['X-Note', token('a')]]],
    ['a value that was clean under another name', target, [...headers, ['Password', 'agent/1.0']]],
    ['the name of a header', target, [...headers, [token('a'), '1']]],
    ['a header of the same name', target, [...headers, ['User-Agent', token('a')]]],
    ['a length that is none', target, [...headers, ['Content-Length', token('a')]]],
    ['the path', `/v1/${token('a')}`, headers],
    ['the query', `${target}&x=${token('a')}`, headers],
  ])('is found something in where there is something new in %s', (_what, newTarget, newHeaders) => {
    const scan = requestScan();
    const heads = createCleanHeads();
    heads.read('me', scan, { target, headers }, own);

    expect(heads.read('me', scan, { target: newTarget, headers: newHeaders }, own).findings).toHaveLength(1);
  });

  it('has what was found found in each request, and learned as if it had been read once', () => {
    const scan = requestScan();
    const heads = createCleanHeads();
    const head = { target, headers: [...headers, ['X-Note', token('a')]] as const };
    const [first, second] = [heads.read('me', scan, head, own), heads.read('me', scan, head, own)];

    expect(first.findings).toHaveLength(1);
    expect(second).toEqual(first);
    expect(scan.learned).toEqual([token('a'), token('a')]);
  });

  it('is read again once a value is known, and for whom other values are', () => {
    const known = createKnownValues();
    const scan = requestScan({ known: [known] });
    const heads = createCleanHeads();
    const head = { target, headers: [...headers, ['X-Note', 'quite-harmless-until-now']] as const };
    expect(heads.read('me', scan, head, own).findings).toEqual([]);
    known.add({ bytes: Buffer.from('quite-harmless-until-now'), rule: 'test-token', isProtected: false });
    const protecting = requestScan({ protect: ['agent/1.0'] });

    expect(heads.read('me', scan, head, own).findings).toHaveLength(1);
    expect(heads.read('you', protecting, head, own).findings).toHaveLength(1);
    expect(heads.read('me', protecting, head, own).findings).toHaveLength(1);
  });

  it('is read again where other placeholders count', () => {
    const scan = counting();
    const heads = createCleanHeads();
    heads.read('me', scan, { target, headers }, own);
    const before = scan.shown.length;
    const placeholders = createPlaceholders({ key: Buffer.alloc(32, 8), prefix: 'SLUICE' });
    heads.read('me', { ...scan, placeholders }, { target, headers }, own);

    expect(scan.shown.length).toBeGreaterThan(before);
  });

  it('has a credential found in its query where another vendor does not expect it', () => {
    const scan = requestScan();
    const heads = createCleanHeads();
    const head = { target: `/v1?key=${token('q')}`, headers };

    expect(heads.read('me', scan, head, own).findings).toEqual([]);
    expect(heads.read('me', scan, head, { ...own, query: new Set<string>() }).findings).toHaveLength(1);
  });

  it('is forgotten when there is too much of it, and never kept where it is long', () => {
    const scan = counting();
    const heads = createCleanHeads();
    const long: HeaderList = [['X-Long', 'many words '.repeat(100)]];
    heads.read('me', scan, { target, headers: long }, own);
    scan.shown.length = 0;
    heads.read('me', scan, { target, headers: long }, own);
    expect(scan.shown.length).toBeGreaterThan(0);
    for (let at = 0; at < 300; at += 1) heads.read('me', scan, { target: `/v1/${at}`, headers: [] }, own);
    scan.shown.length = 0;
    heads.read('me', scan, { target: '/v1/a-long-way', headers: [] }, own);
    const once = scan.shown.length;
    heads.read('me', scan, { target: '/v1/a-long-way', headers: [] }, own);

    expect(once).toBeGreaterThan(0);
    expect(scan.shown).toHaveLength(once);
  });
});
