import { describe, expect, it } from 'vitest';
import { upstreamProxy } from '../../../src/app/upstream-proxy.ts';

const config = (proxy?: string) => ({ upstream: { ca: [], connect: {}, ...(proxy === undefined ? {} : { proxy }) } });
const notOurs = () => false;
const target = (host: string, port = 443) => ({ host, port });

describe('the proxy in between', () => {
  it('is the configured one before the inherited one', () => {
    const choose = upstreamProxy(
      config('http://corp.example:3128'),
      { HTTPS_PROXY: 'http://other.example:1' },
      notOurs,
    );

    expect(choose?.(target('api.vendor.example'))).toEqual({ host: 'corp.example', port: 3128 });
  });

  it.each([
    ['p%40ss', 'p@ss'],
    ['100%', '100%'],
    ['50%ff', '50%ff'],
  ])('is given the credential of its URL, %s as %s', (written, password) => {
    const choose = upstreamProxy(config(`http://user:${written}@corp.example:3128`), {}, notOurs);

    const expected = Buffer.from(`user:${password}`).toString('base64');
    expect(choose?.(target('x.example'))?.authorization).toBe(`Basic ${expected}`);
  });

  it('is never ourselves', () => {
    const env = { HTTPS_PROXY: 'http://run-1:secret@127.0.0.1:7787' };

    expect(upstreamProxy(config(), env, (host, port) => host === '127.0.0.1' && port === 7787)).toBeUndefined();
  });

  it.each([
    ['*', 'api.vendor.example', 443, true],
    ['vendor.example', 'api.vendor.example', 443, true],
    ['.vendor.example', 'api.vendor.example', 443, true],
    ['*.vendor.example', 'api.vendor.example', 443, true],
    ['vendor.example', 'notvendor.example', 443, false],
    ['vendor.example:8443', 'vendor.example', 443, false],
    ['vendor.example:443', 'vendor.example', 443, true],
    ['10.0.0.0/8', '10.1.2.3', 443, true],
    ['10.0.0.0/8', '11.1.2.3', 443, false],
    ['::1', '::1', 443, true],
    ['[::1]', '::1', 443, true],
    ['[FD00::1]:443', 'fd00::1', 443, true],
    ['[::1]:8443', '::1', 443, false],
    ['[', 'vendor.example', 443, false],
    ['', 'vendor.example', 443, false],
  ])('is left out where NO_PROXY=%s covers %s:%i: %s', (list, host, port, isDirect) => {
    const choose = upstreamProxy(config('http://corp.example:3128'), { NO_PROXY: list }, notOurs);

    expect(choose?.(target(host, port)) === undefined).toBe(isDirect);
  });

  it.each(['https://corp.example:3128', 'socks5://corp.example:1080', 'http://'])(
    'says so when %s cannot be used',
    (proxy) => {
      expect(() => upstreamProxy(config(), { https_proxy: proxy }, notOurs)).toThrowError(
        expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }),
      );
    },
  );
});
