import { describe, expect, it } from 'vitest';
import { DetectorFailure, toFailure } from '../../../../src/app/detector/failure.ts';
import { createDetectorService } from '../../../../src/app/detector/service.ts';
import type { SentQuestion, Transport } from '../../../../src/app/detector/transport.ts';
import { detectorSchema } from '../../../../src/config/detector.ts';
import type { Question } from '../../../../src/core/detector.ts';

/** A question on its way, answered when the test says so. */
interface Sent {
  readonly question: SentQuestion;
  readonly signal: AbortSignal;
  answer(value: unknown): void;
  fail(error: Error): void;
}

/** A transport that the test is the other end of. */
function manual() {
  const sent: Sent[] = [];
  const arrivals: (() => void)[] = [];
  const transport: Transport = {
    isWarm: true,
    close: () => undefined,
    ask: (question, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(toFailure(signal.reason)));
        sent.push({ question, signal, answer: resolve, fail: reject });
        for (const arrived of arrivals.splice(0)) arrived();
      }),
  };
  /** Resolves once so many questions have been sent. */
  const until = async (count: number): Promise<void> => {
    while (sent.length < count) await new Promise<void>((resolve) => void arrivals.push(resolve));
  };
  return { transport, sent, until };
}

const questions = (count: number, from = 0): readonly Question[] =>
  Array.from({ length: count }, (_, index) => ({
    key: `key ${String(from + index)}`,
    text: `text ${String(from + index)}`,
  }));
const person = [{ entity_type: 'PERSON', start: 0, end: 4, score: 0.9 }];
const never = new AbortController().signal;

function make(transport: Transport, changes: object = {}) {
  const asked: string[] = [];
  const config = detectorSchema.parse({ url: 'http://127.0.0.1:1/', concurrency: 2, language: 'de', ...changes });
  const clock = { monotonicMs: () => 0 };
  const service = createDetectorService({ config, transport, clock, onAsked: (result) => void asked.push(result) });
  return { service, asked };
}

describe('asking a detector', () => {
  it('sends what Presidio takes, so many at a time, and gives an answer for each', async () => {
    const { transport, sent, until } = manual();
    const { service, asked } = make(transport);
    const answers = service.ask(questions(3), never);
    await until(2);
    expect(sent).toHaveLength(2);
    sent[0]?.answer(person);
    await until(3);
    sent[2]?.answer([]);
    sent[1]?.answer([]);

    const { spots, failure } = await answers;

    expect(sent[0]?.question).toEqual({
      text: 'text 0',
      language: 'de',
      score_threshold: 0.5,
      entities: ['PERSON', 'LOCATION'],
    });
    expect(failure).toBeUndefined();
    expect([...spots.keys()].toSorted()).toEqual(['key 0', 'key 1', 'key 2']);
    expect(spots.get('key 0')).toEqual([{ label: 'PERSON', start: 0, end: 4, score: 0.9 }]);
    expect(asked).toEqual(['answered', 'answered', 'answered']);
  });

  it('shares its slots between requests', async () => {
    const { transport, sent, until } = manual();
    const { service } = make(transport, { concurrency: 1 });
    const first = service.ask(questions(2), never);
    const second = service.ask(questions(1, 2), never);
    for (let at = 0; at < 3; at += 1) {
      await until(at + 1);
      sent[at]?.answer([]);
    }
    await Promise.all([first, second]);

    expect(sent.map(({ question }) => question.text)).toEqual(['text 0', 'text 2', 'text 1']);
  });

  it('fails at the first failure, and keeps what was answered by then', async () => {
    const { transport, sent, until } = manual();
    const { service, asked } = make(transport);
    const answers = service.ask(questions(5), never);
    await until(2);
    sent[0]?.answer(person);
    await until(3);
    sent[1]?.fail(new DetectorFailure('unavailable', 'it cannot be reached (ECONNREFUSED)'));

    const { spots, failure } = await answers;

    expect(failure).toBe('it cannot be reached (ECONNREFUSED)');
    expect([...spots.keys()]).toEqual(['key 0']);
    expect(sent[2]?.signal.aborted).toBe(true);
    expect(sent).toHaveLength(3);
    expect(asked).toEqual(['answered', 'unavailable']);
  });

  it('takes no answer that is none', async () => {
    const { transport, sent, until } = manual();
    const { service, asked } = make(transport);
    const answers = service.ask(questions(1), never);
    await until(1);
    sent[0]?.answer([{ ...person[0], end: 700 }]);

    expect(await answers).toMatchObject({ failure: expect.stringContaining('outside the text') });
    expect(asked).toEqual(['invalid']);
  });

  it('waits for one answer no longer than it may take', async () => {
    const { transport } = manual();
    const { service, asked } = make(transport, { timeoutMs: 10 });

    expect(await service.ask(questions(1), never)).toMatchObject({ failure: 'no answer within 10 ms' });
    expect(asked).toEqual(['timeout']);
  });

  it('waits longer for a program that has just begun', async () => {
    const { transport } = manual();
    const { service } = make({ ...transport, isWarm: false }, { timeoutMs: 10, totalMs: 40 });

    expect(await service.ask(questions(1), never)).toMatchObject({ failure: expect.stringContaining('40 ms') });
  });

  it('waits for all answers of a request no longer than they may take, also behind those of others', async () => {
    const { transport, until } = manual();
    const { service } = make(transport, { concurrency: 1, totalMs: 30 });
    const first = service.ask(questions(1), never);
    await until(1);

    const second = await service.ask(questions(1, 1), never);

    expect(second).toMatchObject({ failure: 'not every answer within 30 ms' });
    expect(await first).toMatchObject({ failure: 'not every answer within 30 ms' });
  });

  it('gives up what nobody waits for any more, at once', async () => {
    const { transport, sent, until } = manual();
    const { service, asked } = make(transport);
    const gone = new AbortController();
    const answers = service.ask(questions(4), gone.signal);
    await until(2);

    gone.abort();

    expect(await answers).toMatchObject({ failure: expect.stringContaining('nobody waits') });
    expect(sent.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    expect(asked).toEqual([]);
  });

  it('asks nothing for somebody who has gone already', async () => {
    const { transport, sent } = manual();
    const { service } = make(transport);
    await service.ask(questions(2), AbortSignal.abort());

    expect(sent).toEqual([]);
  });

  it('never says what a transport that breaks had to say', async () => {
    const { transport, sent, until } = manual();
    const { service } = make(transport);
    const answers = service.ask(questions(1), never);
    await until(1);
    sent[0]?.fail(new Error('text 0 is not allowed'));

    expect(await answers).toMatchObject({ failure: 'it could not be asked' });
  });
});
