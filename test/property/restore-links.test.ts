/** Laws of links in prose: what is put back does not depend on how the text was cut, and never leads elsewhere. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDeltaStream } from '../../src/inspect/reply/delta-stream.ts';
import { createProseLinks } from '../../src/mask/prose-links.ts';
import { masked, restorerOf } from '../helpers/masked.ts';

const { vault, p } = masked('the-value-0', 'SECRET', ['own.example']);

/** What links are made of, in every grammar, and what stands around them. */
const pieces = fc.array(
  fc.constantFrom(
    '![](',
    '[x](',
    ')',
    '<',
    '>',
    '"',
    "'",
    '`',
    '\\',
    '(',
    ' ',
    '\n',
    '\n\n',
    '[1]:',
    '@',
    ':',
    '//',
    '?q=',
    '#',
    'https://',
    'https:',
    'own.example',
    'evil.example',
    '/',
    'www.',
    'mailto:',
    '&colon;',
    '&#47;',
    '&commat;',
    '<img src=',
    '<a href="',
    '<form ',
    'action=',
    'srcset="',
    'url(',
    '@import "',
    'style=',
    '<i ',
    'text',
    'é',
    'x'.repeat(500),
    'postgres://u:',
    p,
    p,
    p,
  ),
  { minLength: 1, maxLength: 24 },
);
const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 });

/** Cuts a text into pieces of the given sizes, over and over. */
function cut(text: string, lengths: readonly number[]): string[] {
  const parts: string[] = [];
  for (let at = 0, i = 0; at < text.length; i++) {
    const length = lengths[i % lengths.length] ?? 1;
    parts.push(text.slice(at, at + length));
    at += length;
  }
  return parts;
}

/** A text as a client gets it when it arrives in these fragments. */
function streamed(fragments: readonly string[]): { readonly text: string; readonly restored: number } {
  const out: string[] = fragments.map(() => '');
  let restored = 0;
  const stream = createDeltaStream({ path: [], grammar: 'text', stream: 's' }, restorerOf(vault), (counts) => {
    restored += counts.restored;
  });
  fragments.forEach((fragment, i) => {
    stream.push(fragment, (text) => {
      out[i] = text;
    });
  });
  stream.end();
  return { text: out.join(''), restored };
}

describe('links in prose', () => {
  it('are judged alike however the text is cut', () => {
    fc.assert(
      fc.property(pieces, sizes, (parts, lengths) => {
        const text = parts.join('');
        expect(streamed(cut(text, lengths))).toEqual(streamed([text]));
      }),
      { numRuns: 2000 },
    );
  });

  it('are open at the same places however the text is read', () => {
    fc.assert(
      fc.property(pieces, sizes, (parts, lengths) => {
        const text = parts.join('');
        const whole = createProseLinks();
        whole.read(text);
        const split = createProseLinks();
        for (const part of cut(text, lengths)) split.read(part);
        expect(split.open()).toEqual(whole.open());
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['![](', '<img src="', '<img src=', '<', '', 'url(', '[1]: ', "<a title=x href='"])(
    'keep the placeholder behind %j and the beginning of a foreign URL, whatever else it holds',
    (opening) => {
      fc.assert(
        fc.property(
          fc.constantFrom(
            'https://evil.example/',
            'https:\\\\evil.example/',
            'HTTPS:evil.example/',
            'https://own.example@evil.example/',
          ),
          fc.array(fc.constantFrom('a', '?q=', '&', 'https://own.example/', '#', '(', '%20', '\\', '.', '='), {
            maxLength: 8,
          }),
          sizes,
          (url, rest, lengths) => {
            const { restored } = streamed(cut(`see ${opening}${url}${rest.join('')}${p} `, lengths));
            expect(restored).toBe(0);
          },
        ),
        { numRuns: 300 },
      );
    },
  );
});
