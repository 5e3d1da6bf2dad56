/** Errors put into words of our own: upstream and library texts may hold what must not reach a client or a log. */
import { AppError, systemCode } from '../core/errors.ts';

/** What a person can act on, by the code of the innermost error (Node's and OpenSSL's). */
const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'its name could not be resolved'],
  ['EAI_AGAIN', 'its name could not be resolved'],
  ['ECONNREFUSED', 'it refused the connection'],
  ['ETIMEDOUT', 'it did not answer in time'],
  ['UND_ERR_HEADERS_TIMEOUT', 'it did not answer in time'],
  ['UND_ERR_BODY_TIMEOUT', 'it fell silent'],
  ['ENETUNREACH', 'its network cannot be reached'],
  ['EHOSTUNREACH', 'its network cannot be reached'],
  ['CERT_HAS_EXPIRED', 'its certificate has expired'],
  ['CERT_NOT_YET_VALID', 'its certificate is not valid yet'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another name'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is self-signed (see `upstream.ca`)'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'its certificate is not trusted (see `upstream.ca`)'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its certificate is not trusted (see `upstream.ca`)'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'its certificate is not trusted (see `upstream.ca`)'],
]);

/** Returns why an upstream failed, without a word that is not ours. */
export function upstreamReason(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at instanceof AppError && (at.details['refused'] === true || at.cause === undefined)) return at.message;
    const reason = reasons.get(systemCode(at) ?? '');
    if (reason !== undefined) return reason;
  }
  return 'the connection to it failed';
}

/** An error for the log: its kind and place, never its message, which may quote what was read. */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { kind: typeof error };
  const at = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { kind: error.name, code: systemCode(error), at: at.slice(0, 4).map((line) => line.trim()) };
}
