import { describe, expect, it } from 'vitest';
import { FoundValues } from '../../../../src/inspect/request/found-values.ts';
import { TextReader } from '../../../../src/inspect/request/read-text.ts';
import { Settler } from '../../../../src/inspect/request/settle.ts';
import { requestScan, token } from '../../../helpers/request-scan.ts';

describe('found values', () => {
  it('are added and learned once, where they may spread', () => {
    const scan = requestScan({ canSpread: (value) => Buffer.from(value).toString() !== token('n') });
    const found = new FoundValues(scan, new Settler(scan));
    const reader = new TextReader(scan, scan.known);
    const hits = reader.read(Buffer.from(`${token('a')} ${token('b')} ${token('a')} ${token('n')}`), undefined, 0);

    expect(found.add(hits, { kind: 'body', meaning: 'structural' })).toBe(false);
    expect(found.add(hits, { kind: 'body', meaning: 'prose' })).toBe(true);
    expect(found.add(hits, { kind: 'body', meaning: 'prose' })).toBe(false);

    expect(scan.learned).toEqual([token('a'), token('b')]);
    expect(found.known.size).toBe(2);
  });
});
