/** Reads the failure that a proxy tells another process of: on its standard output, or as the admin port's answer. */
import { AppError, errorCodes, type ErrorCode } from '../core/errors.ts';

const isCode = (code: string): code is ErrorCode => Object.hasOwn(errorCodes, code);

/** The failure in `{"error":{"code","message","hint"?}}`; undefined when a value is something else. */
export function failureIn(value: unknown): AppError | undefined {
  if (typeof value !== 'object' || value === null || !('error' in value)) return undefined;
  const { error } = value;
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, message, hint }: Partial<Record<'code' | 'message' | 'hint', unknown>> = error;
  if (typeof code !== 'string' || !isCode(code) || typeof message !== 'string') return undefined;
  return new AppError(code, message, typeof hint === 'string' ? { hint } : {});
}
