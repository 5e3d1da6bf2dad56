import { describe, expect, it } from 'vitest';
import type { Answers, Question } from '../../../src/core/detector.ts';
import { consult } from '../../../src/proxy/consult.ts';

const question = (text: string): Question => ({ key: text, text });

/** An exchange that asks in rounds, and keeps what it was told. */
function asking(...rounds: readonly (readonly Question[])[]) {
  const told: Answers[] = [];
  const left = [...rounds];
  return { told, questions: () => left.shift() ?? [], answered: (answers: Answers) => void told.push(answers) };
}

describe('consulting a detector', () => {
  it('asks nobody where there is nothing to ask', () => {
    const detector = { ask: () => Promise.reject(new Error('nothing is to be asked')) };

    expect(consult(asking(), detector)).toBeUndefined();
  });

  it('asks until nothing is left to ask', async () => {
    const exchange = asking([question('one')], [question('two'), question('three')]);
    const seen: string[][] = [];
    const detector = {
      ask(questions: readonly Question[]): Promise<Answers> {
        seen.push(questions.map(({ text }) => text));
        return Promise.resolve({ spots: new Map() });
      },
    };

    expect(await consult(exchange, detector)?.done).toBe(true);
    expect(seen).toEqual([['one'], ['two', 'three']]);
    expect(exchange.told).toHaveLength(2);
  });

  it('tells a failure where no detector is there any more', async () => {
    const exchange = asking([question('one')]);

    expect(await consult(exchange, undefined)?.done).toBe(true);
    expect(exchange.told).toMatchObject([{ failure: 'there is none any more' }]);
  });

  it('ends what is under way when it is cancelled, and tells nobody anything', async () => {
    const exchange = asking([question('one')], [question('two')]);
    let isEnded = false;
    const detector = {
      ask: (_: readonly Question[], signal: AbortSignal): Promise<Answers> =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            isEnded = true;
            resolve({ spots: new Map(), failure: 'given up' });
          });
        }),
    };
    const consultation = consult(exchange, detector);

    consultation?.cancel();

    expect(await consultation?.done).toBe(false);
    expect(isEnded).toBe(true);
    expect(exchange.told).toEqual([]);
  });
});
