/** A proxy that asks a detector over HTTP about what it holds: answers, failures, and what they come to. */
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createHttpDetector } from '../../../src/app/detector/http.ts';
import { detectorParts as partsOf } from '../../../src/app/detector/rules.ts';
import { createDetectorService } from '../../../src/app/detector/service.ts';
import { detectorSchema } from '../../../src/config/detector.ts';
import type { DecisionEntry } from '../../../src/core/decision.ts';
import type { RequestListener } from 'node:http';
import { createAnswerMemory } from '../../../src/inspect/detector/answer-memory.ts';
import type { PolicyLayer } from '../../../src/policy/layer.ts';
import { startDetector, type DetectorStandIn } from '../../helpers/detector-stand-in.ts';
import { testInspector } from '../../helpers/inspector-parts.ts';
import { readUntil, startRig, vendorHost, type Rig } from '../../helpers/proxy-rig.ts';
import { testRules } from '../../helpers/request-scan.ts';

const names = [
  'Anna Schmidt',
  'Bernd Müller',
  '🙂 Zoë Nguyễn',
  ...Array.from({ length: 12 }, (_, at) => `Person ${'abcdefghijkl'[at] ?? ''} Doe`),
];

let service: DetectorStandIn;
beforeEach(async () => {
  service = await startDetector(Object.fromEntries(names.map((name) => [name, 'PERSON'])));
});
afterEach(() => service.close());

interface Options {
  readonly detector?: object;
  readonly user?: Partial<PolicyLayer>;
  readonly settings?: { readonly gatherBytes: number };
  /** The detector that the exchange was begun for is not there any more. */
  readonly isGone?: boolean;
}

interface Detecting extends Rig {
  /** Bodies as the vendor received them. */
  readonly received: string[];
  /** What became of each question. */
  readonly asked: string[];
  /** The newest decision. */
  last(): DecisionEntry;
}

/** A proxy with a detector, and a vendor that keeps what it is sent. */
async function start({ detector = {}, user = {}, settings, isGone = false }: Options = {}): Promise<Detecting> {
  const config = detectorSchema.parse({ url: service.url, timeoutMs: 5000, ...detector });
  const transport = createHttpDetector({ url: service.url, concurrency: config.concurrency });
  const asked: string[] = [];
  const asking = createDetectorService({
    config,
    transport,
    clock: { monotonicMs: () => performance.now() },
    onAsked: (result) => void asked.push(result),
  });
  onTestFinished(() => asking.close());
  const parts = partsOf(config, createAnswerMemory());
  const rules = [...testRules, ...parts.rules.values()];
  const received: string[] = [];
  const vendor: RequestListener = (request, reply) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      received.push(text);
      reply.end('{}');
    });
  };
  const rig = await startRig({
    vendor,
    inspector: testInspector({
      user: { destinations: [{ hosts: [vendorHost], action: 'inspect' }], ...user },
      parts: { detector: parts, ruleOf: (id) => rules.find((rule) => rule.id === id) },
    }),
    deps: { detector: () => (isGone ? undefined : asking) },
    ...(settings === undefined ? {} : { settings }),
  });
  const last = (): DecisionEntry => {
    const entry = rig.recorder.decisions.at(-1);
    if (entry === undefined) throw new Error('nothing was recorded');
    return entry;
  };
  return { ...rig, received, asked, last };
}

const headers = (body: string, type = 'application/json') => ({
  host: vendorHost,
  'content-type': type,
  'content-length': String(Buffer.byteLength(body)),
});
const send = (rig: Rig, body: string, type?: string) => rig.request({ body, headers: headers(body, type) });
const mail = JSON.stringify({ text: 'Mail Anna Schmidt, please' });
const placeholder = /SLUICE_PERSON_NAME_[a-z2-7]{16}/g;

describe('a request whose text a detector looks at', () => {
  it('leaves with its names masked, and the record says so without the names', async () => {
    const rig = await start();

    const { status } = await send(rig, mail);

    expect(status).toBe(200);
    expect(rig.received[0]).toMatch(/^\{"text":"Mail SLUICE_PERSON_NAME_[a-z2-7]{16}, please"\}$/);
    expect(rig.last()).toMatchObject({ action: 'mask', findings: [{ rule: 'detector/person', where: '/text' }] });
    expect(JSON.stringify([rig.recorder.decisions, rig.recorder.outcomes, rig.logged])).not.toContain('Schmidt');
    expect(rig.last()).not.toHaveProperty('reason');
  });

  it('is the very bytes that were sent where nothing is seen, and is asked about once', async () => {
    const rig = await start();
    const body = '{ "text" : "nobody is named here" }';

    await send(rig, body);
    await send(rig, body);

    expect(rig.received).toEqual([body, body]);
    expect(service.asked).toEqual(['nobody is named here']);
  });

  it('has the time of the answer counted as time that we added', async () => {
    const rig = await start();
    service.behave = (_, reply) => {
      setTimeout(() => reply.end('[]'), 60);
      return true;
    };

    await send(rig, mail);

    const { addedMs } = await rig.recorder.outcomeOf(() => true);
    expect(addedMs).toBeGreaterThan(50);
  });

  it('is judged by its own answers, however many come at one time', async () => {
    const rig = await start({ detector: { concurrency: 3 } });

    await Promise.all(
      names.map((name, at) =>
        send(rig, JSON.stringify({ at, first: `ask ${name}`, again: `${name} has left`, shared: 'the same' })),
      ),
    );

    expect(rig.received).toHaveLength(names.length);
    for (const body of rig.received) {
      expect(names.filter((name) => body.includes(name))).toEqual([]);
      expect(new Set(body.match(placeholder)).size).toBe(1);
    }
    expect(new Set(rig.received.flatMap((body) => body.match(placeholder) ?? [])).size).toBe(names.length);
  });

  it('is refused where a label is blocked, with the label in words', async () => {
    const rig = await start({ detector: { entities: { PERSON: { kind: 'PERSON_NAME', action: 'block' } } } });

    const { status, body } = await send(rig, mail);

    expect(status).toBe(400);
    expect(body.toString()).toContain('rule detector/person');
    expect(rig.received).toEqual([]);
  });
});

describe('a detector that fails', () => {
  const slow: DetectorStandIn['behave'] = () => true;
  const failures: readonly (readonly [string, DetectorStandIn['behave'], object, string])[] = [
    ['does not answer in time', slow, { timeoutMs: 30 }, 'no answer within 30 ms'],
    ['does not answer all in time', slow, { totalMs: 30 }, 'not every answer within 30 ms'],
    ['answers with an error', (_, reply) => (reply.writeHead(503).end(), true), {}, 'status 503'],
    ['answers what is no answer', (asked, reply) => (reply.end(`I saw ${asked}`), true), {}, 'not JSON'],
    [
      'names places that there are not',
      (_, reply) => (reply.end('[{"entity_type":"PERSON","start":0,"end":999,"score":1}]'), true),
      {},
      'outside the text',
    ],
    ['hangs up', (_, reply) => (reply.destroy(), true), {}, 'cannot be reached'],
  ];

  it.each(failures)(
    'that %s: nothing leaves, and the client is told what to do',
    async (_, behave, detector, reason) => {
      service.behave = behave;
      const rig = await start({ detector });

      const { status, body } = await send(rig, mail);

      expect(status).toBe(400);
      expect(body.toString()).toContain('the detector of names and addresses has not seen all of it');
      expect(body.toString()).toContain(reason);
      expect(rig.received).toEqual([]);
      expect(rig.last()).toMatchObject({ action: 'block', reason: expect.stringContaining(reason) });
      expect(JSON.stringify([rig.recorder.decisions, rig.logged, body.toString()])).not.toContain('Schmidt');
    },
  );

  it.each(failures)(
    'that %s: what it has not seen leaves where that is said, and the record says so',
    async (_, behave, detector, reason) => {
      service.behave = behave;
      const rig = await start({ detector: { ...detector, onFailure: 'forward' } });

      const { status } = await send(rig, mail);

      expect(status).toBe(200);
      expect(rig.received).toEqual([mail]);
      expect(rig.last()).toMatchObject({
        action: 'forward',
        reason: expect.stringMatching(/^the detector has not seen all of it: /),
      });
      expect(rig.last().reason).toContain(reason);
    },
  );

  it('does not keep rules from masking what they find', async () => {
    service.behave = (_, reply) => (reply.destroy(), true);
    const rig = await start({ detector: { onFailure: 'forward' } });
    const secret = `tkn_${'b'.repeat(24)}`;

    await send(rig, JSON.stringify({ text: `use ${secret} as Anna Schmidt` }));

    expect(rig.received[0]).not.toContain(secret);
    expect(rig.last()).toMatchObject({ action: 'mask', reason: expect.stringContaining('has not seen') });
  });

  it('keeps what was answered before it failed, so that the next try needs less', async () => {
    const rig = await start({ detector: { concurrency: 1 } });
    service.behave = (asked, reply) => (asked === 'the second' ? (reply.writeHead(500).end(), true) : false);
    const body = JSON.stringify(['the first', 'the second', 'the third']);
    expect((await send(rig, body)).status).toBe(400);

    service.behave = undefined;

    expect((await send(rig, body)).status).toBe(200);
    expect(service.asked).toEqual(['the first', 'the second', 'the second', 'the third']);
  });

  it('that was taken away while a body came in has failed', async () => {
    const rig = await start({ isGone: true });

    expect((await send(rig, mail)).status).toBe(400);
    expect(rig.received).toEqual([]);
  });

  it('changes nothing where everything is only observed', async () => {
    service.behave = (_, reply) => (reply.destroy(), true);
    const rig = await start({ user: { mode: 'observe' } });

    expect((await send(rig, mail)).status).toBe(200);
    expect(rig.received).toEqual([mail]);
    expect(rig.last()).toMatchObject({ action: 'forward', reason: expect.stringContaining('has not seen') });
  });
});

describe('a client that goes away', () => {
  it('takes its question with it', async () => {
    service.behave = () => true;
    const rig = await start();
    const socket = await rig.tls();
    socket.write(
      `POST /v1/messages HTTP/1.1\r\nHost: ${vendorHost}\r\nContent-Type: application/json\r\nContent-Length: ${String(mail.length)}\r\n\r\n${mail}`,
    );
    await service.until(1);
    const startedMs = performance.now();

    socket.destroy();
    await service.untilAbandoned(1);

    expect(performance.now() - startedMs).toBeLessThan(1000);
    expect(await rig.recorder.outcomeOf(() => true)).toMatchObject({ reason: 'client gone' });
    expect(rig.received).toEqual([]);
    expect(rig.asked).toEqual([]);
    expect(rig.proxy.stats.gatheredBytes).toBe(0);
  });
});

describe('a body that cannot be held', () => {
  const large = JSON.stringify({ text: `${'some words '.repeat(600)}Anna Schmidt` });
  const settings = { gatherBytes: 4096 };
  /** Sends without a length, so that its size shows only as it comes. */
  const stream = async (rig: Rig, body: string, type: string): Promise<string> => {
    const socket = await rig.tls();
    const half = body.length >> 1;
    const chunks = [body.slice(0, half), body.slice(half)].map(
      (chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`,
    );
    socket.write(
      `POST /v1/messages HTTP/1.1\r\nHost: ${vendorHost}\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n${chunks.join('')}0\r\n\r\n`,
    );
    return readUntil(socket, '\r\n\r\n');
  };

  it.each([
    ['is larger than may be gathered', 'application/json', large],
    ['streams', 'application/x-ndjson', `${mail}\n${mail}\n`],
  ])('because it %s is refused, with the reason', async (_, type, body) => {
    const rig = await start({ settings });

    expect(await stream(rig, body, type)).toMatch(/^HTTP\/1\.1 400 /);
    expect(rig.received).toEqual([]);
    expect(rig.last()).toMatchObject({ action: 'block', reason: expect.stringContaining('it streams, or is larger') });
    expect(service.asked).toEqual([]);
  });

  it.each([
    ['is larger than may be gathered', 'application/json', large],
    ['streams', 'application/x-ndjson', `${mail}\n${mail}\n`],
  ])('because it %s is read by rules alone where that is said, and the record says so', async (_, type, body) => {
    const rig = await start({ settings, detector: { onFailure: 'forward' } });

    expect(await stream(rig, body, type)).toMatch(/^HTTP\/1\.1 200 /);
    expect(rig.received).toEqual([body]);
    expect(rig.last()).toMatchObject({ reason: 'the detector has not seen all of it: the body streamed' });
  });

  it('is held all the same where streaming is only wished for', async () => {
    const rig = await start({
      user: { release: 'stream', destinations: [{ hosts: [vendorHost], action: 'inspect' }] },
    });

    expect((await send(rig, mail)).status).toBe(200);
    expect(rig.received[0]).toMatch(placeholder);
  });
});
