/** The text of a refusal: what a person reads in their assistant. It never holds a value. */

/** What a request was refused for. */
export type RefusalCause =
  | {
      readonly kind: 'finding';
      readonly rule: string;
      readonly ruleTitle: string;
      /** As in a finding: a JSON pointer, `header:<name>`, `query:<name>`, `path`. */
      readonly where?: string;
      readonly source?: string;
    }
  | { readonly kind: 'destination'; readonly host: string }
  | { readonly kind: 'account'; readonly host: string }
  /** The reply sends the client, and its body with it, to a host that is not inspected. */
  | { readonly kind: 'redirect'; readonly host: string }
  | { readonly kind: 'unreadable' | 'limit' | 'detector'; readonly reason: string };

/** Wire text in a message: printable, on one line, short. */
function shown(text: string, most = 120): string {
  const line = text.replaceAll(/[^\u{20}-\u{7e}\u{a0}-\u{d7ff}\u{e000}-\u{fffd}]+/gu, ' ').trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
}

/** Says a place as people write it: `/messages/0/content` is `messages[0].content`. */
function place(where: string | undefined): string {
  if (where === undefined || where === '') return 'the request body';
  if (where === 'path') return 'the request path';
  if (where.startsWith('header:')) return `the header ${shown(where.slice(7))}`;
  if (where.startsWith('query:')) return `the query parameter ${shown(where.slice(6))}`;
  const steps = where.slice(1).split('/');
  const path = steps.map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step.replaceAll('~1', '/')}`)).join('');
  return shown(path.replace(/^\./, '').replaceAll('~0', '~'));
}

/**
 * Builds the message of a refusal: it starts with the product's name, names the rule and the place, says how to go on,
 * and ends with the command that would let the request through (where one can), else explains it. Every client re-sends its history, so the text says
 * that a new conversation starts clean.
 *
 * `where` and `source` must have been through the detector, as all that is recorded has.
 */
export function refusalMessage(cause: RefusalCause, decisionId: string): string {
  const allow = `To let it through: sluice allow ${decisionId}`;
  // An exception counts against findings only: for the rest the way on is the record.
  const why = `Details: sluice log show ${decisionId}`;
  switch (cause.kind) {
    case 'finding': {
      const source = cause.source === undefined ? '' : ` (from ${shown(cause.source)})`;
      return (
        `Sluice blocked this request: ${shown(cause.ruleTitle)} (rule ${shown(cause.rule)}) in ${place(cause.where)}${source}. ` +
        'Nothing was sent. Your assistant sends the whole conversation again each time: remove it there (rewind or undo), ' +
        `or start a new conversation without it. ${allow}`
      );
    }
    case 'destination':
      return `Sluice blocked this request: the destination ${shown(cause.host)} is not allowed here. Nothing was sent. Use another model or vendor, or change \`destinations:\` in the configuration. ${why}`;
    case 'account':
      return `Sluice blocked this request: this account may not be used with ${shown(cause.host)}. Nothing was sent. Sign in with the account your organisation lists. ${why}`;
    case 'redirect':
      return `Sluice stopped this reply: it redirects the request to ${shown(cause.host)}, which is not inspected, and your assistant would send it there unmasked. Nothing was sent there. If that host is right, list it under \`destinations:\` with \`action: inspect\`. ${why}`;
    case 'detector':
      return `Sluice blocked this request: the detector of names and addresses has not seen all of it (${shown(cause.reason)}), and what it has not seen is not sent. Try again, and if that does not help, run \`sluice doctor\`; \`detector.onFailure: forward\` would send it unseen. ${why}`;
    case 'unreadable':
    case 'limit':
      return `Sluice blocked this request: it could not be read (${shown(cause.reason)}), and what cannot be read is not sent. Remove the last attachment or start a new conversation; \`onUnreadable: forward\` would send it unread. ${why}`;
  }
}
