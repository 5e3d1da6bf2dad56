import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSigner, isSigned, keyName, makeSigningKey, parseStatement } from '../../../src/audit/checkpoint.ts';

const signer = createSigner(makeSigningKey());
const statement = signer.sign({
  kind: 'checkpoint',
  entries: 7,
  head: 'ab'.repeat(32),
  time: '2026-11-20T09:00:00.000Z',
});

describe('a signed statement', () => {
  it('is recognised as signed, also after a trip through its line', () => {
    expect(isSigned(statement)).toBe(true);
    expect(isSigned(parseStatement(JSON.stringify(statement)) ?? { ...statement, head: '' })).toBe(true);
  });

  it.each([
    ['kind', { kind: 'anchor' as const }],
    ['entries', { entries: 8 }],
    ['head', { head: 'cd'.repeat(32) }],
    ['time', { time: '2026-11-20T09:00:00.001Z' }],
    ['key', { key: createSigner(makeSigningKey()).key }],
    ['signature', { signature: statement.signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) }],
    ['an unreadable key', { key: '!' }],
    ['an empty signature', { signature: '' }],
  ])('does not count with another %s', (_name, change) => {
    expect(isSigned({ ...statement, ...change })).toBe(false);
  });

  it.each([
    '',
    'x',
    'null',
    '[]',
    '{}',
    JSON.stringify({ ...statement, entries: '7' }),
    JSON.stringify({ ...statement, kind: 'x' }),
  ])('is not read from the line %j', (line) => {
    expect(parseStatement(line)).toBeUndefined();
  });
});

describe('the signing key', () => {
  it('gives the same public key every time it is read', () => {
    const pem = makeSigningKey();

    expect(createSigner(pem).key).toBe(createSigner(pem).key);
    expect(keyName(createSigner(pem).key)).toMatch(/^[0-9a-f]{16}$/);
  });

  it('must be an Ed25519 key', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    });

    expect(() => createSigner(other.toString())).toThrowError('Ed25519');
  });
});
