import { describe, expect, it } from 'vitest';
import { encodedViews, foldedRanges } from '../../../src/body/encoded-runs.ts';

const found = (text: string): readonly (readonly [string, string])[] =>
  encodedViews(Buffer.from(text)).map(({ encoding, text: inner }) => [encoding, Buffer.from(inner).toString()]);

const wide = (text: string): string => Buffer.from(text, 'utf16le').toString('base64');

describe('encoded runs', () => {
  const hidden = 'some hidden text here';

  it.each([
    ['base64', Buffer.from(hidden).toString('base64'), 'base64'],
    ['url-safe base64', Buffer.from(`${hidden}?>?>`).toString('base64url'), 'base64'],
    ['hex', Buffer.from(hidden).toString('hex'), 'hex'],
  ])('finds text in %s between other text', (_what, run, encoding) => {
    const [view] = found(`x = "${run}";`);

    expect(view?.[0]).toBe(encoding);
    expect(view?.[1].startsWith(hidden)).toBe(true);
  });

  it.each(['le', 'be'])('finds UTF-16 of which a byte is lost before it begins (%s)', (order) => {
    const bytes = Buffer.from(`&:\n12\t${hidden}`, 'utf16le');
    const run = Buffer.concat([Buffer.from([0, 0x68, 0x0a]), order === 'le' ? bytes : bytes.swap16()]).toString(
      'base64',
    );

    expect(found(run).map(([, text]) => text.slice(-hidden.length))).toContain(hidden);
  });

  it.each([
    ['\n+', 'lines'],
    ['\\n+', 'lines'],
    ['\\n', 'lines'],
    [' -', 'base64-utf16'],
  ])('finds folded and other UTF-16 behind %j in a long text', (before, encoding) => {
    const text = `echo ${hidden}`.repeat(9);
    const lines = wide(text).replaceAll(/.{76}(?=.)/g, `$&${before}`);
    const around = (run: string): string => `${'and words '.repeat(30)}${before}${run} and more words`;

    expect(found(around(wide(text)))).toEqual([['base64-utf16', text]]);
    expect(found(around(lines))[0]?.[0]).toBe(encoding);
  });

  it.each(['', '\ufeff'])('finds UTF-16 of either order in base64 and hex, %j before it', (mark) => {
    for (const bytes of [Buffer.from(mark + hidden, 'utf16le'), Buffer.from(mark + hidden, 'utf16le').swap16()]) {
      expect(found(`-enc ${bytes.toString('base64')} x ${'and words '.repeat(30)}`)).toEqual([
        ['base64-utf16', mark + hidden],
      ]);
      expect(found(`"${bytes.toString('hex')}"`)).toEqual([['hex-utf16', mark + hidden]]);
    }
  });

  it.each([
    [
      'base64 of UTF-16 behind other text of the alphabet',
      `some/path/${wide('echo Grüße-漢字 and so on')}`,
      'echo Grüße-漢字 and so on',
    ],
    [
      'base64 with a character too much',
      `${Buffer.from(`${hidden}.....`).toString('base64').replace(/=+$/, '')}Q`,
      `${hidden}.....`,
    ],
    [
      'base64 of which the last quantum holds something else',
      `${Buffer.from(`${hidden}!!!!`).toString('base64').slice(0, 34)}__`,
      `${hidden}!!!!`,
    ],
    ['base64 behind a literal line break', `one\\n${Buffer.from(hidden).toString('base64')}`, hidden],
    ['hex behind a literal tab', `1\\t${Buffer.from(hidden).toString('hex')}`, hidden],
  ])('reads %s', (_what, text, expected) => {
    expect(found(text).map(([, inner]) => inner)).toContain(expected);
  });

  it('reads digits of digits in both ways of pairing them', () => {
    const twice = Buffer.from(Buffer.from(hidden).toString('hex')).toString('hex');

    for (const before of ['3', '33']) {
      expect(
        found(`Z${before}${twice}Z`).some(([, inner]) => inner.includes(Buffer.from(hidden).toString('hex'))),
      ).toBe(true);
    }
  });

  it('ends runs at what is apart, and lets words go on across it', () => {
    const run = Buffer.from(hidden).toString('base64');
    const text = `a%20=KNOWN${run}`;
    const at = text.indexOf('KNOWN');

    const views = encodedViews(Buffer.from(text), [{ start: at, end: at + 5 }]);

    expect(views.map(({ encoding, text: inner }) => [encoding, Buffer.from(inner).toString()])).toEqual([
      ['base64', hidden],
      ['percent', `a =KNOWN${run}`],
    ]);
  });

  it('reads words of which every escape stands in a place apart', () => {
    const text = `${'some words '.repeat(40)}value=a%20b%20c and more`;
    const at = text.indexOf('a%20');

    expect(encodedViews(Buffer.from(text), [{ start: at, end: at + 9 }]).map(({ encoding }) => encoding)).toEqual([
      'percent',
    ]);
  });

  it('reads a decorated fold behind a literal line break as it would behind a raw one', () => {
    const run = Buffer.from(`${hidden}, `.repeat(4)).toString('base64');
    const lines = `note\\n * ${run.slice(0, 60)}\\n * ${run.slice(60, 104)}\\n`;

    expect(found(lines)).toEqual([['lines', run.slice(0, 104)]]);
  });

  it('finds a percent-encoded word', () => {
    expect(found('see https://host.test/?q=a%20b%22 and more')).toEqual([['percent', 'https://host.test/?q=a b"']]);
  });

  it.each(['%20', 'a%2C', '%2520', 'caf%25C3%25A9', '%25252F'])(
    'reads what stands right behind %s where it stands, not only once that is decoded',
    (escape) => {
      for (const [encoding, run] of [
        ['base64', Buffer.from(hidden).toString('base64')],
        ['hex', Buffer.from(hidden).toString('hex')],
      ] as const) {
        expect(found(`${escape}${run} and`)).toContainEqual([encoding, hidden]);
      }
    },
  );

  it.each([
    ['base64', `https://host.test/api/v1/${Buffer.from(`${hidden}?>`).toString('base64url')}/messages`],
    ['hex', `https://host.test/api/${Buffer.from(hidden).toString('hex')}`],
    ['hex', `QUJD${Buffer.from(hidden).toString('hex')}Z`],
    ['hex', `${Buffer.from(hidden).toString('hex')}db_of_mine`],
    ['hex', `/x/fade${Buffer.from(`${hidden}, é`).toString('hex')}beef`],
    ['hex', `value-a${Buffer.from(hidden).toString('hex')}`],
    ['base64', `abc${Buffer.from(hidden).toString('base64')}0`],
    ['base64', `${Buffer.from(`${hidden}: 漢字 too`).toString('base64').replace(/=+$/, '')}QQQQ`],
  ])('reads a part in %s of a run that is no text as a whole: %s', (encoding, text) => {
    const [view] = found(text);

    expect(view?.[0]).toBe(encoding);
    expect(view?.[1].startsWith(hidden)).toBe(true);
  });

  it('reads each of the texts in base64 that touch, and keeps their padding', () => {
    const texts = [`${hidden}, the first`, `${hidden} as well`, `é, ${hidden}!`];
    const run = texts.map((text) => Buffer.from(text).toString('base64').replace(/=+$/, '')).join('');

    const views = encodedViews(Buffer.from(`${run}== and`));

    expect(views.map(({ text }) => Buffer.from(text).toString().slice(0, hidden.length))).toEqual(
      texts.map((text) => text.slice(0, hidden.length)),
    );
    expect(views.at(-1)?.range.end).toBe(run.length + 2);
  });

  it('reads what is folded over lines as one', () => {
    const fold = (text: string): string => text.replaceAll(/.{60}/g, '$&\n');
    const long = `${hidden}, `.repeat(20);
    const base64 = fold(Buffer.from(long).toString('base64'));
    const hex = fold(Buffer.from(long).toString('hex'));
    const data = fold(Buffer.from(Array.from({ length: 200 }, (_, at) => (at * 83) % 256)).toString('base64'));

    expect(found(base64)).toEqual([['lines', base64.replaceAll('\n', '')]]);
    expect(found(hex)).toEqual([['lines', hex.replaceAll('\n', '')]]);
    expect(found(data)).toEqual([]);
  });

  it('tells where a text may go on with a fold', () => {
    const line = Buffer.from(`${hidden}, ${hidden}, ${hidden}`).toString('base64').slice(0, 64);
    const words = `\n${'some words and no more than that '.repeat(20)}`;

    expect(foldedRanges(Buffer.from(`${line}\n${line}\n${line}${words}`))).toEqual([{ start: 0, end: 194 }]);
    expect(foldedRanges(Buffer.from(`${line}${words}`))).toEqual([]);
    expect(foldedRanges(Buffer.from(`${words}${line}\n`))).toEqual([{ start: words.length, end: words.length + 66 }]);
    expect(foldedRanges(Buffer.from(`${words}${line}\n${line}\nab`))[0]?.end).toBe(words.length + 133);
  });

  it('looks at long data in linear time', () => {
    const unit = `${Buffer.from('twenty bytes of text').toString('base64').slice(0, 24)}QUJ`;
    const text = Buffer.from(unit.repeat(40_000));
    const began = process.cpuUsage();
    encodedViews(text);

    expect(process.cpuUsage(began).user / 1000).toBeLessThan(3000);
  });

  it('reads a run behind a lone per cent sign from its first character', () => {
    const run = Buffer.from('\u00e5 hidden text that begins with two hex digits').toString('hex');

    expect(found(`%${run}`)).toContainEqual(['hex', '\u00e5 hidden text that begins with two hex digits']);
  });

  it.each([
    ['a long identifier', 'const aVeryLongIdentifierOfManyWords = 1'],
    ['a path', 'src/inspect/request/encoded-runs/something'],
    ['a digest', 'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
    ['bytes in base64', Buffer.from(Array.from({ length: 30 }, (_, at) => (at * 83) % 256)).toString('base64')],
    ['a short run', Buffer.from('short text').toString('base64')],
    ['per cent', '100% of 50%-60% and %zz'],
  ])('leaves %s alone', (_what, text) => {
    expect(found(text)).toEqual([]);
  });
});
