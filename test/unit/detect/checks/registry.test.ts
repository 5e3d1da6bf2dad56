/** The named checks: what holds, what does not, and that generated values satisfy them. */
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../../src/core/bytes.ts';
import { crc32, passesLuhn } from '../../../../src/detect/checks/checksums.ts';
import { checkNamed } from '../../../../src/detect/checks/registry.ts';

/** Runs a check on a value that stands between two texts. */
function holds(name: string, value: string, before = '', after = ''): boolean {
  const start = utf8(before).length;
  const end = start + utf8(value).length;
  return checkNamed(name, 'test').test({ text: utf8(before + value + after), start, end, value });
}

describe('checksums', () => {
  it('computes the CRC-32 of the check text of its catalogue', () => {
    expect(crc32('123456789')).toBe(0xcbf43926);
  });

  it.each([
    ['79927398713', true],
    ['79927398710', false],
  ])('knows whether %s passes Luhn', (digits, expected) => {
    expect(passesLuhn(digits)).toBe(expected);
  });

  it.each([
    ['github-crc32', `ghp_${'a1B2c3'.repeat(6)}`],
    ['gitlab-crc32', `glpat-${'a1B2c3'.repeat(6)}.01.0a0000000`],
    ['crc32-upper-hex', `ATBB${'a1B2c3'.repeat(4)}00000000`],
    ['body-crc32-hex', `cfut_${'a1B2c3d4'.repeat(5)}00000000`],
    ['grafana-crc32', `glsa_${'a1B2c3d4'.repeat(4)}_00000000`],
    ['github-fine-grained', `github_pat_${'a1B2c3d4e5F'.repeat(2)}_${'a'.repeat(59)}`],
    ['bech32', `AGE-SECRET-KEY-1${'QPZRY9X8GF'.repeat(5)}QQQQQQQQ`],
  ])('%s holds for a value made for it and for no other', (name, value) => {
    const made = checkNamed(name, 'test').fix?.(value) ?? '';
    const position = made.length - (name === 'github-fine-grained' ? 10 : 1);
    const other = made[position] === '0' ? '2' : '0';

    expect(holds(name, made)).toBe(true);
    expect(holds(name, made.slice(0, position) + other + made.slice(position + 1))).toBe(false);
  });

  it.each([
    ['GB82 WEST 1234 5698 7654 32', true],
    ['GB82 WEST 1234 5698 7654 33', false],
    ['GB82 WEST 1234 5698 7654', false],
  ])('knows whether %s is an account number', (iban, expected) => {
    expect(holds('iban-mod97', iban)).toBe(expected);
  });
});

describe('plausibility', () => {
  it.each([
    'CHANGEME',
    'your_api_key',
    '${TOKEN}',
    '{{ token }}',
    '<token>',
    '%s',
    'xxxxxxxxxxxx',
    'abababababab',
    '1234567890',
    'secret123',
    '***********',
    'REDACTED-VALUE',
  ])('calls %s a placeholder', (value) => {
    expect(holds('not-placeholder', value)).toBe(false);
  });

  it.each(['Tr0ub4dor&3x', 'kJ8s-2mQz', 'p4$$w0rdZ9q'])('does not call %s one', (value) => {
    expect(holds('not-placeholder', value)).toBe(true);
  });

  it.each([
    'process.env.TOKEN',
    'getToken()',
    'config->secret',
    './keys/server.key',
    'https://acme.test/x',
    'id_rsa.pem',
  ])('calls %s code', (value) => {
    expect(holds('not-code', value)).toBe(false);
  });

  it('calls what is called code', () => {
    expect(holds('not-code', 'loadKey9', '', '(x)')).toBe(false);
    expect(holds('not-code', 'loadKey9', '', '"')).toBe(true);
  });

  it.each([
    ['access_token', false],
    ['primary-button', false],
    ['userPasswordField', false],
    ['xkqzvbpw', true],
    ['a8Kq2mZx', true],
  ])('tells words from what is none: %s', (value, expected) => {
    expect(holds('not-words', value)).toBe(expected);
  });
});

describe('names', () => {
  it.each([
    ['DB_PASSWORD=', true],
    ['"client_secret": "', true],
    ['\\"apiKey\\": \\"', true],
    ['\\nAPI_TOKEN=', true],
    ["os.environ['AUTH_TOKEN'] = '", true],
    ['authToken: string = "', true],
    ['password1: ', true],
    ['tokenType = "', false],
    ['secretName: ', false],
    ['password_field="', false],
    ['max_tokens_per_page: ', false],
    ['passenger = "', false],
  ])('reads the name of %s', (before, expected) => {
    expect(holds('secret-name', 'a8Kq2mZx', before)).toBe(expected);
  });

  it('takes an identifier for a value only where configuration stands', () => {
    expect(holds('bare-assignment', 'hunter2x', 'DB_PASSWORD=', '\n')).toBe(true);
    expect(holds('bare-assignment', 'hunter2x', 'password = ', ';')).toBe(false);
    expect(holds('bare-assignment', 'tokens2', 'token = ', '[0]')).toBe(false);
  });
});

describe('numbers', () => {
  it.each([
    [' ', ' ', true],
    ['v1.', ' ', false],
    ['/', ' ', false],
    [' ', '.5', false],
    [' ', '.', true],
    [' ', '-a', false],
  ])('needs a clear boundary: %j … %j', (before, after, expected) => {
    expect(holds('clear-boundary', '4111111111111111', before, after)).toBe(expected);
  });

  it.each([
    ['joe@corp.io', true],
    ['git@github.com', false],
    ['joe@example.com', false],
    ['icon@sprite.png', false],
    ['noreply@corp.io', false],
  ])('knows whose address %s is', (address, expected) => {
    expect(holds('personal-address', address)).toBe(expected);
  });

  it('refuses numbers that are not assigned or were published', () => {
    expect(holds('us-ssn', '219-09-9999')).toBe(false);
    expect(holds('us-ssn', '666-12-3456')).toBe(false);
    expect(holds('us-ssn', '234-12-3456')).toBe(true);
  });
});

it('names the nearest check when one is unknown, and where all are listed', () => {
  expect(() => checkNamed('luhm', 'acme')).toThrow(
    expect.objectContaining({
      message: 'rule acme: no check is named luhm',
      hint: 'did you mean luhn? rules/README.md and rules/schema.json list all checks',
    }),
  );
});

describe('checks of form', () => {
  const token = 'q7Kx9vR2mZ4nB8tLp3Wd';
  it.each([
    ['not-code', `s.${token}`, '', '', true],
    ['not-code', `${token}.${token}`, '', '', true],
    ['not-code', 'config.auth.accessToken', '', '', false],
    ['not-code', 'self._lib.NID_pbe_WithSHA1And3_Key_TripleDES_CBC', '', '', false],
    ['not-code', '_POLY1305_KEY_SIZE:', '', '', false],
    ['not-code', 'self.key_password,', '', '', false],
    ['not-code', `${token},`, '', '', true],
    ['not-words', '*.*.*.password', "'", "'", false],
    ['not-words', 'sodium_crypto_scryptsalsa208sha256_str', "'", "'", false],
    ['not-words', 'abcd1234efgh5678', "'", "'", true],
    ['token-ends', token, '', '.', true],
    ['token-ends', token, '', '-x', false],
    ['not-public-prefix', `pk_live_${token}`, '', '', false],
    ['not-public-prefix', `ak_live_${token}`, '', '', true],
    ['secret-like', token, '', '', true],
    ['secret-like', 'access_token', '', '', false],
    ['has-digit-or-sign', 'crow!', '', '', true],
    ['has-digit-or-sign', 'obligatoria', '', '', false],
    ['base64-text', Buffer.from('quiet-plum-1').toString('base64'), '', '', true],
    ['base64-text', Buffer.from([0, 1, 2, 3, 4, 5]).toString('base64'), '', '', false],
    ['base64-text', Buffer.from('-----BEGIN CERTIFICATE----').toString('base64'), '', '', false],
    ['base64-text', 'abc', '', '', false],
  ])('%s of %j between %j and %j: %s', (name, value, before, after, expected) => {
    expect(holds(name, value, before, after)).toBe(expected);
  });
});
