import { describe, expect, it } from 'vitest';
import { urlHostAround } from '../../../../src/inspect/request/url-host.ts';

describe('the host of the URL around a value', () => {
  it.each([
    ['in the userinfo', 'x postgres://user:VALUE@Db.Host.test:5432/name', 'db.host.test'],
    ['in the query', 'curl "https://api.test/path?key=VALUE&x=1"', 'api.test'],
    ['in the path', '<https://api.test/VALUE>', 'api.test'],
    ['after a URL in a query', 'https://a.test/?next=https://b.test/VALUE', 'b.test'],
    ['outside of a URL', 'https://a.test/ VALUE', undefined],
    ['without a scheme', '://VALUE', undefined],
    ['in an escaped text', '\\nhttps://a.test/VALUE\\n', 'a.test'],
    ['without a host', 'file:///VALUE', undefined],
  ])('finds it %s', (_where, text, host) => {
    const start = text.indexOf('VALUE');

    expect(urlHostAround(Buffer.from(text), { start, end: start + 5 })).toBe(host);
  });
});
