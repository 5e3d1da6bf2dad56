import { describe, expect, it } from 'vitest';
import { parseUsers, userLine } from '../../../src/app/users.ts';

const hash = `${'A'.repeat(22)}$${'B'.repeat(43)}`;
/** scrypt without its cost: the first password of each name is right. */
const fakeLine = (name: string): string => `${name}:scrypt$2$1$1$${hash}`;

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

  it.each([
    'ada',
    'ada:secret',
    'ada:scrypt$1$2',
    'ada:scrypt$99999999999$8$1$AAAA$AAAA',
    ':x',
    `ada:scrypt$30000$8$1$${hash}`,
    `ada:scrypt$1$8$1$${hash}`,
    `ada:scrypt$1048576$8$1$${hash}`,
    `ada:scrypt$16$0$1$${hash}`,
    `ada:scrypt$16$8$17$${hash}`,
  ])('names the line that is not of the form: %s', (line) => {
    expect(() => parseUsers(`# first\n${line}`, 'users')).toThrowError(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: expect.stringContaining('users:2') }),
    );
  });

  it.each([
    ['a b', password],
    ['ada', 'short'],
  ])('refuses the name %s or its weak password', async (name, secret) => {
    await expect(userLine(name, secret)).rejects.toMatchObject({ code: 'ERR_USAGE' });
  });

  it('names the line that is for somebody who has one', () => {
    expect(() => parseUsers(['ada', 'bob', 'ada'].map(fakeLine).join('\n'), 'users')).toThrowError(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: expect.stringContaining('users:3') }),
    );
  });
});

describe('checks of passwords', () => {
  /** Users whose checks wait to be let go, and say which they are. */
  function held() {
    const begun: string[] = [];
    const waiting: (() => void)[] = [];
    const users = parseUsers(['ada', 'bob'].map(fakeLine).join('\n'), 'users', (given, _salt, bytes) => {
      begun.push(given);
      const right = Buffer.from('B'.repeat(43), 'base64url');
      return new Promise((resolve) => {
        waiting.push(() => resolve(given.startsWith('good') ? right : Buffer.alloc(bytes)));
      });
    });
    const letGo = async (): Promise<void> => {
      waiting.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { users, begun, letGo };
  }

  it('are made one at a time, names in turn', async () => {
    const { users, begun, letGo } = held();
    const answers = [
      users.verify('ada', 'wrong 1'),
      users.verify('ada', 'wrong 2'),
      users.verify('ada', 'wrong 3'),
      users.verify('bob', 'good'),
    ];
    expect(begun).toEqual(['wrong 1']);
    for (let turn = 0; turn < 4; turn += 1) await letGo();

    expect(begun).toEqual(['wrong 1', 'wrong 2', 'good', 'wrong 3']);
    expect(await Promise.all(answers)).toEqual([false, false, false, true]);
  });

  it('lets a good login through while a thousand wrong ones come', async () => {
    const { users, begun, letGo } = held();
    const wrong = Array.from({ length: 1_000 }, (_, n) => users.verify(n % 2 === 0 ? 'ada' : `name${n}`, `wrong ${n}`));
    const good = users.verify('bob', 'good');
    for (let turn = 0; turn < 12; turn += 1) await letGo();

    expect(await good).toBe(true);
    expect(new Set(await Promise.all(wrong))).toEqual(new Set([false]));
    expect(begun.length).toBeLessThan(12);
  });

  it('are shared by connections that come at once, and remembered either way', async () => {
    const { users, begun, letGo } = held();
    const good = [1, 2, 3, 4, 5, 6, 7].map(() => users.verify('ada', 'good'));
    const wrong = [1, 2, 3, 4, 5, 6, 7].map(() => users.verify('ada', 'wrong'));
    await letGo();
    await letGo();

    expect(await Promise.all(good)).toEqual(Array.from({ length: 7 }, () => true));
    expect(await Promise.all(wrong)).toEqual(Array.from({ length: 7 }, () => false));
    expect(await users.verify('ada', 'good')).toBe(true);
    expect(await users.verify('ada', 'wrong')).toBe(false);
    expect(begun).toEqual(['good', 'wrong']);
  });

  it('remember a right password through ever so many wrong ones', async () => {
    const { users, begun, letGo } = held();
    const good = users.verify('ada', 'good');
    await letGo();
    await good;
    for (let n = 0; n < 1_100; n += 1) {
      const wrong = users.verify('ada', `wrong ${n}`);
      await letGo();
      await wrong;
    }

    expect(await users.verify('ada', 'good')).toBe(true);
    expect(begun.filter((password) => password === 'good')).toHaveLength(1);
  });
});
