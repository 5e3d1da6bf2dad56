/** Whether a request body is known to end before the vendor can answer: then it is judged whole. */
import { isFormType, isJsonType, parseMediaType } from '../body/media-type.ts';
import { headerValue, type HeaderList } from '../core/http.ts';

/** The declared length in bytes; undefined when there is none. */
export function declaredLength(headers: HeaderList): number | undefined {
  const value = headerValue(headers, 'content-length');
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** A declared length, or a JSON, form or multipart media type, makes a body unary. */
export function isUnary(headers: HeaderList): boolean {
  if (declaredLength(headers) !== undefined) return true;
  const { essence } = parseMediaType(headerValue(headers, 'content-type'));
  return isJsonType(essence) || isFormType(essence) || essence.startsWith('multipart/');
}
