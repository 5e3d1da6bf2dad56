/** How a refusal reaches a person: as the vendor's error, or as an assistant's message where errors are hidden. */
import type { LocalReply } from '../core/http.ts';
import { refusalMessage, type RefusalCause } from '../policy/refusal.ts';
import type { Provider, ReplyContext } from '../providers/provider.ts';

/** Clients that hide the body of any error (seen on the wire): Droid, Qoder, Auggie. */
const hidesErrors: ReadonlySet<string> = new Set(['factory-cli', 'qoder', 'augment.cli']);

/** `block.as`: the form a refusal takes. */
export type RefusalForm = 'error' | 'message' | 'auto';

/** Builds the reply that refuses a request. A message is only possible where the provider has one. */
export function refusalReply(
  cause: RefusalCause,
  form: RefusalForm,
  provider: Provider,
  client: string,
  context: ReplyContext,
): LocalReply {
  const text = refusalMessage(cause, context.id);
  const isMessage = form === 'message' || (form === 'auto' && hidesErrors.has(client));
  return isMessage ? provider.message(text, context) : provider.refusal(text, context);
}
