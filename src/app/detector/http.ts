/** A detector behind HTTP: Presidio Analyzer's own interface. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { SecureContext } from 'node:tls';
import { utf8 } from '../../core/bytes.ts';
import { systemCode } from '../../core/errors.ts';
import { addressProblem, checkedLookup } from './address.ts';
import { DetectorFailure } from './failure.ts';
import { mostAnswerBytes, type SentQuestion, type Transport } from './transport.ts';

export interface HttpDetectorOptions {
  readonly url: string;
  /** Connections at one time. */
  readonly concurrency: number;
  /** The roots that an https service is checked by. */
  readonly secureContext?: SecureContext;
}

/** A connection that was kept may have been closed at the other end meanwhile: then a question is sent once more. */
class ClosedMeanwhile extends Error {}

/** Reads an answer to its end. */
async function readBody(reply: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of reply) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > mostAnswerBytes) throw new DetectorFailure('invalid', 'its answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function readReply(reply: IncomingMessage): Promise<unknown> {
  if (reply.statusCode !== 200) {
    reply.resume();
    // A redirect is not followed: it would carry the text to where nobody sent it.
    throw new DetectorFailure('unavailable', `it answered with status ${String(reply.statusCode ?? 0)}`);
  }
  const body = await readBody(reply);
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    // The parser's own words would quote the answer, which may hold what was asked.
    throw new DetectorFailure('invalid', 'its answer is not JSON');
  }
}

/** Makes the transport; nothing is connected until the first question. */
export function createHttpDetector({ url, concurrency, secureContext }: HttpDetectorOptions): Transport {
  const target = new URL(url);
  const isSecret = target.protocol === 'https:';
  const options = { keepAlive: true, maxSockets: concurrency };
  const agent = isSecret ? new HttpsAgent({ ...options, secureContext }) : new HttpAgent(options);
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const problem = isIP(host) === 0 ? undefined : addressProblem(host, isSecret);

  const send = (body: Uint8Array, signal: AbortSignal): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
      const request = (isSecret ? httpsRequest : httpRequest)(
        target,
        { method: 'POST', agent, headers, lookup: checkedLookup(isSecret) },
        (reply) => void readReply(reply).then(resolve, rejectWith),
      );
      const abort = (): void => {
        request.destroy();
        reject(signal.reason instanceof Error ? signal.reason : new DetectorFailure('unavailable', 'it was given up'));
      };
      function rejectWith(error: unknown): void {
        const isStale = request.reusedSocket && systemCode(error) === 'ECONNRESET';
        if (error instanceof DetectorFailure) reject(error);
        else if (isStale) reject(new ClosedMeanwhile());
        // Node's messages name addresses, never what was sent; a code is enough.
        else reject(new DetectorFailure('unavailable', `it cannot be reached (${systemCode(error) ?? 'refused'})`));
        request.destroy();
      }
      signal.addEventListener('abort', abort, { once: true });
      request.on('error', rejectWith);
      request.on('close', () => signal.removeEventListener('abort', abort));
      if (signal.aborted) abort();
      else request.end(body);
    });

  return {
    isWarm: true,
    async ask(question: SentQuestion, signal: AbortSignal) {
      if (problem !== undefined) throw new DetectorFailure('unavailable', `its address may not be used: ${problem}`);
      const body = utf8(JSON.stringify(question));
      for (;;) {
        try {
          return await send(body, signal);
        } catch (error: unknown) {
          if (!(error instanceof ClosedMeanwhile)) throw error;
        }
      }
    },
    close: () => agent.destroy(),
  };
}
