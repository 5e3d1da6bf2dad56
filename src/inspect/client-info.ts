/** Who a client says it is: a claim, kept short and plain before it is recorded. */
import type { ClientInfo } from '../core/decision.ts';
import { headerValue, type HeaderList } from '../core/http.ts';

const product = /^([A-Za-z][\w.-]{0,39})(?:\/([\w.+-]{1,40}))?/;

/** Reads the client's name and version from its first user-agent product (RFC 9110 §10.1.5). */
export function clientInfo(headers: HeaderList, user: string | undefined): ClientInfo {
  const match = product.exec(headerValue(headers, 'user-agent') ?? '');
  const who = { app: match?.[1] ?? 'unknown', version: match?.[2] ?? 'unknown' };
  return user === undefined ? who : { ...who, user };
}
