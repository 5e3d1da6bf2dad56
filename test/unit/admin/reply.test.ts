import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { AdminRefusal, sendFailure, sendJson } from '../../../src/admin/reply.ts';
import { AppError } from '../../../src/core/errors.ts';

interface Sent {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: unknown;
}

/** Keeps what is sent in place of writing it to a socket. */
class KeptResponse extends ServerResponse {
  text = '';

  constructor() {
    super(new IncomingMessage(new Socket()));
  }

  override end(...args: unknown[]): this {
    this.text = String(args[0]);
    const after = args.find((argument) => typeof argument === 'function');
    after?.();
    return this;
  }

  get sent(): Sent {
    return { status: this.statusCode, headers: this.getHeaders(), body: JSON.parse(this.text) };
  }
}

describe('an answer', () => {
  it('is a document that no page elsewhere can use', () => {
    const response = new KeptResponse();
    let isAfter = false;
    sendJson(response, { status: 201, body: { id: 'x' }, after: () => (isAfter = true) });

    expect(response.statusCode).toBe(201);
    expect(response.sent.body).toEqual({ schemaVersion: 1, id: 'x' });
    expect(isAfter).toBe(true);
  });
});

describe('a failure', () => {
  const failure = (error: unknown): Sent => {
    const response = new KeptResponse();
    sendFailure(response, error);
    return response.sent;
  };

  it.each([
    [new AppError('ERR_USAGE', 'no'), 400, 'ERR_USAGE'],
    [new AppError('ERR_INPUT_MISSING', 'no'), 404, 'ERR_INPUT_MISSING'],
    [new AppError('ERR_PERMISSION', 'no'), 403, 'ERR_PERMISSION'],
    [new AppError('ERR_IO', 'no'), 500, 'ERR_IO'],
    [new AdminRefusal(413, 'ERR_INPUT_DATA', 'no'), 413, 'ERR_INPUT_DATA'],
  ])('%s has the status %i and its code', (error, status, code) => {
    expect(failure(error)).toMatchObject({ status, body: { schemaVersion: 1, error: { code, message: 'no' } } });
  });

  it('tells nothing of what is not ours', () => {
    const sent = failure(new Error('canary'));

    expect(sent).toMatchObject({ status: 500, body: { error: { code: 'ERR_INTERNAL' } } });
    expect(JSON.stringify(sent)).not.toContain('canary');
  });
});
