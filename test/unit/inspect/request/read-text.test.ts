import { describe, expect, it } from 'vitest';
import { Interned } from '../../../../src/body/interned.ts';
import { readJson } from '../../../../src/body/json-document.ts';
import { eachHit, hasHits, type TextHits } from '../../../../src/inspect/request/hits.ts';
import { beginsAsJson, TextReader } from '../../../../src/inspect/request/read-text.ts';
import { loadPackRules } from '../../../../src/rules/load.ts';
import { requestScan, token, type TestScanOptions } from '../../../helpers/request-scan.ts';

function read(text: string, name?: string, options: TestScanOptions = {}, depth = 0): TextHits {
  const scan = requestScan(options);
  return new TextReader(scan, scan.known).read(Buffer.from(text), name, depth);
}

const esc = '\u001b';
const encoded = Buffer.from(`see the ${token('a')} here`).toString('base64');

const fold = (text: string): string => text.replaceAll(/.{44}/g, '$&\n');

function values(found: TextHits): readonly string[] {
  const all: string[] = [];
  eachHit(found, ({ value }) => all.push(Buffer.from(value).toString()));
  return all;
}

describe('reading a text', () => {
  it.each([
    ['a plain text', `see ${token('a')}`, undefined, [token('a')]],
    ['the value of a name that says secret', 'hunter-2-hunter', 'password', ['hunter-2-hunter']],
    ['the same value under another name', 'hunter-2-hunter', 'title', []],
    ['an encoded value in an assignment', Buffer.from(token('a')).toString('hex'), 'note', [token('a')]],
    ['a name with quotes', token('a'), 'a"b', [token('a')]],
    ['JSON', `{"password":"hunter-2-hunter"}`, undefined, ['hunter-2-hunter']],
    ['what only begins like JSON', `{"a": ${token('a')}`, undefined, [token('a')]],
    ['a percent-encoded word', `x?t=%74${token('a').slice(1)}`, undefined, [token('a')]],
    ['a coloured token', `is ${esc}[32m${token('a')}${esc}[0m here`, undefined, [token('a')]],
    ['a token of which a part is coloured', `is tkn_${esc}[1;31m${'a'.repeat(24)}${esc}[m`, undefined, [token('a')]],
    [
      'a name, its sign and its value in colours',
      `${esc}[1mpassword${esc}[0m: ${esc}[2mhunter-2-hunter`,
      undefined,
      ['hunter-2-hunter'],
    ],
    ['a coloured value of a name', `${esc}[32mhunter-2-hunter${esc}[0m`, 'password', ['hunter-2-hunter']],
    [
      'base64 of coloured text',
      Buffer.from(`it is ${esc}[1m${token('a')}${esc}[0m`).toString('base64'),
      undefined,
      [token('a')],
    ],
    [
      'base64 that is coloured in part',
      `${esc}[1m${encoded.slice(0, 30)}${esc}[0m${encoded.slice(30)}`,
      undefined,
      [token('a')],
    ],
    ['a part of JSON', String.raw`log: {"t":"\u0074kn_${'a'.repeat(24)}","u":"a\/b"} x`, undefined, [token('a')]],
    [
      'a name and a sign that JSON escapes',
      String.raw`x password\u003dhunter-2-hunter\u0022y`,
      undefined,
      ['hunter-2-hunter'],
    ],
    ['base64 with escapes', `"${encoded.replaceAll('A', String.raw`\u0041`)}" of`, undefined, [token('a')]],
    ['base64 on several lines', fold(encoded), undefined, [token('a')]],
    ['hex on several lines', fold(Buffer.from(`it is ${token('a')}`).toString('hex')), undefined, [token('a')]],
    ['base64 on several lines in base64', Buffer.from(fold(encoded)).toString('base64'), undefined, [token('a')]],
    ['nothing', 'abc', undefined, []],
  ])('finds the values of %s', (_what, text, name, expected) => {
    expect(values(read(text, name))).toEqual(expected);
  });

  it('takes no placeholder for the name of what stands behind it', () => {
    const rules = loadPackRules(['secrets/generic']).map(({ rule }) => rule);
    const hex = '0f3c9a7e5b1d2846'.repeat(2);
    const ours = requestScan().placeholders.make('GITHUB_TOKEN', Buffer.from('a value masked before'));

    expect(values(read(hex, 'token', { rules }))).toEqual([hex]);
    expect(values(read(hex, 'SLUICE_TOKEN', { rules }))).toEqual([hex]);
    expect(values(read(hex, ours, { rules }))).toEqual([]);
  });

  it('reports a value once that shows encoded and decoded', () => {
    const found = read(Buffer.from('x my-protected-value-1 y z').toString('base64'), undefined, {
      protect: ['my-protected-value-1'],
    });

    expect(values(found)).toEqual(['my-protected-value-1']);
  });

  it('finds a known value across lines of base64, in text and in data', () => {
    for (const around of ['words and words ', '\u0000\u0001\u0000']) {
      for (const before of [9, 10, 11]) {
        const bytes = Buffer.from(`${around.repeat(before)}my-protected-value-1 ${around.repeat(5)}`);
        const found = read(fold(bytes.toString('base64')), undefined, { protect: ['my-protected-value-1'] });

        expect(new Set(values(found))).toEqual(new Set(['my-protected-value-1']));
      }
    }
  });

  it('reads again what is percent-encoded twice, once something beside it was masked', () => {
    const scan = requestScan();
    const reader = new TextReader(scan, scan.known);
    const ours = scan.placeholders.make('TOKEN', Buffer.from('a value masked before'));
    const text = Buffer.from(`${ours} ${encodeURIComponent(encodeURIComponent(`password = "hunter-2-hunter"`))}`);

    const hits = reader.readAgain(text, undefined, false, 0);

    expect(hits.map(({ value, layers }) => [Buffer.from(value).toString(), layers])).toEqual([
      ['hunter-2-hunter', ['percent', 'percent']],
    ]);
  });

  it('keeps apart what stands in UTF-16 and what the same run holds as bytes', () => {
    const wide = Buffer.from(`echo ${token('a')} and some more words behind it`, 'utf16le');
    const run = Buffer.concat([wide, Buffer.from('my-protected-value-1')]).toString('base64');

    const found = read(run, undefined, { protect: ['my-protected-value-1'] });

    expect(values(found).toSorted()).toEqual(['my-protected-value-1', token('a')].toSorted());
    expect(found.views.every(({ view, inner: { hits } }) => hits.every(({ end }) => end <= view.text.length))).toBe(
      true,
    );
  });

  it('finds a known value in base64 of data, at any alignment', () => {
    for (const before of [1, 2, 3]) {
      const bytes = Buffer.concat([
        Buffer.alloc(before, 0xff),
        Buffer.from('my-protected-value-1'),
        Buffer.alloc(9, 0xfe),
      ]);
      const found = read(`path/${bytes.toString('base64')}`, undefined, { protect: ['my-protected-value-1'] });

      expect(values(found)).toEqual(['my-protected-value-1']);
    }
  });

  it('reads what is encoded right behind a known value apart from it, and leaves the text as it is', () => {
    const text = Buffer.from(`my-protected-value-42${Buffer.from(`${token('a')} x`).toString('hex')}`);
    const before = Buffer.from(text);
    const scan = requestScan({ protect: ['my-protected-value-42'] });

    expect(values(new TextReader(scan, scan.known).read(text, undefined, 0))).toEqual([
      'my-protected-value-42',
      token('a'),
    ]);
    expect(text.equals(before)).toBe(true);
  });

  it('goes no deeper than allowed, and counts what it leaves', () => {
    const scan = requestScan();
    const reader = new TextReader(scan, scan.known);
    const encoded = Buffer.from(`see the ${token('a')}`).toString('base64');

    expect(hasHits(reader.read(Buffer.from(encoded), undefined, 4))).toBe(false);
    expect(reader.unread).toBe(encoded.length);
  });

  it('leaves a name that holds something out of pointers', () => {
    const scan = requestScan();
    const found = scan.createKnown();
    const name = Buffer.from('a-name-of-a-member');
    found.add({ bytes: name, rule: 'test-token', isProtected: false });
    const reader = new TextReader(scan, [found]);

    expect(hasHits(reader.readName(name, 0))).toBe(true);
    expect(reader.pointer(['x', 'a-name-of-a-member', 0, 'y'.repeat(200)])).toBe('/x/*/0/*');
  });

  describe('of the nodes of a JSON text', () => {
    const names = new Interned();
    const json =
      '[{"role":"user","data":"user"},{"role":"user","data":"user"},{"a":"xy"},"[\\"inner\\"]","[\\"inner\\"]"]';
    const parsed = readJson(Buffer.from(json), { maxDepth: 8, isSequence: false, names });
    const visited = (reader: TextReader, depth: number): readonly string[] => {
      const seen: string[] = [];
      if (!parsed.ok) throw new Error(parsed.reason);
      const { document } = parsed;
      reader.eachNode(document, depth, (unread) => {
        seen.push(Buffer.from(unread.text).toString());
        return reader.readNode(document, unread, depth) !== undefined;
      });
      return seen;
    };

    it('visits short names and values once, each value with each name, and none that is too short', () => {
      const scan = requestScan();
      const reader = new TextReader(scan, scan.known, names);

      expect(visited(reader, 0)).toEqual(['role', 'user', 'data', 'user', '["inner"]', '["inner"]']);
      expect(visited(reader, 0)).toEqual(['["inner"]', '["inner"]']);
    });

    it('remembers no value that was read where nothing is decoded any more', () => {
      const scan = requestScan();
      const reader = new TextReader(scan, scan.known, names);
      const all = ['user', 'user', 'user', 'user', '["inner"]', '["inner"]'];

      expect(visited(reader, 4)).toEqual(['role', 'user', 'data', ...all.slice(1)]);
      expect(visited(reader, 4)).toEqual(all);
    });

    it('visits all of them again once it is told to forget', () => {
      const scan = requestScan();
      const found = scan.createKnown();
      const reader = new TextReader(scan, [found], names);

      visited(reader, 0);
      found.add({ bytes: Buffer.from('user'), rule: 'test-token', isProtected: false });
      reader.clean.forget();
      expect(visited(reader, 0)).toHaveLength(8);
    });
  });

  it.each([
    [' \n{', true],
    ['[1]', true],
    ['"a"', false],
    ['', false],
    ['x{', false],
  ])('knows whether %j may be JSON', (text, isJson) => {
    expect(beginsAsJson(Buffer.from(text))).toBe(isJson);
  });
});
