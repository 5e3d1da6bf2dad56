import { describe, expect, it } from 'vitest';
import { createAddressPolicy } from '../../../src/proxy/address-policy.ts';

const strict = createAddressPolicy({ private: 'refuse', listed: ['10.1.0.0/16', 'fd12::/32', '192.168.7.7'] });
const open = createAddressPolicy({ private: 'allow', listed: [] });

describe('addresses that may be dialled', () => {
  it.each([
    '169.254.169.254',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    'fe80::1',
    'fe80::1%eth0',
    'fd00:ec2::254',
    '100.100.100.200',
    '168.63.129.16',
    '0.0.0.0',
    '::',
    '224.0.0.1',
    '255.255.255.255',
    'no address',
  ])('never include %s', (address) => {
    expect(open(address)).toBeDefined();
    expect(strict(address)).toBeDefined();
  });

  it.each(['127.0.0.1', '::1', '10.2.0.1', '172.16.0.1', '192.168.7.8', '::ffff:10.2.0.1', 'fd13::1', '100.64.0.1'])(
    'include %s only where private ones may be reached',
    (address) => {
      expect(open(address)).toBeUndefined();
      expect(strict(address)).toBe('it is a private address that is not listed');
    },
  );

  it.each(['1.1.1.1', '2606:4700::1111', '10.1.200.3', '::ffff:10.1.2.3', 'fd12::9', '192.168.7.7'])(
    'include %s always',
    (address) => {
      expect(strict(address)).toBeUndefined();
    },
  );
});
