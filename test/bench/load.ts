/** The load generator, a process of its own: takes orders, makes requests through a proxy or none, reports times. */
import { Readable } from 'node:stream';
import { Agent, ProxyAgent } from 'undici';
import { createBodies, payload, payloadChunks } from './payload.ts';
import { percentile, vendorHost } from './protocol.ts';
import type { Dispatcher } from 'undici';
import type { Job, Order, Outcome, Route } from './protocol.ts';

/** How long one request may take before the job counts as failed. */
const timeLimitMs = 120_000;

function dispatcherFor(route: Route, connections: number): Dispatcher {
  const limits = { connections, pipelining: 1, headersTimeout: timeLimitMs, bodyTimeout: timeLimitMs };
  if (route.proxyPort !== undefined) {
    return new ProxyAgent({ uri: `http://127.0.0.1:${route.proxyPort}`, requestTls: { ca: route.ca }, ...limits });
  }
  return new Agent({
    connect: { ca: route.ca, lookup: (_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]) },
    ...limits,
  });
}

/** Kept from job to job, so that a job measures requests and not the opening of connections. */
const kept = new Map<string, Dispatcher>();

function keptDispatcher(route: Route, connections: number): Dispatcher {
  const key = `${route.proxyPort ?? ''} ${route.vendorPort} ${connections}`;
  const dispatcher = kept.get(key) ?? dispatcherFor(route, connections);
  kept.set(key, dispatcher);
  return dispatcher;
}

const headers = {
  'content-type': 'application/json',
  accept: 'application/json',
  'anthropic-version': '2023-06-01',
  'x-api-key': 'sk-ant-api03-FAKE',
  'user-agent': 'sluice-bench/1',
};

function ask(route: Route, body: Buffer | Readable, length: number, mode = 'small'): Dispatcher.RequestOptions {
  return {
    origin: `https://${vendorHost}:${route.vendorPort}`,
    method: 'POST',
    path: `/v1/messages?mode=${mode}`,
    headers: { ...headers, 'content-length': String(length) },
    body,
  };
}

/** Makes one request and returns the milliseconds to its end, or (for `sse`) to its first event. */
async function timed(dispatcher: Dispatcher, options: Dispatcher.RequestOptions, toFirst = false): Promise<number> {
  const started = performance.now();
  const { statusCode, body } = await dispatcher.request(options);
  let first = 0;
  for await (const chunk of body) if (first === 0 && Buffer.isBuffer(chunk)) first = performance.now();
  if (statusCode !== 200) throw new Error(`status ${statusCode}`);
  return (toFirst ? first : performance.now()) - started;
}

/** Kept from job to job: what one request sent, no later one sends again but as its history. */
const keptBodies = new Map<string, () => Buffer>();

async function posts(route: Route, job: Job & { readonly kind: 'post' }): Promise<readonly number[]> {
  const { bytes, count, concurrency, repeated } = job;
  const key = `${bytes} ${repeated}`;
  const nextBody = keptBodies.get(key) ?? createBodies(bytes, repeated);
  keptBodies.set(key, nextBody);
  const dispatcher = keptDispatcher(route, concurrency);
  const times: number[] = [];
  let left = count;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      times.push(await timed(dispatcher, ask(route, nextBody(), bytes)));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return times;
}

async function firstEvents(route: Route, count: number): Promise<readonly number[]> {
  const dispatcher = keptDispatcher(route, 1);
  const body = payload(2048);
  const times: number[] = [];
  for (let at = 0; at < count; at += 1) times.push(await timed(dispatcher, ask(route, body, body.length, 'sse'), true));
  return times;
}

async function connections(route: Route, count: number): Promise<readonly number[]> {
  const body = payload(512);
  const times: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const dispatcher = dispatcherFor(route, 1);
    times.push(await timed(dispatcher, ask(route, body, body.length)));
    await dispatcher.destroy();
  }
  return times;
}

/** 10 MB each way: far more than the kernel's buffers hold. */
const stalledBytes = 10_000_000;

async function stall(route: Route, job: Job & { readonly kind: 'stall' }): Promise<readonly number[]> {
  const dispatcher = dispatcherFor(route, job.streams);
  const isUp = job.direction === 'up';
  const body = payload(isUp ? stalledBytes : 512);
  const mode = isUp ? 'stall' : 'flood';
  const started = Array.from({ length: job.streams }, async () => {
    // Never read to its end; dropping it below is what ends it.
    const reply = await dispatcher.request(ask(route, body, body.length, mode));
    reply.body.on('error', () => undefined);
  });
  // A refusal or the drop at the end rejects; neither is of interest here.
  const settled = Promise.allSettled(started);
  await new Promise((resolve) => setTimeout(resolve, job.holdMs));
  await dispatcher.destroy();
  await settled;
  return [job.holdMs];
}

async function upload(route: Route, bytes: number): Promise<readonly number[]> {
  const dispatcher = dispatcherFor(route, 1);
  const time = await timed(dispatcher, ask(route, Readable.from(payloadChunks(bytes)), bytes));
  await dispatcher.destroy();
  return [time];
}

function samples(job: Job, route: Route): Promise<readonly number[]> {
  switch (job.kind) {
    case 'post':
      return posts(route, job);
    case 'sse':
      return firstEvents(route, job.count);
    case 'connect':
      return connections(route, job.count);
    case 'stall':
      return stall(route, job);
    case 'upload':
      return upload(route, job.bytes);
  }
}

async function carryOut({ id, job, route }: Order): Promise<Outcome> {
  const started = performance.now();
  try {
    const times = await samples(job, route);
    const seconds = (performance.now() - started) / 1000;
    return { id, seconds, requests: times.length, p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
    const seconds = (performance.now() - started) / 1000;
    return { id, seconds, requests: 0, p50: Number.NaN, p99: Number.NaN, error: `${String(error)}${cause}` };
  }
}

process.on('message', (order: Order) => {
  void carryOut(order).then((outcome) => process.send?.(outcome));
});
process.on('disconnect', () => process.exit(0));
