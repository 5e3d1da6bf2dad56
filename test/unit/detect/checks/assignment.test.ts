/** What a value is called: the name before it, and how the two are tied. */
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../../src/core/bytes.ts';
import { assignmentOf } from '../../../../src/detect/checks/assignment.ts';

function read(before: string) {
  return assignmentOf({ text: utf8(`${before}a8Kq2mZx`), start: utf8(before).length });
}

describe('the name of a value', () => {
  it.each([
    ['DB_PASSWORD=', 'DB_PASSWORD', 'assigned'],
    ['"client_secret" : "', 'client_secret', 'assigned'],
    ['\\"apiKey\\":\\"', 'apiKey', 'assigned'],
    ['\\nAPI_TOKEN=', 'API_TOKEN', 'assigned'],
    ["os.environ['AUTH_TOKEN'] = '", 'AUTH_TOKEN', 'assigned'],
    ['authToken: string = "', 'authToken', 'assigned'],
    ['var apiToken string = "', 'apiToken', 'assigned'],
    ['let api_token: &str = "', 'api_token', 'assigned'],
    ['char secret[25] = "', 'secret', 'assigned'],
    ['authToken: SecureText = "', 'authToken', 'assigned'],
    ['//npm.acme.test/:_password=', '_password', 'assigned'],
    ['db:password=', 'password', 'assigned'],
    ['password = b"', 'password', 'assigned'],
    ['password = @"', 'password', 'assigned'],
    ['TOKEN :::= "', 'TOKEN', 'assigned'],
    [':password => "', 'password', 'assigned'],
    ['$env:API_KEY = "', 'API_KEY', 'assigned'],
    ['**Password:** ', 'Password', 'assigned'],
    ['**Password**: ', 'Password', 'assigned'],
    ['key ?= ', 'key', 'assigned'],
    ['setProperty("API_TOKEN", "', 'API_TOKEN', 'argument'],
    ['acme SECRET ', 'SECRET', 'beside'],
    ['acme-token-', 'acme-token', 'beside'],
    ['<apiToken>', 'apiToken', 'assigned'],
    ['the password is ', 'password', 'assigned'],
    ['', '', 'beside'],
  ])('before %j is %j, %s', (before, name, tie) => {
    expect(read(before)).toMatchObject({ name, tie });
  });

  it('keeps the word before it where only blanks lie between', () => {
    expect(read('my private key: ').qualifier).toBe('private');
    expect(read('key: ').qualifier).toBe('');
  });

  it('knows a quoted value, and a separator with blanks behind it', () => {
    expect(read('token = "')).toMatchObject({ isQuoted: true, isSpaced: true, separator: '=' });
    expect(read('token=')).toMatchObject({ isQuoted: false, isSpaced: false });
  });

  it('looks back no farther than a name is long', () => {
    expect(read(`password${' '.repeat(200)}= `).name).toBe('');
  });
});
