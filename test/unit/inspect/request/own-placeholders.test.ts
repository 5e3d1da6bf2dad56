import { describe, expect, it } from 'vitest';
import { encodedViews } from '../../../../src/body/encoded-runs.ts';
import {
  placeholdersIn,
  withoutPieces,
  withoutPlaceholders,
} from '../../../../src/inspect/request/own-placeholders.ts';
import { TextReader } from '../../../../src/inspect/request/read-text.ts';
import { requestScan, token } from '../../../helpers/request-scan.ts';

const scan = requestScan();
const ours = scan.placeholders.make('TOKEN', Buffer.from('a value masked before'));
const encoded = (text: string): string => Buffer.from(text).toString('base64');

describe('placeholders of our own', () => {
  it.each([
    ['as they are', ours],
    ['in base64', encoded(`say ${ours} to all`)],
    ['in base64 of hex', encoded(Buffer.from(`say ${ours} to all`).toString('hex'))],
    ['folded over lines', encoded(`${'say it and '.repeat(4)}${ours} to all`).replaceAll(/.{60}/g, '$&\n')],
    ['percent-encoded', encodeURIComponent(`"${ours}" and`)],
  ])('are known %s', (_what, text) => {
    expect(placeholdersIn(scan, Buffer.from(`x ${text}\nand`)).length).toBeGreaterThan(0);
  });

  it('are none that fail their check', () => {
    expect(placeholdersIn(scan, Buffer.from(ours.replace(/.$/, ours.endsWith('a') ? 'b' : 'a')))).toEqual([]);
  });

  it('leave what stands apart from them', () => {
    const text = Buffer.from(`${ours} and ${token('a')}`);
    const { hits } = new TextReader(scan, scan.known).scanText(
      text,
      { from: 0, isComplete: true, isMatched: true },
      [],
    );
    const kept = withoutPlaceholders(scan, text, hits, placeholdersIn(scan, text));

    expect(kept.map(({ value }) => Buffer.from(value).toString())).toEqual([token('a')]);
  });

  it('leave nothing of a view that shows a piece of one', () => {
    const text = Buffer.from(encoded('some words that are no placeholder'));
    const [view] = encodedViews(text);
    if (view === undefined) throw new Error('no view');
    const hit = {
      start: 0,
      end: 4,
      value: Buffer.from('some'),
      ruleId: 'a',
      rule: undefined,
      confidence: 'certain',
      reason: undefined,
      origin: 'rule',
      layers: [],
    } as const;
    const found = [{ view, inner: { text: view.text, hits: [hit], views: [] } }];

    expect(withoutPieces(found, [{ start: 0, end: 8 }])).toEqual([]);
    expect(withoutPieces(found, [{ start: 8, end: 16 }])).toEqual(found);
  });
});
