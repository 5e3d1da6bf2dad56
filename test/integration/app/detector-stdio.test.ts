import { fileURLToPath } from 'node:url';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createStdioDetector } from '../../../src/app/detector/stdio.ts';
import type { Transport } from '../../../src/app/detector/transport.ts';
import { DetectorFailure } from '../../../src/app/detector/failure.ts';
import { isAlive } from '../../../src/app/process-alive.ts';
import { member } from '../../../src/app/stand-in/json.ts';

const program = fileURLToPath(new URL('../../helpers/detector-program.mjs', import.meta.url));
const never = new AbortController().signal;
const question = (text: string) => ({ text, language: 'en', score_threshold: 0.5, entities: ['PERSON'] });

/** Starts one that keeps what is logged. */
function start(command: readonly string[] = [process.execPath, program], env: Record<string, string> = {}) {
  const logged: string[] = [];
  const heard = new EventTarget();
  const at = (level: string) => (fields: object, message: string) => {
    logged.push(`${level} ${message} ${JSON.stringify(fields)}`);
    heard.dispatchEvent(new Event(level));
  };
  const transport = createStdioDetector({
    command,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    firstBackOffMs: 10,
  });
  onTestFinished(() => transport.close());
  return { transport, logged, heard };
}

/** Asks until the program that was started anew answers. */
async function askUntilAnswered(transport: Transport, text: string): Promise<unknown> {
  for (;;) {
    const answer: unknown = await transport.ask(question(text), never).catch((error: unknown) => error);
    if (!(answer instanceof DetectorFailure)) return answer;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const pidOf = async (transport: Transport): Promise<number> =>
  Number(member(await askUntilAnswered(transport, 'where are you'), 'pid'));

describe('a detector that is a program', () => {
  it('answers lines with lines, several at a time', async () => {
    const { transport } = start();
    expect(transport.isWarm).toBe(false);

    const answers = await Promise.all(
      ['🙂 Anna Schmidt', 'nobody', 'to\nAnna Schmidt'].map((text) => transport.ask(question(text), never)),
    );

    expect(answers).toEqual([
      [{ entity_type: 'PERSON', start: 2, end: 14, score: 0.85 }],
      [],
      [{ entity_type: 'PERSON', start: 3, end: 15, score: 0.85 }],
    ]);
    expect(transport.isWarm).toBe(true);
  });

  it('starts it in the root folder, without our own variables', async () => {
    const { transport } = start(undefined, { SLUICE_KEY_FILE: '/x', MODEL_PATH: '/y' });

    const place = await transport.ask(question('where are you'), never);

    expect(member(place, 'folder')).toBe('/');
    expect(member(place, 'variables')).toContain('MODEL_PATH');
    expect(member(place, 'variables')).not.toContain('SLUICE_KEY_FILE');
  });

  it.each([
    ['crashes', 'please crash', 'unavailable', 'code 3'],
    ['writes what is no JSON', 'please babble', 'invalid', 'not of the form'],
    ['answers what nobody asked', 'please repeat', 'invalid', 'not of the form'],
    ['writes without end', 'please ramble', 'invalid', 'too long'],
  ])('that %s fails everybody who waits, and is started again', async (_, text, kind, message) => {
    const { transport, logged } = start();
    const first = await pidOf(transport);
    const waiting = transport.ask(question('please hang'), never);

    await expect(transport.ask(question(text), never)).rejects.toMatchObject({
      kind,
      message: expect.stringContaining(message),
    });
    await expect(waiting).rejects.toMatchObject({ kind });

    expect(await pidOf(transport)).not.toBe(first);
    expect(logged.filter((line) => line.startsWith('warn'))).toHaveLength(1);
    expect(logged.join('\n')).not.toContain('please');
  });

  it('that answers with an error has failed once, and goes on', async () => {
    const { transport } = start();
    const first = await pidOf(transport);

    await expect(transport.ask(question('please fail'), never)).rejects.toMatchObject({
      kind: 'unavailable',
      message: 'it answered with an error',
    });
    expect(await pidOf(transport)).toBe(first);
  });

  it('that hangs is ended after a few questions', async () => {
    const { transport, heard } = start();
    const first = await pidOf(transport);
    const again = once(heard, 'warn');
    for (let times = 0; times < 3; times += 1) {
      const late = new AbortController();
      const answer = transport.ask(question('please hang'), late.signal);
      late.abort(new DetectorFailure('timeout', 'no answer within 10 ms'));
      await expect(answer).rejects.toMatchObject({ kind: 'timeout' });
    }
    await again;

    expect(await pidOf(transport)).not.toBe(first);
  });

  it('goes on when it answers late, or somebody has gone', async () => {
    const { transport } = start();
    const first = await pidOf(transport);
    for (let times = 0; times < 5; times += 1) {
      const gone = new AbortController();
      const answer = transport.ask(question('Anna Schmidt'), gone.signal);
      gone.abort(new Error('gone'));
      await expect(answer).rejects.toThrow('gone');
    }

    expect(await transport.ask(question('Anna Schmidt'), never)).toHaveLength(1);
    expect(await pidOf(transport)).toBe(first);
  });

  it('tells the log how much it complains, and not what', async () => {
    const { transport, logged, heard } = start();
    const complained = once(heard, 'debug');
    transport.ask(question('please complain about Anna Schmidt'), never).catch(() => undefined);
    await complained;

    expect(logged.join('\n')).toMatch(/"bytes":\d+/);
    expect(logged.join('\n')).not.toContain('Anna');
  });

  it('that cannot be started fails, is tried again ever later, and never crashes us', async () => {
    const { transport, logged, heard } = start(['/nonexistent/detector']);
    await expect(transport.ask(question('x'), never)).rejects.toMatchObject({ kind: 'unavailable' });
    while (logged.length < 3) await once(heard, 'warn');

    expect(logged.map((line) => /"waitMs":(\d+)/.exec(line)?.[1]).slice(0, 3)).toEqual(['10', '20', '40']);
  });

  it('is ended when it is closed, and not started again', async () => {
    const { transport, logged } = start();
    const pid = await pidOf(transport);

    transport.close();

    await expect(transport.ask(question('x'), never)).rejects.toMatchObject({ kind: 'unavailable' });
    while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve));
    expect(logged).toEqual([]);
  });
});
