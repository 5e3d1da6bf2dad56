/** Whether a request body is known to end before the vendor can answer: then it is judged whole. */
import { isFormType, isJsonType, parseMediaType } from '../body/media-type.ts';
import { headerValue, type HeaderList, type RequestHead } from '../core/http.ts';

/** Methods whose requests have no body that means anything (RFC 9110 §9.3). */
const bodyless: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'DELETE', 'TRACE']);

/** The declared length in bytes; undefined when there is none. */
export function declaredLength(headers: HeaderList): number | undefined {
  const value = headerValue(headers, 'content-length');
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** A declared length, a JSON, form or multipart media type, or a method without a body makes a request unary. */
export function isUnary({ method, headers }: Pick<RequestHead, 'method' | 'headers'>): boolean {
  if (declaredLength(headers) !== undefined || bodyless.has(method.toUpperCase())) return true;
  const { essence } = parseMediaType(headerValue(headers, 'content-type'));
  return isJsonType(essence) || isFormType(essence) || essence.startsWith('multipart/');
}
