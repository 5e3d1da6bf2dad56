import { describe, expect, it } from 'vitest';
import { plainViews } from '../../../src/body/plain-views.ts';
import { mayBeQuoted, quotedEscapes } from '../../../src/body/quoted-printable.ts';
import { applySplices } from '../../../src/body/splice.ts';

/** A text without what quoted-printable puts into it. */
function plain(text: string): string {
  const bytes = Buffer.from(text);
  const splices = quotedEscapes(bytes).map(({ start, end, means }) => ({ start, end, replacement: means }));
  return Buffer.concat([...applySplices([bytes], splices)]).toString();
}

const words = 'some words of a mail that is as long as its line may be, and has';

describe('quoted-printable', () => {
  it.each([
    ['equals signs', '<a href=3D"https://host.test/?a=3Db">x</a>', '<a href="https://host.test/?a=b">x</a>'],
    ['characters of several bytes', 'a=3Db gr=C3=BC=C3=9Fe', 'a=b grüße'],
    ['other characters, in either case', 'a=3Db=2Bc=2fd=20=09', 'a=b+c/d \t'],
    ['lines that go on', `${words} a sec=\nret=3D in it`, `${words} a secret= in it`],
    ['lines that go on, and nothing else', `${words} a sec=\nret in it`, `${words} a secret in it`],
    ['the same with CRLF', `first\r\n${words} a sec=\r\nret in it`, `first\r\n${words} a secret in it`],
    ['lines that go on, in a string', `a=3D\\r\\n${words} a sec=\\r\\nret in it`, `a=\\r\\n${words} a secret in it`],
    ['blanks behind the sign', `a=3Db ${words} sec= \t\nret`, `a=b ${words} secret`],
    ['lines that go on behind a blank', 'a=3Db and more =\nof it', 'a=b and more of it'],
    ['numbers before lines', `1: a=3Db\n2: ${words} sec=\n3: ret\n4: x`, `1: a=b\n2: ${words} secret\n4: x`],
    ['numbers before lines, alone', `  9\t${words} a sec=\n 10\tret`, `  9\t${words} a secret`],
    ['what quotes a mail', `> a=3Db ${words} sec=\n> ret`, `> a=b ${words} secret`],
  ])('has %s', (_what, text, expected) => {
    expect(plain(text)).toBe(expected);
  });

  it.each([
    ['nothing of it', 'a = 10, b=20, port=8080, x=2Bc'],
    ['an assignment that goes on', `  const ${words} a =\n    'value';`],
    ['a short line', 'const a=\nb'],
    ['a line too long to be broken there', `${words}${words}=\nmore`],
    ['a key with its padding, and another', `PRIVATE_KEY_OF_THE_SERVER=${'aB3d'.repeat(10)}aB3=\nNEXT=1`],
    ['a closing line of a key behind it', `${'aB3d'.repeat(15)}aB=\n-----END`],
    ['a last line', `${words} and more=\n`],
    ['a blank line behind it', `${words} and more=\n\nx`],
  ])('is not taken for: %s', (_what, text) => {
    expect(quotedEscapes(Buffer.from(text))).toEqual([]);
  });

  it('leaves out control characters and codes that are none', () => {
    expect(plain('a=3Db=00=1B=7F=3=G0=4a=aB')).toBe('a=b=00=1B=7F=3=G0J=aB');
  });

  it.each([
    ['=3D', true],
    ['=\n', true],
    ['=\r\n', true],
    ['= \n', true],
    ['=a', false],
    ['a3D', false],
  ])('may be what %j is of: %s', (text, isIt) => {
    expect(mayBeQuoted(Buffer.from(text), 0)).toBe(isIt);
  });

  it('is replaced with its codes and line ends', () => {
    const text = `${words} k=3Dsec=\nret=2Bx and more`;
    const [view] = plainViews(Buffer.from(text));
    if (view === undefined) throw new Error('there is no view');
    const start = Buffer.from(view.text).indexOf('secret+x');

    const splices = view.toSplices([{ start, end: start + 8, replacement: Buffer.from('NEW') }]);

    expect(Buffer.concat([...applySplices([Buffer.from(text)], splices)]).toString()).toBe(`${words} k=3DNEW and more`);
  });
});
