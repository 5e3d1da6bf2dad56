import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { holdableBody } from '../../../src/proxy/holdable-body.ts';

interface Watched {
  readonly body: PassThrough;
  readonly told: string[];
  readonly received: number[];
  readonly source: ReturnType<typeof holdableBody>;
}

function watched(onData: (text: string) => void = () => undefined): Watched {
  const body = new PassThrough({ highWaterMark: 1024 * 1024 });
  const told: string[] = [];
  const received: number[] = [];
  const source = holdableBody(body, {
    onReceived: ({ length }) => void received.push(length),
    onData: (chunk) => {
      told.push(chunk.toString());
      onData(chunk.toString());
    },
    onEnd: () => void told.push('end'),
  });
  return { body, told, received, source };
}

describe('a body that can be held', () => {
  it('is told as it comes while it is not', async () => {
    const { body, told, source } = watched();
    source.go();
    body.write('one');
    await turn();
    body.end('two');
    await turn();

    expect(told).toEqual(['one', 'two', 'end']);
  });

  it('is not read while it is held', async () => {
    const { body, told, received, source } = watched();
    source.hold();
    body.end('one');
    await turn();

    expect([told, received]).toEqual([[], []]);
    source.go();
    await turn();
    expect(told).toEqual(['one', 'end']);
  });

  it('is read on up to a limit, and told later, its end too', async () => {
    const { body, told, received, source } = watched();
    source.hold();
    const enough = source.readOn(6);
    for (const text of ['one', 'two', 'three']) {
      body.write(text);
      await turn();
    }
    await enough;
    body.end();
    await turn();

    expect(received).toEqual([3, 3]);
    expect(told).toEqual([]);
    source.go();
    await turn();
    expect(told).toEqual(['one', 'two', 'three', 'end']);
  });

  it('has enough once it has ended', async () => {
    const { body, told, source } = watched();
    source.hold();
    const enough = source.readOn(1_000);
    body.end('one');
    await enough;
    await source.readOn(1_000);
    source.go();
    await turn();

    expect(told).toEqual(['one', 'end']);
  });

  it('can be held again in the middle of what was kept', async () => {
    const { body, told, source } = watched((text) => {
      if (text === 'one') source.hold();
    });
    source.hold();
    const enough = source.readOn(6);
    body.write('one');
    await turn();
    body.end('two');
    await enough;
    source.go();
    await turn();

    expect(told).toEqual(['one']);
    source.go();
    await turn();
    expect(told).toEqual(['one', 'two', 'end']);
  });

  it('gives others a turn while it tells much', async () => {
    const { body, told, source } = watched();
    source.hold();
    const enough = source.readOn(900_000);
    for (let at = 0; at < 9; at += 1) {
      body.write('x'.repeat(100_000));
      await turn();
    }
    body.end();
    await enough;
    source.go();

    expect(told).toHaveLength(3);
    for (let turns = 0; turns < 10 && told.at(-1) !== 'end'; turns += 1) await turn();
    expect(told).toHaveLength(10);
  });

  it('tells nothing once it is let go', async () => {
    const { body, told, source } = watched(() => source.detach());
    source.hold();
    const enough = source.readOn(6);
    body.write('one');
    await turn();
    body.end('two');
    await enough;
    source.go();
    await turn();

    expect(told).toEqual(['one']);
  });
});
