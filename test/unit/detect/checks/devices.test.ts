/** Numbers of devices, vehicles, documents and wallets. */
import { describe, expect, it } from 'vitest';
import { changed, holds } from '../../../helpers/check-holds.ts';

describe('published numbers', () => {
  it.each([
    ['imei', '35686800-004141-8'],
    ['vin', '1M8GDM9AXKP042788'],
    ['mrz', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'],
    ['bitcoin', '1BoatSLRHtKNngkdXEeobR76b53LETtpyT'],
    ['bitcoin', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
    ['bitcoin', 'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0'],
  ])('%s holds for %s and not once its last character is another', (name, value) => {
    expect(holds(name, value)).toBe(true);
    expect(holds(name, changed(value))).toBe(false);
  });
});

describe('what is no device', () => {
  it.each([
    ['vin', 'IM8GDM9AXKP042788', false],
    ['imsi', '310150123456789', true],
    ['imsi', '110150123456789', false],
    ['mac-address', '00:1a:2b:3c:4d:5e', true],
    ['mac-address', '00:1a-2b:3c:4d:5e', false],
    ['mac-address', 'ff:ff:ff:ff:ff:ff', false],
    ['mac-address', '01:00:5e:00:00:fb', false],
  ])('%s of %s: %s', (name, value, expected) => {
    expect(holds(name, value)).toBe(expected);
  });
});
