import { describe, expect, it } from 'vitest';
import { isText } from '../../../src/body/text-bytes.ts';

describe('text', () => {
  it.each([
    ['lines', Buffer.from('lines\n\tand é\r\n'), true],
    ['coloured lines', Buffer.from('\u001b[1mlines\u001b[0m'), true],
    ['UTF-16', Buffer.from('some words of text', 'utf16le'), true],
    ['what holds a zero', Buffer.from([0x61, 0x00]), false],
    ['what is no UTF-8', Buffer.from([0x61, 0xff]), false],
  ])('is told from data: %s', (_what, bytes, isIt) => {
    expect(isText(bytes)).toBe(isIt);
  });
});
