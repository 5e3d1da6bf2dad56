/** Errors with a code: what they say of their cause. */
import { describe, expect, it } from 'vitest';
import { AppError, toAppError } from '../../../src/core/errors.ts';

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: told by the system`), { code });
}

describe('an AppError', () => {
  it.each([
    ['ENOSPC', 'cannot write x: no space is left on its disk'],
    ['EDQUOT', 'cannot write x: the quota of its disk is used up'],
    ['EROFS', 'cannot write x: its disk is read-only'],
    ['EACCES', 'cannot write x'],
  ])('with the cause %s says: %s', (code, message) => {
    const error = toAppError(systemError(code), 'ERR_CANNOT_CREATE', 'cannot write x');

    expect(error.message).toBe(message);
    expect(error.exitCode).toBe(73);
  });

  it('is kept as it is where one is wrapped again', () => {
    const error = new AppError('ERR_IO', 'cannot read x', { cause: systemError('ENOSPC') });

    expect(toAppError(error, 'ERR_CANNOT_CREATE', 'cannot write y')).toBe(error);
  });
});
