import { describe, expect, it } from 'vitest';
import { destinationReach } from '../../../src/mask/destination.ts';
import { createProseLinks } from '../../../src/mask/prose-links.ts';

function openIn(text: string): readonly (string | undefined)[] {
  const links = createProseLinks();
  links.read(text);
  return links.open().map(({ destination }) => destination);
}

describe('links that are open at the end of a text', () => {
  it.each<[string, readonly (string | undefined)[]]>([
    ['plain text', []],
    ['[x](abc', ['abc']],
    ['[x](abc)', []],
    ['[x](a(b)c', ['a(b)c']],
    ['[x](a(b)c)', []],
    ['[x](a\\)c', ['a\\)c']],
    ['[x](<a) b', ['<a) b']],
    ['[x](<a>) b', []],
    ['[x](a\n\nb', []],
    ['x[0]: abc', [' abc']],
    ['x[0]: abc d', []],
    ['[0]:\n<a b', ['\n<a b']],
    ['[0]:\n\nb', []],
    ['<tel:1', ['tel:1']],
    ['<tel:1> x', []],
    ['<img src="a b', ['a b']],
    ['<img src="a b" c', []],
    ['<img src=a', ['a']],
    ['<img src=a c', []],
    ['<img src=', ['']],
    ['<img srcset="a', [undefined]],
    ['action="a', []],
    ['<form action="a', ['a']],
    ['<p style="a', [undefined]],
    ['style="a', []],
    ['url(a b', ['a b']],
    ['url(")', ['")']],
    ['@import "a', ['a']],
    ['x https://a/b', ['https://a/b']],
    ['x=https://a/b', ['https://a/b']],
    ['https://a/b c', []],
    ['https://a/b<', []],
    ['C:/b D:\\c', []],
    ['KEY:b', []],
    ['a/b.ts', []],
    ['a.example/b', ['a.example/b']],
    ['(www.b', ['www.b']],
    ['mailto:b', ['mailto:b']],
    ['x&colon;b', ['x&colon;b']],
  ])('%j', (text, expected) => {
    expect(openIn(text)).toEqual(expected);
  });

  it('are known no more when they began too far back', () => {
    const long = 'x'.repeat(destinationReach);
    expect(openIn(`[x](${long}`)).toEqual([long]);
    expect(openIn(`[x](${long}x`)).toEqual([undefined]);
    expect(openIn(`https://${long}`)).toEqual([undefined]);
  });

  it('are all unknown when there are too many in one another', () => {
    expect(openIn('src="'.repeat(1) + '[x]('.repeat(40))).toContain(undefined);
  });
});
