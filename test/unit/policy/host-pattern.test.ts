import { describe, expect, it } from 'vitest';
import { canonicalHost, compileHost, compileHosts } from '../../../src/policy/host-pattern.ts';

describe('host patterns', () => {
  it.each([
    ['api.x.com', 'api.x.com', true],
    ['api.x.com', 'API.X.com.', true],
    ['api.x.com', 'b.api.x.com', false],
    ['*.x.com', 'a.x.com', true],
    ['*.x.com', 'a.b.x.com', true],
    ['*.x.com', 'x.com', false],
    ['*.x.com', 'evilx.com', false],
    ['*.x.com', 'x.com.evil.test', false],
    ['*', 'anything.test', true],
    ['::1', '[::1]', true],
    ['[::1]', '0:0:0:0:0:0:0:1', true],
    ['127.0.0.1', '::ffff:127.0.0.1', true],
    ['127.0.0.1', '127.1', true],
    ['münchen.example', 'xn--mnchen-3ya.example', true],
  ])('%s against %s: %s', (pattern, host, matches) => {
    expect(compileHost(pattern)(canonicalHost(host))).toBe(matches);
    expect(compileHosts(['other.test', pattern])(canonicalHost(host))).toBe(matches);
  });

  it.each(['', '*.', 'a.*.com', 'a*.com', 'https://x.com', 'x.com:443', 'x.com/path', 'user@x.com'])(
    'refuse %s',
    (pattern) => {
      expect(() => compileHost(pattern)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }));
    },
  );
});
