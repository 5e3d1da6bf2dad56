import { describe, expect, it } from 'vitest';
import { readJson } from '../../../../src/body/json-document.ts';
import { FormLayout, formFields, JsonLayout, TextLayout } from '../../../../src/inspect/request/layout.ts';
import { TextReader } from '../../../../src/inspect/request/read-text.ts';
import { requestScan, token } from '../../../helpers/request-scan.ts';

describe('layouts', () => {
  const scan = requestScan();
  const reader = (): TextReader => new TextReader(scan, scan.known);

  it.each([
    ['a=b&c=d', ['a', 'b', 'c', 'd']],
    ['a&b=&=c', ['a', undefined, 'b', '', '', 'c']],
    ['a=b=c', ['a', 'b=c']],
    ['', []],
  ])('cuts the form %s', (form, expected) => {
    const text = (range: { start: number; end: number } | undefined): string | undefined =>
      range === undefined ? undefined : form.slice(range.start, range.end);

    expect(formFields(Buffer.from(form)).flatMap(({ name, value }) => [text(name), text(value)])).toEqual(expected);
  });

  it('keeps only the texts that hold something', () => {
    const form = new FormLayout(Buffer.from(`a=1&b=${token('a')}&${token('c')}`));

    const views = form.read(reader()).flatMap(({ found }) => found.views);
    expect(views.map(({ view }) => view.range.start)).toEqual([6, 35]);
    expect(new TextLayout(Buffer.from('nothing here')).read(reader())).toEqual([]);
    expect(new TextLayout(Buffer.from(token('a'))).read(reader())).toHaveLength(1);
  });

  it('reads again only what may hold the values that were found', () => {
    const bytes = Buffer.from(JSON.stringify({ a: `x${token('a')}`, b: 'clean text', c: token('a') }));
    const read = readJson(bytes, { maxDepth: 8, isSequence: false });
    if (!read.ok) throw new Error(read.reason);
    const layout = new JsonLayout(scan, bytes, read.document);
    const items = layout.read(reader());
    const found = scan.createKnown();
    found.add({ bytes: Buffer.from(token('a')), rule: 'test-token', isProtected: false });

    const again = layout.reread(new TextReader(scan, [found]), found, items);

    expect(items.map((item) => item.where(reader()))).toEqual(['/c']);
    expect(again.map((item) => item.where(reader()))).toEqual(['/a', '/c']);
  });
});
