/** Which e-mail, phone and network addresses are somebody's. */
import { describe, expect, it } from 'vitest';
import { holds } from '../../../helpers/check-holds.ts';

describe('e-mail addresses', () => {
  it.each(['jane.doe@contoso.de', 'info@firm.site', 'a@xn--d1acufc.xn--p1ai', 'j+tag@mail.firm.co.uk'])(
    'counts %s as somebody',
    (value) => {
      expect(holds('personal-address', value)).toBe(true);
    },
  );

  it.each([
    'git@github.com',
    'noreply@firm.de',
    'no-reply@firm.de',
    '1234+jane@users.noreply.github.com',
    'jane@example.com',
    'jane@mail.example.org',
    'jane@host.local',
    'jane@firm.test',
    'icon@2x.png',
    'user@module.ts',
    '.jane@firm.de',
    'jane..doe@firm.de',
  ])('counts %s as no one', (value) => {
    expect(holds('personal-address', value)).toBe(false);
  });

  it.each(['https://', 'postgres://svc:', 'ssh://deploy.'])(
    'leaves the part of a URL before its host alone: %s',
    (before) => {
      expect(holds('personal-address', 'jane@firm.de', before)).toBe(false);
    },
  );

  it.each(['mailto:', 'https://firm.de/?to=', 'see https://firm.de or '])('reads an address behind %s', (before) => {
    expect(holds('personal-address', 'jane@firm.de', before)).toBe(true);
  });
});

describe('network addresses', () => {
  it.each(['81.169.145.90', '2a00:1450:4001:82a::200e', '193.99.144.80'])('counts %s as public', (value) => {
    expect(holds('public-ip', value)).toBe(true);
  });

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.9.9',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '192.0.2.7',
    '198.51.100.7',
    '203.0.113.7',
    '224.0.0.1',
    '255.255.255.255',
    '0.0.0.0',
    '8.8.8.8',
    '1.2.3.4',
    '2.5.29.37',
    '1.3.101.113',
    '10.0.30.5',
    '::1',
    'fe80::1',
    'fd00::1:2:3:4',
    '2001:db8::8a2e:370:7334',
    '2001:4860:4860::8888',
    '::ffff:10.0.0.1',
  ])('counts %s as no one', (value) => {
    expect(holds('public-ip', value)).toBe(false);
  });

  it.each(['v', 'version ', 'release: ', '>=', 'Chrome/'])('takes what stands behind %s for a version', (before) => {
    expect(holds('public-ip', '96.40.110.55', before)).toBe(false);
  });

  it.each([
    ['http://', ':8080', true],
    ['from ', '.', true],
    ['1.', '', false],
    ['a/', '', false],
    ['', '.5', false],
    ['', 'x', false],
  ])('knows whether it stands by itself between %j and %j', (before, after, expected) => {
    expect(holds('clear-address', '81.169.145.90', before, after)).toBe(expected);
  });
});

describe('phone numbers', () => {
  it.each(['+49 30 901820', '+14155552671', '+44 (20) 7123 4567', '+55 11 98456 5666'])('counts %s', (value) => {
    expect(holds('phone-international', value)).toBe(true);
  });

  it.each([
    ['+1234567890', ''],
    ['+999 123 456 789', ''],
    ['+49 30 0000000', ''],
    ['+4930901820', 'a'],
    ['+4930901820', '1e'],
  ])('does not count %s after %j', (value, before) => {
    expect(holds('phone-international', value, before)).toBe(false);
  });

  it.each(['(415) 555-2671', '090-1234-5679', '0171 1234560', '09171234560'])('counts %s in some country', (value) => {
    expect(holds('phone-national', value)).toBe(true);
  });

  it.each(['1999-12-31', '000-000-0000', '1234567890', '123', '12345678901234'])(
    'does not count %s in any',
    (value) => {
      expect(holds('phone-national', value)).toBe(false);
    },
  );
});
