import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAuthenticate, createUserBook, readUsersFile, usersOf } from '../../../src/app/proxy-users.ts';
import { userLine } from '../../../src/app/users.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const noRuns = { authenticate: () => undefined };
const fileAt = (path: string) => readUsersFile({ auth: { mode: 'required', users: path } });

describe('the users file of a configuration', () => {
  it.each([
    ['anybody may write', 0o602, 'ERR_CONFIG_UNSAFE'],
    ['is not there', undefined, 'ERR_CONFIG_INVALID'],
  ])('refuses a file that %s', (_name, mode, code) => {
    const path = join(temporaryFolder(), 'users');
    if (mode !== undefined) {
      writeFileSync(path, '');
      chmodSync(path, mode);
    }

    expect(() => fileAt(path)).toThrowError(expect.objectContaining({ code }));
  });

  it('must name somebody', () => {
    const path = join(temporaryFolder(), 'users');
    writeFileSync(path, '# nobody yet\n', { mode: 0o600 });

    expect(() => usersOf(fileAt(path))).toThrowError(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }));
  });
});

describe('proxy credentials', () => {
  it('stand for the user they name, and for nobody where they are wrong', async () => {
    const path = join(temporaryFolder(), 'users');
    writeFileSync(path, `${await userLine('ada', 'correct horse battery')}\n`, { mode: 0o600 });
    const authenticate = createAuthenticate('required', createUserBook(fileAt(path)), noRuns);

    expect(await authenticate(basic('ada:correct horse battery'))).toMatchObject({ ok: true, peer: { user: 'ada' } });
    for (const header of [undefined, '', 'Bearer x', basic('ada'), basic('ada:wrong'), basic(':')])
      expect(await authenticate(header)).toEqual({ ok: false });
  });

  it('end with the line that they stood in, and stay good where it stays', async () => {
    const path = join(temporaryFolder(), 'users');
    const [ada, bob] = await Promise.all(['ada', 'bob'].map((name) => userLine(name, 'correct horse battery')));
    writeFileSync(path, `${ada}\n${bob}\n`, { mode: 0o600 });
    const book = createUserBook(fileAt(path));
    const authenticate = createAuthenticate('required', book, noRuns);
    const answers = async () =>
      (await Promise.all(['ada', 'bob'].map((name) => authenticate(basic(`${name}:correct horse battery`))))).map(
        ({ ok }) => ok,
      );
    expect(await answers()).toEqual([true, true]);

    writeFileSync(path, `${bob}\n`);
    book.replace(fileAt(path));
    expect(await answers()).toEqual([false, true]);

    writeFileSync(path, 'nobody\n');
    expect(() => book.replace(fileAt(path))).toThrowError(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }));
    expect(await answers()).toEqual([false, true]);
  });
});
