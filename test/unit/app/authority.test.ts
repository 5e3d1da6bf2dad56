import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareAuthority } from '../../../src/app/authority.ts';
import { markAuthority } from '../../../src/certs/authority.ts';

const home = () => mkdtempSync(join(tmpdir(), 'sluice-authority-'));
const need = (...hosts: string[]) => ({ hosts, isUnconstrained: false });
const anyHost = { hosts: [], isUnconstrained: true };
const now = Date.now();

describe('the authority that the configuration needs', () => {
  it('is made where there is none, said so, and found again', () => {
    const folder = home();
    const made = prepareAuthority(folder, need('api.vendor.example'), now);
    const found = prepareAuthority(folder, need('api.vendor.example'), now);

    expect(made.notices).toEqual([expect.stringContaining('made a local authority')]);
    expect(found.notices).toEqual([]);
    expect(found.authority.certificate.fingerprint256).toBe(made.authority.certificate.fingerprint256);
  });

  it.each([
    ['another host', need('other.example')],
    ['any host', anyHost],
  ])('is replaced for %s while nobody trusts it', (_, wanted) => {
    const folder = home();
    const first = prepareAuthority(folder, need('api.vendor.example'), now);
    const second = prepareAuthority(folder, wanted, now);

    expect(second.authority.certificate.fingerprint256).not.toBe(first.authority.certificate.fingerprint256);
  });

  it('is kept with a warning that names the host once somebody trusts it', () => {
    const folder = home();
    const first = prepareAuthority(folder, need('api.vendor.example'), now);
    markAuthority(first.authority, { trusted: true });
    const second = prepareAuthority(folder, need('api.vendor.example', 'other.example'), now);

    expect(second.authority.certificate.fingerprint256).toBe(first.authority.certificate.fingerprint256);
    expect(second.notices).toEqual([expect.stringMatching(/other\.example.*ca rotate/)]);
  });

  it('stops the start when any host is to be inspected and a limited one is trusted', () => {
    const folder = home();
    markAuthority(prepareAuthority(folder, need('api.vendor.example'), now).authority, { exported: true });

    expect(() => prepareAuthority(folder, anyHost, now)).toThrowError(
      expect.objectContaining({ code: 'ERR_CA_INVALID', hint: expect.stringContaining('ca rotate') }),
    );
  });

  it('says so when it has expired', () => {
    const folder = home();
    prepareAuthority(folder, need('api.vendor.example'), now);

    expect(() => prepareAuthority(folder, need('api.vendor.example'), now + 3 * 365 * 86_400_000)).toThrowError(
      expect.objectContaining({ code: 'ERR_CA_INVALID', message: expect.stringContaining('expired') }),
    );
  });
});
