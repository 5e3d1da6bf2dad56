/** Laws of the authority that hold for every host and pattern. */
import { array, assert, constantFrom, domain, integer, ipV4, ipV6, oneof, property, string, tuple } from 'fast-check';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { constraintsFor, permits, uncovered } from '../../src/certs/constraints.ts';
import { parseHost, requireHost } from '../../src/certs/names.ts';
import { buildAuthority, buildLeaf, issuerOf, subjectKeyOf } from '../../src/certs/x509.ts';

const label = string({ unit: constantFrom(...'abcxyz019-'.split('')), minLength: 1, maxLength: 8 }).filter((text) =>
  /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(text),
);
const hostName = domain().map((name) => name.toLowerCase());
const host = oneof(hostName, ipV4(), ipV6());
const pattern = oneof(
  hostName,
  hostName.map((name) => `*.${name}`),
  tuple(label, hostName).map(([prefix, name]) => `${prefix}*.${name}`),
);
const runs = { numRuns: 2000 };

describe('hosts', () => {
  it('have one normal form', () => {
    assert(
      property(host, (text) => {
        const parsed = requireHost(text);

        expect(parseHost(parsed.name)).toEqual(parsed);
        expect(parseHost(text.toUpperCase() + (parsed.kind === 'dns' ? '.' : ''))).toEqual(parsed);
      }),
      runs,
    );
  });

  it('are never anything that leads out of a name', () => {
    assert(
      property(string({ unit: constantFrom(...'ab.1:/\\%\0 *@[]-_\n'.split('')), maxLength: 20 }), (text) => {
        const name = parseHost(text)?.name ?? '';

        expect(name).toMatch(/^[a-z0-9._:-]*$/);
        expect(name.split('.')).not.toContain('..');
      }),
      runs,
    );
  });
});

describe('constraints', () => {
  it('cover every pattern they were made for, and what lies below it', () => {
    assert(
      property(array(pattern, { minLength: 1, maxLength: 8 }), label, (patterns, prefix) => {
        const constraints = constraintsFor(patterns);

        expect(uncovered(constraints, patterns)).toEqual([]);
        for (const text of patterns) expect(permits(constraints, text.replaceAll('*', prefix))).toBe(true);
      }),
      runs,
    );
  });

  it('cover nothing that is not one of them or below one', () => {
    assert(
      property(array(hostName, { maxLength: 8 }), host, (patterns, other) => {
        const isBelow = patterns.some((name) => other === name || other.endsWith(`.${name}`));

        expect(permits(constraintsFor(patterns), other)).toBe(isBelow);
      }),
      runs,
    );
  });
});

describe('certificates', () => {
  it('are well-formed for any host and time, and signed', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const subjectKey = subjectKeyOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey);
    const span = { notBeforeMs: Date.UTC(2026, 0, 1), notAfterMs: Date.UTC(2028, 0, 1) };
    const authority = new X509Certificate(
      buildAuthority({ commonName: 'Test', key: privateKey, constraints: null, ...span }),
    );
    const issuer = issuerOf(authority.raw, privateKey);
    assert(
      property(host, integer({ min: 0, max: 3e12 }), (text, startMs) => {
        const named = requireHost(text);

        const leaf = new X509Certificate(
          buildLeaf({ host: named, subjectKey, issuer, notBeforeMs: startMs, notAfterMs: startMs + 86_400_000 }),
        );

        expect(leaf.verify(authority.publicKey)).toBe(true);
        expect(named.kind === 'dns' ? leaf.checkHost(named.name) : leaf.checkIP(named.name)).toBeDefined();
        expect(Date.parse(leaf.validFrom)).toBe(Math.floor(startMs / 1000) * 1000);
      }),
      { numRuns: 1000 },
    );
  });
});
