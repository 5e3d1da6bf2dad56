import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/bytes.ts';
import { strictText, withData } from '../../../src/body/frame.ts';
import { createSseFramer } from '../../../src/body/sse.ts';

describe('frames', () => {
  it('take other data line by line, and nothing else changes', () => {
    const [frame] = createSseFramer().push(utf8(': c\r\nevent: a\r\ndata: {\r\ndata:"k":"v"}\r\nid: 1\r\n\r\n'));
    if (frame === undefined) throw new Error('no frame');

    const changed = withData(frame, '{\n"k":"other"}');

    expect(Buffer.from(changed).toString()).toBe(': c\r\nevent: a\r\ndata: {\r\ndata:"k":"other"}\r\nid: 1\r\n\r\n');
  });

  it('are text only when they are UTF-8', () => {
    expect(strictText(utf8('\ufeffé'))).toBe('\ufeffé');
    expect(strictText(Uint8Array.of(0xc3))).toBeUndefined();
  });
});
