import { describe, expect, it } from 'vitest';
import { textLinks } from '../../../src/mask/text-links.ts';

/** Judges the place of `@@` in a text. */
function judge(text: string): unknown {
  const start = text.indexOf('@@');
  return textLinks(text, { start, end: start + 2 });
}

describe('the URL around a place in the text of a file', () => {
  it.each<[string, readonly string[]]>([
    ['https://evil.example/?k=@@', ['evil.example']],
    ['K=https://Evil.example:8443/a/@@.png', ['evil.example']],
    ['<http://a.example/@@>', ['a.example']],
    ['postgres://user:@@@db.example:5432/shop', ['db.example']],
    ['"redis://:@@@cache.example",', ['cache.example']],
    ['https://one.example/?u=https://two.example/@@', ['one.example', 'two.example']],
    ['https://[::1]:80/@@', ['[::1]']],
    ['evil.example/?k=@@', ['evil.example']],
    ['--url=10.0.0.1:80/x?k=@@', ['10.0.0.1']],
  ])('is known by its hosts: %s', (text, hosts) => {
    const found = judge(text);
    expect(new Set(Array.isArray(found) ? found : [])).toEqual(new Set(hosts));
  });

  it.each(['plain @@', 'https://a.example/ @@', '"https://a.example/","@@"', 'a/b/@@', 'KEY=@@', 'C:\\a\\@@'])(
    'is none in %j',
    (text) => {
      expect(judge(text)).toEqual([]);
    },
  );

  it('is unknown where its host is malformed or its beginning too far back', () => {
    expect(judge('https://a%40b/@@')).toBe('unknown');
    expect(judge(`https://a.example/${'x'.repeat(5000)}@@`)).toBe('unknown');
  });
});
