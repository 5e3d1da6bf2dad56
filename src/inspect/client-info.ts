/** Who a client says it is: a claim, kept short and plain before it is recorded. */

const product = /^([A-Za-z][\w.-]{0,39})(?:\/([\w.+-]{1,40}))?/;

/** Reads a client's name and version from the first product of its user-agent (RFC 9110 §10.1.5). */
export function clientInfo(agent: string): { readonly app: string; readonly version: string } {
  const match = product.exec(agent);
  return { app: match?.[1] ?? 'unknown', version: match?.[2] ?? 'unknown' };
}
