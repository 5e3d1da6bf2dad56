import { describe, expect, it } from 'vitest';
import { destinationReach, hostsOf, judgeLinks } from '../../../src/mask/destination.ts';

describe('the hosts of a destination', () => {
  it.each<[string, readonly string[]]>([
    ['https://a.example/?k=x', ['a.example']],
    ['HTTPS:\\\\A.example\\x', ['a.example']],
    ['https:a.example/x', ['a.example']],
    ['ht\ntps://a.exa\tmple/x', ['a.example']],
    ['https://u:p@a.example:8080/x', ['a.example']],
    ['https://[2001:db8::1]:80/x', ['[2001:db8::1]']],
    ['http://0x7f.1/', ['127.0.0.1']],
    ['postgres://u:p@DB.example:5432/x', ['db.example']],
    ['mongodb://u:p@one.example:1,two.example:2/x', ['one.example:1,two.example']],
    ['https://a.example/?u=https://b.example/', ['a.example', 'b.example']],
  ])('%s', (destination, hosts) => {
    const found = hostsOf(destination, false);
    expect(new Set(found ?? [])).toEqual(new Set(hosts));
  });

  it('are those of every reading: as it stands, as HTML and as Markdown', () => {
    const html = hostsOf('https://u:@a.example&period;b.example/', false);
    expect(html).toContain('a.example.b.example');
    expect(new Set(hostsOf('https://a.example\\@b.example/', false))).toEqual(new Set(['a.example', 'b.example']));
  });

  it.each([
    '//a.example/',
    '/x',
    '?k=x',
    '',
    'a.example/x',
    'mailto:a@b.example',
    'https&colon;&sol;&#47;a&period;example/',
    'javascript:x',
    'https://a.example%40b.example/',
    'https://',
    `https://a.example/${'x'.repeat(destinationReach + 600)}`,
    `https://a.example/${'b://c/'.repeat(40)}`,
  ])('cannot be told of %s', (destination) => {
    expect(hostsOf(destination, false)).toBeUndefined();
  });

  it('may stand without a scheme in running text', () => {
    expect(hostsOf('a.example:80/x', true)).toEqual(['a.example']);
    expect(hostsOf('//a.example/x', true)).toEqual(['a.example']);
  });
});

describe('links around a place', () => {
  const at = { start: 4, end: 6 };

  it('lead nowhere when there are none', () => {
    expect(judgeLinks([], 'abc @@', at, true)).toEqual([]);
  });

  it('are unknown when one of them is', () => {
    const links = [
      { destination: undefined, isBare: false },
      { destination: 'https://a.example/', isBare: false },
    ];
    expect(judgeLinks(links, 'abc @@', at, true)).toBe('unknown');
  });

  it('wait for the host behind a value in the userinfo', () => {
    const links = [{ destination: 'https://u:', isBare: true }];
    expect(judgeLinks(links, 'abc @@@a.exa', at, false)).toBe('open');
    expect(judgeLinks(links, 'abc @@@a.example/', at, false)).toEqual(['a.example']);
    expect(judgeLinks(links, 'abc @@@a.example', at, true)).toEqual(['a.example']);
    expect(judgeLinks(links, 'abc @@@a.example".', at, true)).toEqual(['a.example']);
  });
});
