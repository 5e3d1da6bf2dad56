import { describe, expect, it } from 'vitest';
import { canonicalValue, spellingOf } from '../../../../src/inspect/request/canonical.ts';

/** A block that is no key: its lines only look like one. */
const lines = ['-----BEGIN TEST KEY-----', 'MIIB'.repeat(16), '12ab'.repeat(16), '3456==', '-----END TEST KEY-----'];
const plain = lines.join('\n');
const canonical = (text: string): string => Buffer.from(canonicalValue(Buffer.from(text))).toString();
const decorated = (mark: (line: string, number: number) => string): string =>
  lines.map((line, index) => (index === 0 ? line : mark(line, index + 7))).join('\n');

describe('canonical value', () => {
  it.each([
    ['tabs', decorated((line, n) => `${String(n)}\t${line}`)],
    ['padded tabs', decorated((line, n) => `${String(n).padStart(6)}\t${line}`)],
    ['colons', decorated((line, n) => `${String(n)}: ${line}`)],
    ['bars', decorated((line, n) => ` ${String(n)} | ${line}`)],
    ['arrows', decorated((line, n) => `  ${String(n)}\u2192${line}`)],
    ['carriage returns', lines.join('\r\n')],
    ['literal escapes', lines.join('\\n')],
    ['literal escapes twice', lines.join('\\\\n')],
    ['escaped line numbers', lines.map((line, n) => (n === 0 ? line : `${String(n)}\\t${line}`)).join('\\n')],
    ['indentation', lines.join('\n    ')],
    ['a last line end', `${plain}\n`],
  ])('reads a key block through %s', (_what, text) => {
    expect(canonical(text)).toBe(plain);
  });

  it("takes a terminal's colours out of a key block and of any other value", () => {
    const coloured = lines.map((line) => `${line}\u001b[m`).join('\n\u001b[32m');

    expect(canonical(coloured)).toBe(plain);
    expect(canonical('\u001b[1mhunter\u001b[0m-2')).toBe('hunter-2');
  });

  it('leaves every other value as it is', () => {
    const value = Buffer.from('1: not a\\nkey ');

    expect(canonicalValue(value)).toBe(value);
  });
});

describe('the spelling of a value', () => {
  const spelling = (text: string): string | undefined =>
    spellingOf(Buffer.from(text), canonicalValue(Buffer.from(text)), '"')?.text;

  it.each([
    ['literal line ends', lines.join('\\n')],
    ['carriage returns', lines.join('\r\n')],
    ['a list of strings', lines.join("',\n  '")],
    ['indentation', lines.join('\n    ')],
  ])('is kept with %s', (_what, text) => {
    expect(spelling(text)).toBe(text);
  });

  it('knows no line numbers and colours', () => {
    expect(spelling(plain)).toBeUndefined();
    expect(spelling(decorated((line, n) => `${String(n)}\t${line}`))).toBeUndefined();
    expect(spelling(decorated((line, n) => `${String(n)}\t  ${line}`))).toBe(lines.join('\n  '));
    expect(spelling(lines.map((line) => `${line}\u001b[m`).join('\n\u001b[32m'))).toBeUndefined();
  });

  it('is of no interest for other values', () => {
    expect(spelling('one\\ntwo')).toBeUndefined();
  });
});
