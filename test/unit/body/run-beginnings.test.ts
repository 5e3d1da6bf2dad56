import { describe, expect, it } from 'vitest';
import { beginsAsText, mayBeText, mayBeWide } from '../../../src/body/run-beginnings.ts';

const coded = (bytes: Uint8Array): Uint8Array => Buffer.from(Buffer.from(bytes).toString('base64'));
const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');

describe('what base64 begins with', () => {
  it.each([
    ['text', Buffer.from('text, and more of it'), [true, true, false]],
    ['text that is not ASCII', Buffer.from('漢字, and more of it'), [true, true, false]],
    [
      'bytes that are no UTF-8',
      Buffer.from([...Buffer.from('text'), 0xff, 0xfe, ...Buffer.from('and more')]),
      [true, false, false],
    ],
    ['control characters', Buffer.alloc(20, 1), [false, false, false]],
    ['UTF-16', wide('Grüße and more'), [false, false, true]],
    ['UTF-16, the other way round', wide('Grüße and more').swap16(), [false, false, true]],
    ['UTF-16 behind a byte order mark', wide('\ufeffand more of it'), [false, false, true]],
    ['UTF-16 of letters beyond ASCII', wide('éèàùâêîôû'), [false, false, false]],
    ['UTF-16 with the end of a line beyond ASCII', wide('a\u0085bcdefgh'), [false, false, true]],
    ['UTF-16 of control characters', wide('a\u0081bcdefgh'), [false, false, false]],
  ] as const)('is told: %s', (_what, bytes, expected) => {
    const text = coded(bytes);

    expect([beginsAsText(text, 0), mayBeText(text, 0), mayBeWide(text, 0)]).toEqual(expected);
  });
});
