/** Which headers of a request go upstream, and whether trailers may follow its body. */
import { headerValue, withoutHeaders, type HeaderList } from '../core/http.ts';
import type { ClientSide } from './client-side.ts';
import { endToEnd, namedByConnection } from './headers.ts';

/** Set by us on the way out: the body's framing, and Expect, which is answered here. */
const framing: ReadonlySet<string> = new Set(['content-length', 'expect', 'trailer']);
const framingButTrailer: ReadonlySet<string> = new Set(['content-length', 'expect']);

export interface OutgoingHeaders {
  readonly headers: HeaderList;
  /** Whether trailers may follow: the client announces them, or speaks HTTP/2 and says that it takes some. */
  readonly mayTrail: boolean;
  /** The headers that the client's connection names: they concern nobody else. */
  readonly named: ReadonlySet<string>;
}

/**
 * @param inspected the headers as the inspection leaves them
 * @param declared the length that the client declares for its body, if it does
 */
export function outgoingHeaders(
  client: Pick<ClientSide, 'headers' | 'protocol' | 'hasBody'>,
  inspected: HeaderList,
  declared: number | undefined,
): OutgoingHeaders {
  const isHttp2 = client.protocol === 'h2';
  const announces = headerValue(client.headers, 'trailer') !== undefined && declared === undefined;
  const mayTrail = client.hasBody && (announces || (isHttp2 && headerValue(client.headers, 'te') !== undefined));
  const named = namedByConnection(client.headers);
  const headers = withoutHeaders(endToEnd(inspected, named, isHttp2), mayTrail ? framingButTrailer : framing);
  return { headers, mayTrail, named };
}
