import { describe, expect, it } from 'vitest';
import { createQueues } from '../../../src/app/queues.ts';

describe('queues of dear work', () => {
  it('take turns, and refuse what waits too long a line', async () => {
    const queues = createQueues(2);
    const done: string[] = [];
    const ask = (whose: string, what: string) =>
      queues.run(whose, async () => {
        done.push(what);
        return what;
      });
    const answers = [ask('a', 'a1'), ask('a', 'a2'), ask('a', 'a3'), ask('a', 'a4'), ask('b', 'b1'), ask('b', 'b2')];

    expect(answers.map((answer) => answer !== undefined)).toEqual([true, true, true, false, true, true]);
    await Promise.all(answers.filter((answer) => answer !== undefined));
    expect(done).toEqual(['a1', 'a2', 'b1', 'a3', 'b2']);
  });

  it('go on after work that fails, and tell the one who asked', async () => {
    const queues = createQueues(1);
    const failing = queues.run('a', () => Promise.reject(new Error('broken')));
    const next = queues.run('a', async () => 'fine');

    await expect(failing).rejects.toThrow('broken');
    await expect(next).resolves.toBe('fine');
  });
});
