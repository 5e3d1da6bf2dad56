import { describe, expect, it } from 'vitest';
import { envTable, readEnvironment } from '../../../src/config/env-table.ts';
import { profiles } from '../../../src/config/profiles.ts';
import { settings } from '../../../src/config/plain.ts';

describe('the table of variables', () => {
  it('has one for every scalar of the configuration, with a name of its own and a description', () => {
    const names = envTable.map(({ name }) => name);
    const scalars = settings(profiles.gateway, new Set(['upstream.connect']))
      .filter(([, value]) => !Array.isArray(value) && typeof value !== 'object')
      .map(([path]) => path.join('.'));

    expect(new Set(names).size).toBe(names.length);
    expect(envTable.map(({ path }) => path.join('.'))).toEqual(expect.arrayContaining(scalars));
    expect(names).toEqual(
      expect.arrayContaining(['SLUICE_LIMITS_BODY_BYTES', 'SLUICE_AUDIT_ON_FAILURE', 'SLUICE_HOME']),
    );
    expect(names).not.toContain('SLUICE_RULES');
  });

  it.each([
    ['SLUICE_RESTORE_NETWORK', 'yes', { restore: { network: true } }],
    ['SLUICE_RESTORE_NETWORK', '0', { restore: { network: false } }],
    ['SLUICE_WORKERS', 'auto', { workers: 'auto' }],
    ['SLUICE_WORKERS', '4', { workers: 4 }],
    ['SLUICE_PLACEHOLDERS_PREFIX', 'ACME', { placeholders: { prefix: 'ACME' } }],
  ])('reads %s=%s', (name, text, raw) => {
    expect(readEnvironment({ [name]: text }).raw).toEqual(raw);
  });
});
