/** Text of the wire on its way into the record: host names, methods, what a client calls itself. */
import { utf8 } from '../core/bytes.ts';
import type { InspectorParts } from './parts.ts';
import { createRemembered } from './remembered.ts';

/** Makes the function that returns text as it is, or a digest where the detector finds a secret in it. */
export function createRecordable({
  matcher,
  protectedValues,
  fingerprint,
}: Pick<InspectorParts, 'matcher' | 'protectedValues' | 'fingerprint'>): (text: string) => string {
  const remembered = createRemembered<string>();
  const judge = (text: string): string => {
    const bytes = utf8(text);
    const isClean =
      matcher.scan(bytes, 0, true).matches.every(({ rule }) => rule.category !== 'secret') &&
      protectedValues.every((known) => known.scan(bytes, 0, true).matches.length === 0);
    return isClean ? text : `~${fingerprint(bytes).slice(-16)}`;
  };
  return (text) => remembered.of(text, judge);
}
