/** `soak body`: one body of 1 GB that is a single JSON string, made on the fly, passes with flat memory. */
import { Readable } from 'node:stream';
import { ProxyAgent } from 'undici';
import { z } from 'zod';
import { startSluice } from '../helpers/sluice.ts';
import { inspectedHost } from './mix.ts';
import { rssMb, watchMemory } from './process.ts';
import type { Check } from './soak.ts';
import { startSoakVendor } from './vendor.ts';

const bodyBytes = 1_000_000_000;
/** A hundred times less than the body, and above what gathering may hold before it turns to streaming (64 MiB). */
const mostRiseMb = 150;
const timeLimitMs = 600_000;

const opening = '{"model":"m","messages":[{"role":"user","content":"';
const closing = '"}]}';
const line = '  const total = items.reduce((sum, item) => sum + item.price * item.count, 0); // \\"ok\\" – 漢字\\n';

/** A body of exactly so many bytes. */
function* longString(bytes: number): Generator<Buffer> {
  const chunk = Buffer.from(line.repeat(600));
  let left = bytes - opening.length - closing.length;
  yield Buffer.from(opening);
  for (; left >= chunk.length; left -= chunk.length) yield chunk;
  yield Buffer.from('.'.repeat(left) + closing);
}

/** Sends it, once spilled from gathering and once streamed from the start. */
export async function soakBody(
  folder: string,
  release: 'verdict' | 'stream',
  bytes = bodyBytes,
): Promise<readonly Check[]> {
  const vendor = await startSoakVendor([]);
  const sluice = await startSluice(folder, {
    connect: { [inspectedHost]: vendor.port },
    vendorCa: vendor.caPath,
    config: { release },
  });
  const dispatcher = new ProxyAgent({
    uri: `http://127.0.0.1:${sluice.port}`,
    requestTls: { ca: sluice.ca },
    headersTimeout: timeLimitMs,
    bodyTimeout: timeLimitMs,
  });
  const post = async (size: number): Promise<unknown> => {
    const { body } = await dispatcher.request({
      origin: `https://${inspectedHost}`,
      path: '/v1/messages?mode=count',
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': String(size) },
      body: Readable.from(longString(size)),
    });
    return body.json();
  };
  try {
    await post(1_000_000);
    const idle = rssMb(sluice.pid);
    const memory = watchMemory(sluice.pid);
    const answer = await post(bytes);
    const rise = Math.max(...memory.stop()) - idle;
    const { size } = z.object({ size: z.number() }).parse(answer);
    return [
      { name: `${release}: the whole body arrives`, isKept: size === bytes, detail: `${size} of ${bytes} bytes` },
      {
        name: `${release}: memory stays flat`,
        isKept: rise <= mostRiseMb,
        detail: `${rise.toFixed(0)} MB over idle, at most ${mostRiseMb}`,
      },
    ];
  } finally {
    await dispatcher.destroy();
    await sluice.stop();
    await vendor.stop();
  }
}
