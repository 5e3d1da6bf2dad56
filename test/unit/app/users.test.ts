import { describe, expect, it } from 'vitest';
import { parseUsers, userLine } from '../../../src/app/users.ts';

const password = 'correct horse battery';

describe('the users file', () => {
  it('accepts a line it made, with its password only', async () => {
    const users = parseUsers(`# people\n\n${await userLine('ada', password)}\n`, 'users');

    expect(users.size).toBe(1);
    await expect(users.verify('ada', password)).resolves.toBe(true);
    await expect(users.verify('ada', password)).resolves.toBe(true);
    await expect(users.verify('ada', password + ' ')).resolves.toBe(false);
    await expect(users.verify('bob', password)).resolves.toBe(false);
    await expect(users.verify('ada:', password)).resolves.toBe(false);
  });

  it('never holds the password', async () => {
    expect(await userLine('ada', password)).not.toContain(password);
  });

  it.each(['ada', 'ada:secret', 'ada:scrypt$1$2', 'ada:scrypt$99999999999$8$1$AAAA$AAAA', ':x'])(
    'names the line that is not of the form: %s',
    (line) => {
      expect(() => parseUsers(`# first\n${line}`, 'users')).toThrowError(
        expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: expect.stringContaining('users:2') }),
      );
    },
  );

  it.each([
    ['a b', password],
    ['ada', 'short'],
  ])('refuses the name %s or its weak password', async (name, secret) => {
    await expect(userLine(name, secret)).rejects.toMatchObject({ code: 'ERR_USAGE' });
  });
});
