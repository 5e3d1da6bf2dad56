import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/bytes.ts';
import { createPlaceholders } from '../../../src/mask/placeholders.ts';

const placeholders = createPlaceholders({ key: new Uint8Array(32).fill(1), prefix: 'SLUICE' });
const placeholder = placeholders.make('GITHUB_TOKEN', utf8('a value'));

describe('recognising encoded placeholders', () => {
  it.each(['', 'a', 'ab', 'abc', 'abcd', '48656c6c6f'])('finds them in base64 and hex behind %j', (lead) => {
    for (const encoding of ['base64', 'base64url', 'hex'] as const) {
      for (const inner of [placeholder, `x${placeholder}`, `xy${placeholder} and more`]) {
        const run = Buffer.from(inner).toString(encoding);
        const [range = { start: 0, end: 0 }, ...others] = placeholders.findEncoded(utf8(`${lead}${run}`));

        expect(others).toEqual([]);
        const found = run.slice(range.start - lead.length, range.end - lead.length);
        expect(Buffer.from(found, encoding).toString()).toContain(placeholder);
      }
    }
  });

  it('takes nothing that only begins like one for ours in an encoding', () => {
    const text = Buffer.from('SLUICE_FAKE_aaaaaaaaaaaaaaaa').toString('base64');

    expect(placeholders.findEncoded(utf8(text))).toEqual([]);
  });
});
