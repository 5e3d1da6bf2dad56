import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import { createLogger, describeError, type LoggerOptions } from '../../../src/observe/logger.ts';

function linesOf(
  options: Omit<LoggerOptions, 'isPretty' | 'write'>,
  act: (logger: ReturnType<typeof createLogger>) => void,
): unknown[] {
  const lines: string[] = [];
  act(createLogger({ ...options, isPretty: false, write: (line) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line));
}

function speakAtEveryLevel(logger: ReturnType<typeof createLogger>): void {
  logger.debug({}, 'd');
  logger.info({}, 'i');
  logger.warn({}, 'w');
  logger.error({}, 'e');
}

describe('the log', () => {
  it.each([
    [{}, ['info', 'warn', 'error']],
    [{ isQuiet: true }, ['warn', 'error']],
    [{ isVerbose: true }, ['debug', 'info', 'warn', 'error']],
  ])('with %j says %j', (options, levels) => {
    expect(linesOf(options, speakAtEveryLevel)).toMatchObject(levels.map((level) => ({ level })));
  });

  it('is one JSON object a line, with the time and the fields', () => {
    const [line] = linesOf({}, (logger) => logger.info({ host: 'api.anthropic.com', count: 2 }, 'hello'));

    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      host: 'api.anthropic.com',
      count: 2,
      msg: 'hello',
    });
  });

  it('is readable on a terminal', () => {
    const lines: string[] = [];
    createLogger({ isPretty: true, write: (line) => void lines.push(line) }).warn({ count: 2 }, 'hello');

    expect(lines.join('')).toMatch(/WARN.*: hello\n\s+count: 2\n/);
  });

  it.each([
    'authorization',
    'proxy-authorization',
    'headers',
    'body',
    'token',
    'password',
    'value',
    'cookie',
    'credential',
    'url',
  ])('withholds %s should it ever be passed', (name) => {
    const canary = ['can', 'ary'].join('-');
    const text = JSON.stringify(
      linesOf({}, (logger) => {
        logger.info({ [name]: canary }, 'top');
        logger.info({ request: { [name]: canary } }, 'below');
        logger.info({ [name]: { deep: { down: canary } } }, 'whole');
      }),
    );

    expect(text).not.toContain(canary);
    expect(text.split('[withheld]')).toHaveLength(4);
  });

  it.each(['error', 'err', 'cause'])('describes an %s without the text that it quotes', (name) => {
    const canary = ['can', 'ary'].join('-');
    let failure: unknown;
    try {
      JSON.parse(`{"key": ${canary}}`);
    } catch (error: unknown) {
      failure = new AppError('ERR_INPUT_DATA', 'the body is not JSON', { cause: error });
    }
    const text = JSON.stringify(linesOf({}, (logger) => logger.error({ [name]: failure }, 'failed')));

    expect(text).not.toContain(canary);
    expect(text).toContain('the body is not JSON');
    expect(text).toContain('SyntaxError');
  });

  it('keeps a cause that is a code', () => {
    expect(linesOf({}, (logger) => logger.error({ cause: 'SQLITE_FULL' }, 'x'))).toMatchObject([
      { cause: 'SQLITE_FULL' },
    ]);
  });
});

describe('a described error', () => {
  it('names type, code and place', () => {
    const described = describeError(new AppError('ERR_IO', 'cannot write x'));

    expect(described).toMatchObject({ type: 'AppError', code: 'ERR_IO', message: 'cannot write x' });
    expect(described.stack?.[0]).toMatch(/^at /);
  });

  it('leaves out lines of the message that look like the stack', () => {
    const error = new Error('first\n    at canary');

    expect(JSON.stringify(describeError(error))).not.toContain('canary');
  });

  it('follows causes, but not for ever', () => {
    const error = new Error('x');
    error.cause = error;

    expect(JSON.stringify(describeError(error)).match(/"type"/g)).toHaveLength(5);
  });

  it('says only the type of what is no error', () => {
    expect(describeError('canary')).toEqual({ type: 'string' });
  });
});
