import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createServer } from 'node:http';
import { addressProblem, checkedLookup } from '../../../src/app/detector/address.ts';
import { createHttpDetector } from '../../../src/app/detector/http.ts';
import type { Transport } from '../../../src/app/detector/transport.ts';
import { startDetector, type DetectorStandIn } from '../../helpers/detector-stand-in.ts';
import { listenAnywhere } from '../../helpers/listening.ts';

let service: DetectorStandIn;
beforeEach(async () => {
  service = await startDetector({ 'Anna Schmidt': 'PERSON' });
});
afterEach(() => service.close());

const never = new AbortController().signal;
const question = (text: string) => ({ text, language: 'en', score_threshold: 0.5, entities: ['PERSON'] });

function transportTo(url = service.url): Transport {
  const transport = createHttpDetector({ url, concurrency: 2 });
  onTestFinished(() => transport.close());
  return transport;
}

describe('a detector behind HTTP', () => {
  it('is asked as Presidio Analyzer is, and answers', async () => {
    const answer = await transportTo().ask(question('🙂 Anna Schmidt'), never);

    expect(answer).toEqual([{ entity_type: 'PERSON', start: 2, end: 14, score: 0.85 }]);
    expect(service.bodies).toEqual([
      { text: '🙂 Anna Schmidt', language: 'en', score_threshold: 0.5, entities: ['PERSON'] },
    ]);
  });

  it.each<[string, DetectorStandIn['behave'], string, string]>([
    [
      'an error',
      (_, reply) => (reply.writeHead(500).end('{"error":"Anna Schmidt"}'), true),
      'unavailable',
      'status 500',
    ],
    [
      'a redirect',
      (_, reply) => (reply.writeHead(307, { location: service.url }).end(), true),
      'unavailable',
      'status 307',
    ],
    ['text', (_, reply) => (reply.end('Anna Schmidt was seen'), true), 'invalid', 'not JSON'],
    ['half a document', (_, reply) => (reply.end('[{"entity_type":"PERS'), true), 'invalid', 'not JSON'],
    [
      'an answer without end',
      (_, reply) => (reply.end(Buffer.alloc(5 * 1024 * 1024, '[')), true),
      'invalid',
      'too long',
    ],
    ['a connection that is cut', (_, reply) => (reply.destroy(), true), 'unavailable', 'cannot be reached'],
    [
      'half an answer',
      (_, reply) => (reply.writeHead(200, { 'content-length': '99' }), reply.write('[', () => reply.destroy()), true),
      'unavailable',
      'cannot be reached',
    ],
  ])('that gives %s has failed, in words that quote nothing', async (_, behave, kind, message) => {
    service.behave = behave;

    const failure: unknown = await transportTo()
      .ask(question('Anna Schmidt'), never)
      .catch((error: unknown) => error);

    expect(failure).toMatchObject({ kind, message: expect.stringContaining(message) });
    expect(String(failure)).not.toContain('Anna');
  });

  it('that is not there has failed', async () => {
    const gone = createServer();
    const port = await listenAnywhere(gone);
    await new Promise((resolve) => gone.close(resolve));

    await expect(transportTo(`http://127.0.0.1:${String(port)}/`).ask(question('x'), never)).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('is asked again where a connection that was kept has been closed meanwhile', async () => {
    const transport = transportTo();
    await transport.ask(question('one'), never);
    let isFirst = true;
    service.behave = (_, reply, request) => {
      if (!isFirst) return false;
      isFirst = false;
      request.socket.resetAndDestroy();
      reply.destroy();
      return true;
    };

    expect(await transport.ask(question('two'), never)).toEqual([]);
    expect(service.asked).toEqual(['one', 'two', 'two']);
  });

  it('is told when nobody waits for its answer any more', async () => {
    service.behave = () => true;
    const gone = new AbortController();
    const answer = transportTo().ask(question('Anna Schmidt'), gone.signal);
    await service.until(1);

    gone.abort(new Error('nobody waits'));

    await expect(answer).rejects.toThrow('nobody waits');
    await service.untilAbandoned(1);
  });

  it('is not asked by somebody who has gone', async () => {
    await expect(transportTo().ask(question('x'), AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(service.asked).toEqual([]);
  });

  it.each(['http://169.254.169.254/', 'https://169.254.169.254/', 'http://93.184.216.34/', 'http://[fe80::1]/'])(
    'is not reached at %s',
    async (url) => {
      await expect(transportTo(url).ask(question('x'), never)).rejects.toMatchObject({
        kind: 'unavailable',
        message: expect.stringContaining('may not be used'),
      });
    },
  );
});

describe('the address of a detector', () => {
  it.each([
    ['127.0.0.1', false, true],
    ['::1', false, true],
    ['192.168.1.5', false, true],
    ['fd00::5', false, true],
    ['93.184.216.34', true, true],
    ['93.184.216.34', false, false],
    ['169.254.169.254', true, false],
    ['100.100.100.200', false, false],
    ['fd00:ec2::254', true, false],
    ['0.0.0.0', false, false],
  ])('%s (encrypted: %s) may be used: %s', (address, isSecret, isAllowed) => {
    expect(addressProblem(address, isSecret) === undefined).toBe(isAllowed);
  });

  it('is checked when a name is looked up', async () => {
    const found = await new Promise((resolve) => {
      checkedLookup(false)('localhost', { all: true }, (error, addresses) => resolve(error ?? addresses));
    });

    expect(found).toEqual(expect.arrayContaining([expect.objectContaining({ address: expect.any(String) })]));
  });
});
