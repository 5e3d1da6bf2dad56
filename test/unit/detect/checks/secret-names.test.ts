/** Which names say secret, and what values they need. */
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../../src/core/bytes.ts';
import { nameChecks } from '../../../../src/detect/checks/secret-names.ts';

function holds(name: string, before: string, value: string, after = ''): boolean {
  const start = utf8(before).length;
  const check = nameChecks.find((entry) => entry.name === name);
  return check?.test({ text: utf8(before + value + after), start, end: start + utf8(value).length, value }) ?? false;
}

describe('names that say secret', () => {
  it.each([
    ['DB_PASSWORD=', true],
    ['"client_secret": "', true],
    ['password1: ', true],
    ['API_KEY_PROD=', true],
    ['adobeKey = ', true],
    ['my_password_for_crm = "', true],
    ['apikey_acme: "', true],
    ['private key: ', true],
    ['tokenType = "', false],
    ['secretName: ', false],
    ['password_field="', false],
    ['password_min_length=', false],
    ['max_tokens_per_page: ', false],
    ['passenger = "', false],
    ['cacheKey = "', false],
    ['primary key: ', false],
    ['publicToken = "', false],
    ['csrf_token=', false],
    ['nextPageToken: "', false],
    ['key_sha256: "', false],
    ['smtppass = "', true],
    ["NONCE_SALT', '", true],
    ['hash_salt = "', true],
    ['Sec-WebSocket-Key: ', false],
    ['SECRET_NAMESPACE = "', false],
  ])('%j: %s', (before, expected) => {
    expect(holds('secret-name', before, 'a8Kq2mZx')).toBe(expected);
  });
});

describe('values that suit their name', () => {
  const hex = '3f9a1c7e5b2d8046'.repeat(2);
  const uuid = '3f9a1c7e-5b2d-4804-9c1e-7d5a0b3f6e28';
  it.each([
    ['password = "', 'Zq3kp!', true],
    ['password = "', 'letters', false],
    ['adobeKey = "', hex, true],
    ['adobeKey = "', 'navigation-item-1', false],
    ['acme SECRET ', hex, true],
    ['acme SECRET ', 'Zq3kp!', false],
    ['acme_token: "', uuid, true],
    ['token: "', uuid, false],
    ['api_key "', 'a{h}o)p$e]n>b#k', true],
    ['api_key ', 'a{h}o)p$e]n>b#k', false],
    ['secret = "', `sha256-${hex}`, false],
    ['password = "', ',.:-', false],
    ['PASS: ', 'gdb.ada/assign_1.exp', false],
    ['Pass "', 'SYSTEM_ZLIB1', false],
    ['pass = "', 'Zq3kp!', true],
    ['Release GPG key: ', '3F9A1C7E5B2D8046'.repeat(2) + '3F9A1C7E', false],
    ['releaseManagerKey: "', '3f9a1c7e5b2d8046', false],
    ['adobe_key=', '3f9a1c7e5b2d8046', true],
    ['signing_key: "', `MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE${hex}`, false],
    ['api_token: "', '0x0B96', false],
    ['access_token: "', '^7.0.0-pre.1', false],
    ['session_secret: "', 'quietPlum42', true],
    ['session_token: "', 'quietPlum42', false],
  ])('%j %j: %s', (before, value, expected) => {
    expect(holds('strong-for-name', before, value, '"')).toBe(expected);
  });

  it.each([
    ['DB_PASSWORD=', 'hunter2x', '\n', true],
    ['password: ', 'hunter2x', '\n', true],
    ['db.password=', 'hunter2x', '\n', true],
    ['connecting with password=', 'hunter2x', ' user=bob', true],
    ['?password=', 'hunter2x', '&page=2', true],
    ['connect(password=', 'hunter2x', ')', false],
    ['connect(password=', 'hunter2x', ', user)', false],
    ['[client]\nuser = bob\npassword = ', 'hunter2x', '\n', true],
    ['import os\npassword = ', 'hunter2x', '\n', false],
    ['db.token=', 'hunter2x', '\n', false],
    ['API_KEY=', 'q7Kx9vR2mZ4nB8tLp3Wd', '. Then', true],
    ['API_KEY=', 'q7Kx9vR2mZ4nB8tLp3Wd', '.field', false],
    ['password = ', 'hunter2x', ';', false],
    ['http://<user>:<password>', '@proxy-host', '\n', false],
    ['class _', 'Ed25519PrivateKey', '(', false],
    ['token = ', 'tokens2', '[0]', false],
    ['api_key = ', '3f9a1c7e5b2d80463f9a1c7e5b2d8046', '', true],
    ['password="', 'hunter2x', '"', false],
  ])('without quotes %j %j before %j: %s', (before, value, after, expected) => {
    expect(holds('bare-assignment', before, value, after)).toBe(expected);
  });
});

describe('words', () => {
  it.each([
    ['password = "', 'quietPlum42', true],
    ['password = "', 'quiet_plum_42', false],
    ['password = "', 'quietplum', false],
    ['api_token = "', 'quietPlum42', false],
    ["define('DB_PASSWORD', '", 'quietPlum42', true],
    ['api_token = "', 'q7Kx9vR2mZ', true],
  ])('%j %j may be a value: %s', (before, value, expected) => {
    expect(holds('not-words-for-name', before, value, '"')).toBe(expected);
  });
});

describe('plain passwords', () => {
  it.each([
    ['password: "', 'quietlyplum', '"', true],
    ['passwordHint: "', 'quietlyplum', '"', false],
    ['token: "', 'quietlyplum', '"', false],
    ['DB_PASSWORD: ', 'quietlyplum', '\n', true],
    ['password: ', 'quietlyplum', '\n', false],
    ['password: ', 'quiet plum walks uphill', '\n', true],
    ['db.password=', 'quietlyplum', '\n', true],
    ['connect(\n    password=', 'quietlyplum', '\n)', false],
    ['password = ', 'quietlyplum', '\n', false],
    ['[client]\npassword = ', 'quietlyplum', '\n', true],
    ['   42\tdb_password=', 'quietlyplum', '\n', true],
    ['/login?password=', 'quietlyplum', '&x', true],
    ['dump --password=', 'quietlyplum', ' app', true],
    ['dump --db-password ', 'quietlyplum', ' app', true],
    ['<password>', 'quietlyplum', '</password>', true],
  ])('%j %j: %s', (before, value, after, expected) => {
    expect(holds('plain-password', before, value, after)).toBe(expected);
  });

  it('may be a word with a number where words alone are not', () => {
    expect(['access_token', 'plum2042'].map((value) => holds('not-plain-words', '', value, ''))).toEqual([false, true]);
  });

  it('may stand behind a verb', () => {
    expect(holds('bare-assignment', 'the wifi password is ', 'plum2042', ', enjoy')).toBe(true);
    expect(holds('bare-assignment', 'your password is: ', 'plum2042', '\n')).toBe(true);
    expect(holds('bare-assignment', 'the password is ', 'required', ' here')).toBe(false);
  });
});
