import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteQueue } from '../../../../src/body/byte-queue.ts';
import { decodeJsonString, mapJsonString } from '../../../../src/body/json-string.ts';
import { GrowingText } from '../../../../src/inspect/request/growing-text.ts';

function queueOf(body: Uint8Array): ByteQueue {
  const queue = new ByteQueue();
  for (let at = 0; at < body.length; at += 1000) queue.push(body.subarray(at, at + 1000));
  return queue;
}

const unit = fc.constantFrom('\\n', '\\"', '\\u00e9', '\\ud83d\\ude00', 'é', '漢', 'plain text '.repeat(40), 'x');
const content = fc.array(unit, { minLength: 1, maxLength: 80 }).map((units) => Buffer.from(units.join('')));

describe('a growing text', () => {
  it('is decoded as the whole is, however it grows, and maps every offset that is still asked for', () => {
    fc.assert(
      fc.property(content, fc.array(fc.nat(), { maxLength: 6 }), (raw, cuts) => {
        const queue = queueOf(Buffer.concat([Buffer.from('"'), raw]));
        const text = new GrowingText(queue, true, 1);
        const whole = decodeJsonString(raw);
        const map = mapJsonString(raw);
        let forgotten = 0;
        for (const cut of [...cuts.map((at) => at % (raw.length + 1)).toSorted((a, b) => a - b), raw.length]) {
          text.add(1 + cut, cut === raw.length);
          const seen = text.bytes;
          expect(Buffer.from(seen).equals(whole.subarray(forgotten, forgotten + seen.length))).toBe(true);
          // A cut never stands inside a character.
          let middle = seen.length >> 1;
          while (((seen[middle] ?? 0) & 0xc0) === 0x80) middle -= 1;
          expect(text.toBody(seen.length)).toBe(1 + map.toRaw(forgotten + seen.length, 0).start);
          expect(text.mark(middle)).toBe(1 + map.toRaw(forgotten + middle, 0).start);
          queue.release(text.toBody(middle), []);
          text.forget(middle);
          forgotten += middle;
        }
        expect(forgotten + text.bytes.length).toBe(whole.length);
      }),
      { numRuns: 500 },
    );
  });

  it('takes text that is no JSON as it is', () => {
    const body = Buffer.from('a \\n b'.repeat(40_000));
    const queue = queueOf(body);
    const text = new GrowingText(queue, false, 0);

    text.add(200_000, false);
    expect(Buffer.from(text.bytes).equals(body.subarray(0, 200_000))).toBe(true);
    expect(text.mark(150_000)).toBe(150_000);
    text.forget(140_000);
    text.add(body.length, true);
    expect(Buffer.from(text.bytes).equals(body.subarray(140_000))).toBe(true);
    expect(text.toBody(10_001)).toBe(150_001);
  });

  it('hands out the body bytes of what is decoded', () => {
    const queue = queueOf(Buffer.from('"one\\ntwo\\'));
    const text = new GrowingText(queue, true, 1);
    text.add(10, false);

    expect(Buffer.from(text.bytes).toString()).toBe('one\ntwo');
    expect(Buffer.from(text.rawFrom(text.toBody(3))).toString()).toBe('\\ntwo');
  });
});
