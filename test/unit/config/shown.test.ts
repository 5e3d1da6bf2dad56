import { describe, expect, it } from 'vitest';
import { profiles } from '../../../src/config/profiles.ts';
import { shownConfig } from '../../../src/config/shown.ts';

const shown = (proxy: string) =>
  shownConfig({ ...profiles.workstation, upstream: { proxy, ca: [], connect: {} } }).upstream.proxy;

describe('the configuration as it is shown', () => {
  it.each([
    ['http://corp.test:3128', 'http://corp.test:3128'],
    ['http://token@corp.test:3128', 'http://***@corp.test:3128'],
    ['http://:pw@corp.test:3128', 'http://:***@corp.test:3128'],
    ['http://user:pw@corp.test:3128', 'http://user:***@corp.test:3128'],
    ['https://user:p@w:x@corp.test', 'https://user:***@corp.test'],
  ])('turns %s into %s', (proxy, expected) => {
    expect(shown(proxy)).toBe(expected);
  });

  it('changes nothing else', () => {
    expect(shownConfig(profiles.gateway)).toBe(profiles.gateway);
  });
});
