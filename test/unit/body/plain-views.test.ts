import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainViews, withoutControls } from '../../../src/body/plain-views.ts';
import { applySplices, type Splice } from '../../../src/body/splice.ts';

const esc = '\u001b';
/** So much of a token that the next literal may go on with it. */
const piece = 'abcdefghijkl';
const plain = (text: string): readonly string[] =>
  plainViews(Buffer.from(text)).map((view) => Buffer.from(view.text).toString());

/** Puts another text where one stands in "say: value ok". */
const splice = (value: string): Splice => ({ start: 5, end: 5 + value.length, replacement: Buffer.from('NEW') });

describe('views without escapes', () => {
  it.each([
    ['colours', `${esc}[31mred${esc}[0m ${esc}[1;38;5;203mbold${esc}[m`, 'red bold'],
    [
      'hyperlinks and titles',
      `pass${esc}]8;;https://host.test/${esc}\\word${esc}]8;;${esc}\\ ${esc}]0;title\x07ok`,
      'password ok',
    ],
    ['what grep writes', `${esc}[01;31m${esc}[Kvalue${esc}[m${esc}[K!`, 'value!'],
    ['a choice of character set', `${esc}(B${esc}[mvalue`, 'value'],
    ['colours with colons, private ones', `${esc}[38:2::1:2:3mx${esc}[?25hy`, 'xy'],
    [
      'what JSON need not escape',
      String.raw`postgres:\/\/u:p@h k\u003dv \u0067hp_ \u4f60 \ud83d\ude00`,
      'postgres://u:p@h k=v ghp_ 你 😀',
    ],
    ['the same, quoted again', String.raw`a\/b \\u003d`, 'a/b ='],
    [
      'no backslash of the text before them',
      String.raw`value\\\u0034 \\\/ \\\\\\u0034`,
      String.raw`value\\4 \\/ \\\\4`,
    ],
    ['the codes of bytes in program text', String.raw`sk\x2dant\x2D\\x41 \x5c\x7e`, String.raw`sk-ant-A \~`],
    ['characters by their whole numbers', String.raw`a\u{2d}b\U0000002dc \\u{1f600} \u{64}`, 'a-b-c 😀 d'],
    ['bytes by their octal digits', String.raw`\141\055b\\137c`, 'a-b_c'],
    ['literals on lines that are numbered', `  9\t"${piece}" +\n 10\t  "${piece}"`, `  9\t"${piece}${piece}"`],
    ['literals on lines that were added', `+ a("${piece}"\n+   + "${piece}")`, `+ a("${piece}${piece}")`],
    ['ends of lines that are numbered', `  9\t${piece}\\\n 10\t${piece}`, `  9\t${piece}${piece}`],
    ['an ampersand before what it begins in HTML', 'a=1&amp;#61;&amp;quot; &amp;amp;b', 'a=1&#61;&quot; &amp;b'],
    ['numbers of HTML', 'sk&#45;ant&#x2d;&#X2D;&#0061;&#x003d;', 'sk-ant--=='],
    ['program text', String.raw`\e[31ma\033[0mb\x1b[1mc\u001b[0md\\u001B[1me\u{1b}[mf`, 'abcdef'],
  ])('leave out %s', (_what, text, expected) => {
    expect(plain(text)).toEqual([expected]);
  });

  it.each([
    ['nothing to undo', 'some text, [31m and C:\\temp\\e\\x1 or \\n \\033'],
    ['an escape character alone', `a${esc}b${esc}`],
    ['a command that does not end', `a${esc}]8;;https://host.test/\nb${esc}]`],
    ['a sequence that does not end', `${esc}[${'1;'.repeat(40)}m`],
    ['a spelled one without its letter', String.raw`\e[31 \033[`],
    ['escapes of other characters', String.raw`"a\n\tb\"c\d" \u00g0 \u12 \ud83d`],
    ['codes of what is not printed', String.raw`\x0a\xff\x7f\x4 &#10; &#233; &#x1b; &#xe9;`],
    [
      'other numbers behind a backslash',
      String.raw`\1 \19 \200 \377 \007 \u{} \u{d800} \u{110000} \u{1234567} \U0000 \u{7}`,
    ],
    ['sums of short words and other quotes', `"key" +\n "value", "${piece}" +\n 'value'`],
    ['what only begins like a number of HTML', '&#45 &#; &#x; a &amp; b && c &#1234567; &#x2dd;'],
    ['nothing at all', ''],
  ])('are none for %s', (_what, text) => {
    expect(plain(text)).toEqual([]);
  });

  it('map what is replaced to the text, with the escapes inside it, and leave those beside it', () => {
    const text = Buffer.from(`x ${esc}[1mval${esc}[31mue${esc}[0m y`);
    const [view] = plainViews(text);
    const splices = view?.toSplices([{ start: 2, end: 7, replacement: Buffer.from('NEW') }]) ?? [];

    expect(view?.range).toEqual({ start: 0, end: text.length });
    expect(Buffer.concat([...applySplices([text], splices)]).toString()).toBe(`x ${esc}[1mNEW${esc}[0m y`);
  });

  it.each(['le', 'be'])('leave out the zeros of UTF-16 (%s), and put them between what is put in', (order) => {
    const wide = Buffer.from('say: value ok\r\nand é', 'utf16le');
    const text = order === 'le' ? wide : wide.swap16();
    const [view] = plainViews(text);
    const changed = Buffer.concat([...applySplices([text], view?.toSplices([splice('value ok')]) ?? [])]);

    expect(Buffer.from(view?.text ?? []).toString('latin1')).toBe('say: value ok\r\nand é');
    expect((order === 'le' ? changed : changed.swap16()).toString('utf16le')).toBe('say: NEW\r\nand é');
  });

  it('take data with zeros for no UTF-16', () => {
    expect(plainViews(Buffer.from('a\0b\0c\0d\0e\0f\0\0'))).toEqual([]);
    expect(plainViews(Buffer.alloc(5000))).toEqual([]);
  });

  it('hold what is near an escape, from one word to another, and not what is far from it', () => {
    const far = 'word '.repeat(2000);
    const text = Buffer.from(`${far}${esc}[1mhere${esc}[m ${far}${esc}[1mthere`);
    const [first, second, ...more] = plainViews(text);

    expect(more).toEqual([]);
    expect(Buffer.from(first?.text ?? []).toString()).toMatch(/^(?:word )+here (?:word )+word$/);
    expect(first?.text.length).toBeLessThan(3000);
    expect(second?.range.end).toBe(text.length);
  });

  it('cut no character where there are no words', () => {
    const text = Buffer.from(`${'漢字'.repeat(2000)}${esc}[1m${'漢字'.repeat(2000)}`);

    expect(plain(text.toString())[0]).toMatch(/^[漢字]+$/);
  });

  it('map every byte to where it stands', () => {
    const piece = fc.constantFrom('a', 'é', ' ', `${esc}[1m`, esc, String.raw`\e[0m`, '\\', 'word '.repeat(600));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.nat(), fc.nat(), (pieces, a, b) => {
        const text = Buffer.from(pieces.join(''));
        for (const view of plainViews(text)) {
          const start = a % (view.text.length + 1);
          const end = start + (b % (view.text.length - start + 1));
          const bytes = Array.from({ length: end - start }, (_, index) => {
            const outer = view.toOuter(start + index, start + index + 1);
            return text.subarray(outer.start, outer.end);
          });
          const outer = view.toOuter(start, end);

          expect(Buffer.concat(bytes).equals(view.text.subarray(start, end))).toBe(true);
          expect(outer.start).toBeGreaterThanOrEqual(view.range.start);
          expect(outer.end).toBeLessThanOrEqual(view.range.end);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('take linear time for text made of escapes', () => {
    const began = process.cpuUsage();
    plainViews(Buffer.from(`${esc}[${esc}`.repeat(200_000)));
    plainViews(Buffer.from(`${esc}[1m`.repeat(200_000)));
    plainViews(Buffer.from(`${esc}]`.repeat(200_000)));
    plainViews(Buffer.from('\\'.repeat(400_000)));

    expect(process.cpuUsage(began).user / 1000).toBeLessThan(3000);
  });

  it('know a text without controls from one with them', () => {
    const text = Buffer.from('plain');

    expect(withoutControls(text)).toBe(text);
    expect(Buffer.from(withoutControls(Buffer.from(`${esc}[1mpl${esc}[0main\\e[1m`))).toString()).toBe('plain\\e[1m');
  });
});

describe('what stands for a character, or for nothing', () => {
  const plainOf = (text: string): string => {
    const [view, ...more] = plainViews(Buffer.from(text));
    return view === undefined || more.length > 0 ? 'nothing' : Buffer.from(view.text).toString();
  };
  const token = 'tkn-a1B2c3D4e5F6g7H8i9';

  it.each([
    [
      'names of HTML',
      '{&quot;key&quot;: &quot;v&amp;w&quot;} &lt;key&gt;v&lt;/key&gt;',
      '{"key": "v&amp;w"} <key>v</key>',
    ],
    ['settings of Java', String.raw`url=jdbc\:db\://u\:pw@h/x`, 'url=jdbc:db://u:pw@h/x'],
    ['Markdown', String.raw`tkn\_a1b2 and a\-b`, 'tkn_a1b2 and a-b'],
    ['a shell', String.raw`KEY\=some\!value`, 'KEY=some!value'],
    ['full-width letters and digits', '番号：１２３４－Ａｂ、です。', '番号:1234-Ab、です。'],
    ['spaces that break no line', 'key:\u00a0value a\u00a0b', 'key: value a\u00a0b'],
    ['what does not show', '\ufeffkey=\u200bva\u00adlue \u2060', 'key=value \u2060'],
    ['hyphens that break no line', 'tkn\u2011a1b2 \u2011', 'tkn-a1b2 \u2011'],
    ['strings added up', `x = "${token}" +\n    "${token}";`, `x = "${token}${token}";`],
    ['strings added up, the sign before them', `x = '${token}'\r\n    + '${token}';`, `x = '${token}${token}';`],
    ['lines that go on', `x=${token}\\\n  ${token}`, `x=${token}${token}`],
  ])('is read in %s', (_what, text, wanted) => {
    expect(plainOf(text)).toBe(wanted);
    expect(plainOf(`${'words '.repeat(500)}${text}`).endsWith(wanted)).toBe(true);
  });

  it.each([
    String.raw`/[\w\-]+\.[a-z]\:$/`,
    'a & b && c; &copy; &amp;',
    '你好，世界：这是（测试）！',
    'a\u00a0b \u200b \u2011',
    `"${token}" + "${token}"`,
    `"a few words" +\n "and more"`,
    `"${token}" +\n '${token}'`,
    `run a-command \\\n  --with this`,
  ])('is nothing in %j', (text) => {
    expect(plainOf(text)).toBe('nothing');
    expect(plainOf(`${'words '.repeat(500)}${text}`)).toBe('nothing');
  });
});
