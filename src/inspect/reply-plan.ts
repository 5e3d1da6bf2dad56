/** What becomes of a reply: passed on as it is, or restored. */
import type { RestoreCounts } from '../core/decision.ts';
import { headerList, headerValue, withoutHeaders, type ReplyHead } from '../core/http.ts';
import { utf8 } from '../core/bytes.ts';
import type { Placeholders } from '../mask/placeholders.ts';
import type { RestoreRules } from '../mask/stays-home.ts';
import type { Vault } from '../mask/vault.ts';
import type { Provider } from '../providers/provider.ts';
import type { PassedReply } from './exchange.ts';
import { createReplyTransform, framingOf, type ReplyTransform } from './reply/reply-transform.ts';

export interface ReplyParts {
  readonly provider: Provider;
  readonly placeholders: Placeholders;
  readonly vault: Vault;
  readonly rules: RestoreRules;
  /** The request's method: a reply to HEAD has no body. */
  readonly method: string;
  /** Content codings that can be decoded, lower case. */
  readonly codings: ReadonlySet<string>;
  readonly stoodInRequest: (text: string) => boolean;
}

/** The plan for a reply, and its counts once it has passed. */
export interface PlannedReply {
  readonly plan: PassedReply;
  counts(): RestoreCounts | undefined;
}

/** How much of a reply may be held back: more than any model writes into one call. */
const heldBytes = 16 * 1024 * 1024;
/** A comment line: every SSE reader skips it. */
const keepAlive = utf8(': keep-alive\n\n');
/** Headers that no longer hold for a body that is rewritten. */
const stale: ReadonlySet<string> = new Set([
  'content-length',
  'content-encoding',
  'content-md5',
  'digest',
  'content-digest',
  'etag',
]);

type ReplyCoding = Extract<PassedReply, { kind: 'rewrite' }>['coding'];
const codingNames: Readonly<Record<string, ReplyCoding>> = {
  identity: 'identity',
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
  br: 'br',
  zstd: 'zstd',
};

const untouched: PlannedReply = { plan: { kind: 'untouched' }, counts: () => undefined };

/** Plans a reply. Nothing was masked, or there is no body that could be read: it passes as the very bytes received. */
export function planReply(head: ReplyHead, parts: ReplyParts): PlannedReply {
  const { vault, method, codings, provider, placeholders, rules, stoodInRequest } = parts;
  const hasBody = method.toUpperCase() !== 'HEAD' && head.status >= 200 && head.status !== 204 && head.status !== 304;
  const contentType = headerValue(head.headers, 'content-type');
  const framing = framingOf(contentType);
  if (vault.size === 0 || !hasBody || framing === undefined) return untouched;
  const named = (headerList(head.headers, 'content-encoding') ?? 'identity').trim().toLowerCase();
  const coding = codings.has(named) ? codingNames[named] : undefined;
  // A coding that was not offered: its bytes are the vendor's, and pass with their placeholders.
  if (coding === undefined) return { plan: { kind: 'untouched' }, counts: () => undefined };
  const body: ReplyTransform = createReplyTransform({
    provider,
    vault,
    placeholders,
    contentType,
    limits: { heldBytes },
    rules,
    stoodInRequest,
  });
  return {
    plan: {
      kind: 'rewrite',
      headers: withoutHeaders(head.headers, stale),
      coding,
      body,
      ...(framing === 'sse' ? { keepAlive } : {}),
    },
    counts: () => body.counts,
  };
}
