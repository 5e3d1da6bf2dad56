/** Whether what reached the vendor is what the assistant sent. */
import { headerValue } from '../../src/core/http.ts';
import type { HeaderList } from '../../src/core/http.ts';
import type { ReceivedRequest } from '../../src/app/stand-in/stand-in.ts';
import type { SentRequest } from './replay.ts';

/** Headers whose place, case or value belongs to each hop (RFC 9110 §7.6.1), or that name what the next hop can read. */
const perHop = new Set(['host', 'connection', 'keep-alive', 'proxy-connection', 'content-length', 'accept-encoding']);

/** The headers to compare: on HTTP/2 their order over different names is not kept. */
function comparable(headers: HeaderList, protocol: 'http/1.1' | 'h2'): string {
  const lines = headers.filter(([name]) => !perHop.has(name.toLowerCase())).map(([name, value]) => `${name}: ${value}`);
  return (protocol === 'h2' ? lines.toSorted() : lines).join('\n');
}

function codings(headers: HeaderList): readonly string[] {
  return (headerValue(headers, 'accept-encoding') ?? '').split(',').map((coding) => coding.trim());
}

/** Says how two requests differ, without their values; undefined when they are the same. */
function difference(sent: SentRequest, received: ReceivedRequest): string | undefined {
  if (sent.protocol !== received.protocol) return `${sent.protocol} became ${received.protocol}`;
  if (!sent.body.equals(received.body)) return 'another body';
  const before = comparable(sent.headers, sent.protocol).split('\n');
  const after = comparable(received.headers, sent.protocol).split('\n');
  const at = before.findIndex((line, index) => line !== after[index]);
  if (at >= 0 || before.length !== after.length) {
    const name = (lines: readonly string[]): string => lines[Math.max(at, 0)]?.split(':', 1)[0] ?? 'none';
    return `headers differ at ${name(before)} / ${name(after)} (${before.length} and ${after.length})`;
  }
  const known = codings(sent.headers);
  const added = codings(received.headers).filter((coding) => !known.includes(coding));
  return added.length > 0 && added[0] !== '' ? 'an accept-encoding was added' : undefined;
}

/** Compares every sent request with the one received in its place, by method and target in order. */
export function differences(sent: readonly SentRequest[], received: readonly ReceivedRequest[]): readonly string[] {
  const left = [...received];
  const problems: string[] = [];
  for (const request of sent) {
    const candidates = left.filter(({ method, target }) => method === request.method && target === request.target);
    const results = candidates.map((candidate) => ({ candidate, problem: difference(request, candidate) }));
    const best = results.find(({ problem }) => problem === undefined) ?? results[0];
    if (best === undefined) {
      problems.push(`${request.method} ${request.target} did not arrive`);
      continue;
    }
    left.splice(left.indexOf(best.candidate), 1);
    if (best.problem !== undefined) problems.push(`${request.method} ${request.target}: ${best.problem}`);
  }
  return [...problems, ...left.map(({ method, target }) => `${method} ${target} was never sent`)];
}
