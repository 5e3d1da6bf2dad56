import { describe, expect, it } from 'vitest';
import { recordedPath } from '../../../src/inspect/recorded-path.ts';

const digest = (text: string) => String(text.length);

describe('the recorded path', () => {
  it.each([
    ['/v1/messages?beta=true', '/v1/messages?beta'],
    ['/v1beta/models/gemini-3.5-flash-lite:generateContent', '/v1beta/models/gemini-3.5-flash-lite:generateContent'],
    ['/v1/x?key=abc&alt=sse&=&x', '/v1/x?key&alt&x'],
    ['/a?b?c=1', '/a?~3'],
    ['/', '/'],
    ['*', '~1'],
    ['/files/' + 'x'.repeat(21), '/files/~21'],
    ['/u/1234567', '/u/~7'],
    ['/u/%61dmin', '/u/~7'],
  ])('keeps words and digests the rest: %s', (target, expected) => {
    expect(recordedPath(target, digest, (text) => text)).toBe(expected);
  });

  it('asks of what reads as a word whether it may be recorded', () => {
    const key = ['AKIA', 'QWERTYUIOPASDFGH'].join('');
    const recordable = (text: string) => (text === key ? '~key' : text);
    expect(recordedPath(`/v1/${key}?${key}=1`, digest, recordable)).toBe('/v1/~key?~key');
  });
});
