import { describe, expect, it } from 'vitest';
import { isIdentifier, isNamedPath } from '../../../../src/detect/checks/identifiers.ts';
import { drawn } from '../../../helpers/drawn.ts';

const lower = 'abcdefghijklmnopqrstuvwxyz';
const alnum = `${lower}${lower.toUpperCase()}0123456789`;

describe('a name of a program', () => {
  it.each([
    'gnutls_pkcs12_bag_t',
    'gss_krb5_rfc1964_keydata',
    'HTTP_FLAG_IGNORE_IPv4',
    'SEC_PKCS12ExportContext',
    's3v4-presign-post',
    'kerberos-5-read-write',
    'V1SecretVolumeSource',
    'oauth2ClientSecret',
    '_int8ArrayPrototype:',
  ])('is %s', (name) => {
    expect(isIdentifier(name)).toBe(true);
  });

  it.each(['Sommer2024', 'quietPlum42', 'velvet', '20-31-44', 'a-b-c', '--', ''])('is not %s', (value) => {
    expect(isIdentifier(value)).toBe(false);
  });

  it('is hardly ever drawn at random', () => {
    const values = Array.from({ length: 2000 }, (_, seed) => drawn(`${alnum}-_`, 24, seed));

    expect(values.filter((value) => isIdentifier(value)).length).toBeLessThan(40);
  });
});

describe('a path of names', () => {
  it.each([
    'sun/security/tools/keytool/PKCS12Passwd.java',
    'gdb.ada/assign_1.exp:',
    'projects/12345/secrets/my-secret/versions/1',
    'man/groupmod.8.xml:',
  ])('is %s', (path) => {
    expect(isNamedPath(path)).toBe(true);
  });

  it('is no base64 with slashes', () => {
    const values = Array.from({ length: 2000 }, (_, seed) => drawn(`${alnum}+/`, 40, seed));

    expect(values.filter((value) => isNamedPath(value))).toEqual([]);
  });
});
