import { describe, expect, it } from 'vitest';
import type { RequestHead } from '../../../src/core/http.ts';
import { wantedReply } from '../../../src/inspect/wanted-reply.ts';

const head = (target = '/v1/messages', accept?: string): RequestHead => ({
  method: 'POST',
  scheme: 'https',
  host: 'vendor.test',
  port: 443,
  target,
  protocol: 'http/1.1',
  headers: accept === undefined ? [] : [['accept', accept]],
});

describe('the reply that a client wants', () => {
  it.each([
    ['a stream that the body asks for', head(), '{"stream":true,"model":"m-1"}', { isStream: true, model: 'm-1' }],
    ['no stream', head(), '{"stream":"true","model":"m-1"}', { isStream: false, model: 'm-1' }],
    ['a stream by accept', head('/x', 'text/event-stream'), '', { isStream: true }],
    ['a stream by path', head('/v1beta/models/m:streamGenerateContent'), '{}', { isStream: true }],
    ['a model that is no name', head(), '{"model":"not a name"}', { isStream: false }],
    ['nothing in what is not JSON', head(), '{"stream":tru', { isStream: false }],
    ['nothing in a list', head(), '[true]', { isStream: false }],
  ])('is %s', (_what, request, body, expected) => {
    expect(wantedReply(request, Buffer.from(body), 'the-id')).toEqual({ id: 'the-id', ...expected });
  });
});
