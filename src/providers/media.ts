/** Which attachments are text (read) and which are pictures, sound and the like (opaque). */
import type { Meaning } from './provider.ts';

const textTypes =
  /^(?:text\/|application\/(?:json|xml|yaml|x-yaml|toml|javascript|x-sh|x-ndjson|sql|csv|[\w.-]+\+(?:json|xml))\b)/i;
const opaqueTypes = /^(?:image|audio|video|font)\/|^application\/(?:pdf|octet-stream|zip|gzip|vnd\.)/i;

/** What base64 data of a media type is; of a type that is not known it is read. */
export function attachmentMeaning(mediaType: string | undefined): Meaning {
  if (mediaType === undefined) return 'unknown';
  if (/^image\/svg\+xml/i.test(mediaType) || textTypes.test(mediaType)) return 'file';
  return opaqueTypes.test(mediaType) ? 'opaque' : 'unknown';
}
