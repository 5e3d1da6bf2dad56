/** Laws of the reply side: restoring undoes masking through every format, however the reply is cut. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, utf8 } from '../../src/core/bytes.ts';
import { createReplyTransform } from '../../src/inspect/reply/reply-transform.ts';
import { createPlaceholders } from '../../src/mask/placeholders.ts';
import { createVault, type Vault } from '../../src/mask/vault.ts';
import { valueText } from '../../src/mask/value-text.ts';
import { formats, type Format } from '../helpers/vendor-stream.ts';

const placeholders = createPlaceholders({ key: new Uint8Array(32).fill(7), prefix: 'SLUICE' });
const kinds = ['SECRET', 'GITHUB_TOKEN', 'KEY'] as const;

/** A value with everything that breaks grammars: quotes, backslashes, newlines, controls, emoji, separators. */
const nastyValue = fc
  .array(
    fc.oneof(
      fc.string({ minLength: 1, maxLength: 6, unit: 'binary' }),
      fc.constantFrom(
        '"',
        "'",
        '\\',
        '\n',
        '\r\n',
        '\t',
        '\\n',
        '\\u0041',
        '${x}',
        '`',
        '\u2028',
        '😀',
        '$',
        '\0',
        '}',
      ),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(''))
  .filter((value) => !/\p{Surrogate}/u.test(value) && !/sluice/i.test(value));

/** Text around values, with much that begins like a placeholder. */
const filler = fc
  .array(fc.constantFrom('a', ' ', 'S', 'SLU', 'SLUICE', 'sluice ', 'SLUICE_', '\n', '"', '\\', 'é', '😀', '. '), {
    maxLength: 5,
  })
  .map((parts) => parts.join(''));

interface Case {
  readonly vault: Vault;
  /** Text with placeholders, and what it must become. */
  readonly masked: string;
  readonly real: string;
}

/** Joins fillers and values, one text with placeholders and one with the real values. */
function build(values: readonly string[], fillers: readonly string[]): Case {
  const vault = createVault();
  let masked = fillers[0] ?? '';
  let real = masked;
  values.forEach((value, i) => {
    const bytes = utf8(value);
    const placeholder = placeholders.make(kinds[i % kinds.length] ?? 'SECRET', bytes);
    vault.add({ placeholder, value: bytes, rule: 'test', urlHosts: [] });
    // A blank after each, so that two fillers never join into a placeholder's beginning with what follows.
    masked += `${placeholder} ${fillers[i + 1] ?? ''}`;
    real += `${value} ${fillers[i + 1] ?? ''}`;
  });
  return { vault, masked, real };
}

const cases = fc
  .tuple(fc.array(nastyValue, { minLength: 1, maxLength: 3 }), fc.array(filler, { minLength: 4, maxLength: 4 }))
  .map(([values, fillers]) => build(values, fillers));

/** Runs a reply through its transform in pieces that end at the given offsets. */
function run(format: Format, vault: Vault, body: Uint8Array, cuts: readonly number[], heldBytes = 1 << 20): string {
  const { provider, contentType } = format;
  const transform = createReplyTransform({ provider, vault, placeholders, contentType, limits: { heldBytes } });
  const output: Uint8Array[] = [];
  let from = 0;
  for (const at of [...cuts, body.length].sort((a, b) => a - b)) {
    if (at > from) output.push(...transform.push(body.subarray(from, at)).output);
    from = Math.max(from, at);
  }
  output.push(...transform.end().output);
  return Buffer.from(concat(output)).toString('utf8');
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });

describe.each(formats)('$name', (format) => {
  it('gives every value back, wherever the fragments were cut', () => {
    fc.assert(
      fc.property(cases, cases, sizes, (said, written, pieces) => {
        for (const entry of written.vault.entries()) said.vault.add(entry);
        const turn = { text: said.masked, tool: 'Write', args: { file_path: '/a', content: [written.masked] } };

        const output = run(format, said.vault, utf8(format.write(turn, pieces)), []);

        const { texts, calls } = format.read(output);
        for (const text of texts) expect(text).toBe(said.real);
        for (const call of calls) expect(call).toEqual({ file_path: '/a', content: [written.real] });
      }),
      { numRuns: 1000 },
    );
  });

  it('does not depend on how the bytes were cut', () => {
    fc.assert(
      fc.property(cases, sizes, fc.array(fc.nat(3000), { maxLength: 12 }), (said, pieces, cuts) => {
        const turn = { text: said.masked, tool: 'Edit', args: { old_string: said.masked } };
        const body = utf8(format.write(turn, pieces));

        const output = run(
          format,
          said.vault,
          body,
          cuts.map((at) => at % body.length),
        );

        expect(output).toBe(run(format, said.vault, body, []));
      }),
      { numRuns: 300 },
    );
  });

  it('passes a reply without placeholders byte for byte', () => {
    fc.assert(
      fc.property(cases, filler, sizes, fc.array(fc.nat(3000), { maxLength: 6 }), (said, text, pieces, cuts) => {
        const body = utf8(format.write({ text, tool: 'Write', args: { content: text } }, pieces));

        const output = run(
          format,
          said.vault,
          body,
          cuts.map((at) => at % body.length),
        );

        expect(output).toBe(Buffer.from(body).toString('utf8'));
      }),
      { numRuns: 300 },
    );
  });

  it('gives a value back when cut at every single byte', () => {
    const { vault, masked, real } = build(['a"b\\c\nd😀'], ['x ', 'y']);
    const body = utf8(format.write({ text: masked, tool: 'Write', args: { content: masked } }, [7, 3]));

    for (let at = 1; at < body.length; at++) {
      const { texts, calls } = format.read(run(format, vault, body, [at]));
      expect(texts[0]).toBe(real);
      expect(calls[0]).toEqual({ content: real });
    }
  });

  it('gives a value back at every place where its placeholder can be split over two fragments', () => {
    const { vault, masked, real } = build(['p@ss"word'], ['', '']);
    for (let at = 1; at < masked.length; at++) {
      const body = utf8(format.write({ text: masked, tool: 'Write', args: { content: masked } }, [at, 1000]));

      const { texts, calls } = format.read(run(format, vault, body, []));

      expect(texts[0]).toBe(real);
      expect(calls[0]).toEqual({ content: real });
    }
  });
});

describe('a reply of two turns', () => {
  it('restores the same value when the restored history is masked again', () => {
    fc.assert(
      fc.property(nastyValue, (value) => {
        const { vault, masked } = build([value], ['', '']);
        const [entry] = [...vault.entries()];

        const again = placeholders.make('SECRET', utf8(valueText(entry?.value ?? new Uint8Array())));

        expect(masked.startsWith(again)).toBe(true);
      }),
    );
  });
});
