import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dumpForms } from '../../../src/body/dump-lines.ts';

/** A line of each form, in their order, and the bytes that it shows. */
const lines: readonly (readonly [string, string])[] = [
  ['00000010: 4b45 593d 31   KEY=1', 'KEY=1'],
  ['00000010  4b 45 59 3d 31  |KEY=1|', 'KEY=1'],
  ['0000020 4b 45 59 3d 31', 'KEY=1'],
  ['0000020 454b 3d59 0031', 'KEY=1'],
  ['0000020 3d59454b 00000031', 'KEY=1'],
  ['0000020 000000313d59454b', 'KEY=1'],
  ['0000020 042513 036531 000061', 'KEY=1'],
  ['0000020   17739   15705   00049', 'KEY=1'],
  ['0000020 113 105 131 075 061', 'KEY=1'],
  ['0000020   K   E   Y   =  \\n', 'KEY=\n'],
];

describe('the lines of a dump', () => {
  it.each(lines.map((line, index) => [...line, index] as const))('%s is read and written', (line, bytes, index) => {
    const form = dumpForms.find(({ pattern }) => pattern.test(line));
    const cells = form?.pattern.exec(line)?.[4] ?? '';

    expect(form).toBe(dumpForms[index]);
    expect(form?.read(cells).toString()).toBe(bytes);
    expect(form?.write(Buffer.from(bytes), cells)).toBe(cells);
  });

  it.each([
    ['with the characters beside it', '000010 4b 45 59 3d 31  >KEY=1<', 2],
    ['numbered', '    12\t0000020   K   E   Y', 9],
    ['added', '+0000020 454b 3d59', 3],
  ])('are known %s', (_how, line, index) => {
    expect(dumpForms.findIndex(({ pattern }) => pattern.test(line))).toBe(index);
  });

  it('show any byte by itself', () => {
    const [cells] = dumpForms.slice(-1);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 16 }), (bytes) => {
        expect(cells?.read(cells.write(bytes, ''))).toEqual(Buffer.from(bytes));
      }),
    );
  });
});
