import { describe, expect, it } from 'vitest';
import { blockBytes, textKernel, type TextKernel } from '../../../src/detect/text-kernel.ts';

function kernelWith(text: string): { readonly kernel: TextKernel; readonly length: number } {
  const kernel = textKernel();
  if (kernel === undefined) throw new Error('these tests need WebAssembly');
  const bytes = Buffer.from(text);
  kernel.load(bytes, 0, bytes.length);
  return { kernel, length: bytes.length };
}

describe('text kernel', () => {
  it('is one instance', () => {
    expect(textKernel()).toBe(textKernel());
  });

  it('loads a part of a text', () => {
    const { kernel } = kernelWith('');
    const target = new Uint8Array(4);
    kernel.load(Buffer.from('some text'), 5, 4);

    expect(kernel.unescape(4, target, 0)).toBe(4);
    expect(Buffer.from(target).toString()).toBe('text');
  });

  it('passes over a string to its quote, with or without escapes', () => {
    const plain = kernelWith('twenty and more characters" and so on');
    expect(plain.kernel.skipString(plain.length)).toBe(26 * 2);
    const escaped = kernelWith('twenty\\nand\\tmore\\"characters" and so on');
    expect(escaped.kernel.skipString(escaped.length)).toBe(29 * 2 + 1);
  });

  it('undoes the escapes of a whole block', () => {
    const { kernel, length } = kernelWith('\\n'.repeat(blockBytes / 2));
    const target = new Uint8Array(blockBytes);

    expect(kernel.unescape(length, target, 7)).toBe(blockBytes / 2);
    expect(target.subarray(7, 7 + blockBytes / 2).every((byte) => byte === 0x0a)).toBe(true);
    expect(target[7 + blockBytes / 2]).toBe(0);
  });

  it('finds as many runs as a block holds', () => {
    const { kernel, length } = kernelWith('0123456789abcdef0123 '.repeat(blockBytes / 21));

    expect(kernel.findRuns(length) >> 1).toBe(Math.floor(blockBytes / 21));
    expect([...kernel.runs.subarray(0, 4)]).toEqual([0, 20, 21, 41]);
  });

  it('forgets the text before', () => {
    kernelWith('0123456789abcdef0123456789abcdef');
    const { kernel, length } = kernelWith('too short');

    expect(kernel.findRuns(length)).toBe(0);
  });
});
