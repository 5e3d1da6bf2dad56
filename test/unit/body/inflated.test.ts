import { deflateSync, gunzipSync, gzipSync, inflateSync, constants } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodedViews } from '../../../src/body/encoded-runs.ts';
import { beginsDeflated, Inflation } from '../../../src/body/inflated.ts';
import { applySplices } from '../../../src/body/splice.ts';
import type { View } from '../../../src/body/views.ts';

const limits = { bodyBytes: 64 * 1024 * 1024, expansionRatio: 200 };
const words = Array.from({ length: 200 }, (_, index) => `line ${String(index)}: some text, é\n`).join('');

/** Texts that encoding finds in a text, inflating too. */
function viewsOf(text: string, inflation = new Inflation(limits)): readonly View[] {
  return encodedViews(Buffer.from(text), [], inflation);
}

const textOf = ({ text }: View): string => Buffer.from(text).toString();

/** What becomes of a text when the first such piece of a view's text is replaced. */
function replaced(text: string, view: View, piece: string, by: string): string {
  const start = Buffer.from(view.text).indexOf(piece);
  const inner = [{ start, end: start + Buffer.from(piece).length, replacement: Buffer.from(by) }];
  return Buffer.concat([...applySplices([Buffer.from(text)], view.toSplices(inner))]).toString();
}

/** A gzip file that says its name and a comment, with a checksum of its header. */
function namedGzip(text: string): Buffer {
  const plain = gzipSync(text);
  const fields = Buffer.from('release.json\0a comment\0\x01\x02', 'latin1');
  plain[3] = 8 | 16 | 2;
  return Buffer.concat([plain.subarray(0, 10), fields, plain.subarray(10)]);
}

const levels = [1, 3, 6, 9].map((level): readonly [string, Buffer, string] => [
  `zlib at level ${level}`,
  deflateSync(words, { level }),
  'zlib',
]);

describe('compressed text', () => {
  it.each<readonly [string, Buffer, string]>([
    ['gzip', gzipSync(words), 'gzip'],
    ['gzip with a name', namedGzip(words), 'gzip'],
    ['gzip in members', Buffer.concat([gzipSync(words.slice(0, 900)), gzipSync(words.slice(900))]), 'gzip'],
    ...levels,
  ])('is read in base64 and hex: %s', (_what, bytes, wrapper) => {
    for (const as of ['base64', 'base64url'] as const) {
      const [view, ...more] = viewsOf(`{"data": "${bytes.toString(as)}"}`);

      expect(more).toEqual([]);
      expect(view?.encoding).toBe(`base64-${wrapper}`);
      expect(view === undefined ? '' : textOf(view)).toBe(words);
    }
    const isKnownInHex = !['7801', '785e'].includes(bytes.toString('hex', 0, 2));
    const inHex = viewsOf(bytes.toString('hex').toUpperCase()).filter(({ encoding }) => encoding === `hex-${wrapper}`);
    expect(inHex.map(textOf)).toEqual(isKnownInHex ? [words] : []);
  });

  it.each([
    ['on its own', (run: string) => run],
    ['in a short text', (run: string) => `a: ${run}\n`],
    ['in a long text', (run: string) => `${'some words and code\n'.repeat(5000)}data: ${run}\nmore`],
    ['behind an escaped line end', (run: string) => `${'words '.repeat(60)}\\n${run}\\n`],
    ['behind a percent-escape', (run: string) => `${'words '.repeat(60)} x=%20${run}`],
    ['behind the sign of a diff', (run: string) => `${'words '.repeat(60)}\n+${run}\n`],
  ])('is read %s', (_where, put) => {
    const short = 'some text that is not long, and more';
    for (const bytes of [gzipSync(words), deflateSync(words), gzipSync(short), deflateSync(short)]) {
      const found = viewsOf(put(bytes.toString('base64'))).filter(({ encoding }) => encoding !== 'percent');

      expect(found.map(textOf)).toEqual([bytes.length > 100 ? words : short]);
    }
  });

  it('is read with control characters in it, as an archive of text has them', () => {
    const archive = `name.txt${'\0'.repeat(92)}0000644\0ustar\0${words}${'\0'.repeat(512)}`;

    expect(viewsOf(gzipSync(archive).toString('base64')).map(textOf)).toEqual([archive]);
    expect(viewsOf(gzipSync(Buffer.from('Grüße-漢字 and more', 'utf16le')).toString('base64'))).toHaveLength(1);
  });

  it('is read where its base64 is folded over lines', () => {
    const data = Array.from({ length: 4000 }, (_, index) => `line ${String(index * 7919)}\n`).join('');
    const lines = gzipSync(data).toString('base64').replaceAll(/.{76}/g, '$&\n');

    const [fold] = viewsOf(`\n${lines}\n`);

    expect(fold?.encoding).toBe('lines');
    expect(viewsOf(Buffer.from(fold?.text ?? []).toString()).map(textOf)).toEqual([data]);
  });

  it.each([
    ['a line of hex', Buffer.from('words of another text, as long as what comes behind them').toString('hex')],
    ['a line of base64', Buffer.from('words of another text, as long as what comes behind them').toString('base64')],
  ])('is read by itself where %s of its width stands above it', (_what, above) => {
    for (const [bytes, isLong] of [
      [gzipSync(words), true] as const,
      [gzipSync('a short text of words'), false] as const,
    ]) {
      const data = bytes.toString('base64');
      const width = isLong ? 76 : Math.min(data.replace(/=+$/, '').length, above.length);
      const first = above.padEnd(width, '41').slice(0, width);
      const folded = isLong ? data.replaceAll(/.{76}/g, '$&\n') : data;

      const found = viewsOf(`${first}\n${folded}\n`).flatMap((view) =>
        view.encoding === 'lines' ? viewsOf(textOf(view)) : [view],
      );

      expect(found.map(textOf)).toContain(isLong ? words : 'a short text of words');
    }
  });

  it('is compressed anew as it was, with what stands in place of a range', () => {
    const coded = gzipSync(words).toString('base64url');
    const text = `before "${coded}" after`;
    const [view] = viewsOf(text);
    if (view === undefined) throw new Error('it is not read');

    const changed = replaced(text, view, 'line 17', 'something else');

    const [, run = ''] = /^before "([A-Za-z0-9_-]+)" after$/.exec(changed) ?? [];
    expect(gunzipSync(Buffer.from(run, 'base64')).toString()).toBe(words.replace('line 17', 'something else'));
    expect(view.toOuter(3, 9)).toEqual({ start: 8, end: 8 + coded.length });
    expect(replaced(text, view, 'line 17', 'something else')).toBe(changed);
    expect(view.toSplices([])).toEqual([]);
  });

  it('keeps the name that its header gives', () => {
    const text = namedGzip(words).toString('base64');
    const [view] = viewsOf(text);
    if (view === undefined) throw new Error('it is not read');

    const bytes = Buffer.from(replaced(text, view, 'line 17', 'x'), 'base64');

    expect(bytes.subarray(0, 34).equals(namedGzip(words).subarray(0, 34))).toBe(true);
    expect(viewsOf(bytes.toString('base64')).map(textOf)).toEqual([words.replace('line 17', 'x')]);
  });

  it('is compressed anew in zlib and hex too', () => {
    const text = deflateSync(words).toString('hex');
    const [view] = viewsOf(text);
    if (view === undefined) throw new Error('it is not read');

    const changed = replaced(text, view, 'line 17', 'x');

    expect(inflateSync(Buffer.from(changed, 'hex')).toString()).toBe(words.replace('line 17', 'x'));
  });

  it.each(['gzip', 'zlib'])('is read as far as it goes where it is cut off, and stays cut off (%s)', (wrapper) => {
    const data = Array.from({ length: 400 }, (_, index) => `é漢 ${String((index * 7919) % 997)}\n`).join('');
    const whole = (wrapper === 'gzip' ? gzipSync(data) : deflateSync(data)).toString('base64');
    for (let length = 400; length < 1000; length += 37) {
      const text = whole.slice(0, length);
      const [view] = viewsOf(text);
      if (view === undefined) throw new Error('it is not read');
      const seen = textOf(view);
      expect(data.startsWith(seen)).toBe(true);
      expect(seen.length).toBeGreaterThan(20);

      const [again] = viewsOf(replaced(text, view, '漢 ', 'X'));

      expect(again === undefined ? '' : textOf(again)).toBe(seen.replace('漢 ', 'X'));
    }
  });

  it('leaves what is glued to it as it is, and reads that by itself', () => {
    const other = Buffer.from('some other text that is not compressed').toString('base64');
    const text = gzipSync(`${words}.`).toString('base64').replace(/=+$/, '') + other;
    const [first] = viewsOf(text);
    if (first === undefined) throw new Error('it is not read');
    const glued = `${'x'.repeat((first.range.end - first.range.start) % 4)}${other}`;

    expect(textOf(first)).toBe(`${words}.`);
    expect(replaced(text, first, 'line 17', 'y').endsWith(glued)).toBe(true);
  });

  it('ends where hex digits do', () => {
    const other = Buffer.from('Some other text that is not compressed').toString('base64');
    const [view, rest] = viewsOf(`${gzipSync(words).toString('hex').slice(0, 400)}${other}`);

    expect(view?.range).toEqual({ start: 0, end: 400 });
    expect(view === undefined ? '' : words).toContain(view === undefined ? 'none' : textOf(view));
    expect(rest === undefined ? '' : textOf(rest)).toBe('Some other text that is not compressed');
  });

  it('is read in each of several that touch', () => {
    const runs = ['one', 'two', 'three'].map((name) => {
      for (let more = 0; ; more += 1) {
        const bytes = deflateSync(`${name} ${words.slice(0, 100 + more * 7)}`);
        if (bytes.length % 3 === 0) return bytes.toString('base64');
      }
    });

    expect(viewsOf(runs.join('')).map((view) => textOf(view).split(' ')[0])).toEqual(['one', 'two', 'three']);
  });

  it.each([
    [
      'data that inflates to no text',
      gzipSync(Buffer.concat([Buffer.alloc(40, 0xff), Buffer.from(words)])).toString('base64'),
    ],
    ['data that is broken', gzipSync(words).fill(0xff, 20, 40).toString('base64')],
    ['a header and nothing that is compressed', `H4sIAAAAAAAA${'Zm9v'.repeat(30)}`],
    ['a header that is not whole', 'H4sICAAAAAAAAAMxMTExMTExMTExMTE'],
    ['nothing compressed', Buffer.alloc(600, 1).toString('base64')],
  ])('is left alone: %s', (_what, text) => {
    const inflation = new Inflation(limits);

    expect(viewsOf(text, inflation).filter(({ encoding }) => /gzip|zlib/.test(encoding))).toEqual([]);
    expect(inflation.exceeded).toBeUndefined();
  });

  it.each([
    ['expansionRatio', limits],
    ['bodyBytes', { bodyBytes: 100_000, expansionRatio: 200 }],
  ])('is not read beyond `%s`, and says so', (name, few) => {
    const inflation = new Inflation(few);
    const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024, 'a'), { level: constants.Z_BEST_COMPRESSION });

    expect(viewsOf(bomb.toString('base64'), inflation).filter(({ encoding }) => /gzip/.test(encoding))).toEqual([]);
    expect(inflation.exceeded).toContain(name);
  });

  it('is not read beyond `bodyBytes` in many small pieces either', () => {
    const inflation = new Inflation({ bodyBytes: 15_000, expansionRatio: 200 });
    const run = gzipSync(words).toString('base64');

    expect(viewsOf(`${run}\n`.repeat(2), inflation)).toHaveLength(2);
    expect(inflation.exceeded).toBeUndefined();
    viewsOf(`${run}\n`.repeat(2), inflation);
    expect(inflation.exceeded).toContain('bodyBytes');
  });

  it("may be huge where it holds no text: that is nobody's to read", () => {
    const inflation = new Inflation(limits);

    expect(viewsOf(gzipSync(Buffer.alloc(8 * 1024 * 1024)).toString('base64'), inflation)).toEqual([]);
    expect(inflation.exceeded).toBeUndefined();
  });

  it.each([
    ['H4sIAAAA', true],
    ['H4sJAAAA', false],
    ['eJwrSS0u', true],
    ['eNorSS0u', true],
    ['eF4rSS0u', true],
    ['eAErSS0u', true],
    ['eJarSS0u', false],
    ['eBwrSS0u', false],
    ['1F8B0800', true],
    ['789cabcd', true],
    ['789dabcd', false],
    ['', false],
  ])('may begin as %s: %s', (text, isIt) => {
    expect(beginsDeflated(Buffer.from(text), 0)).toBe(isIt);
  });
});
