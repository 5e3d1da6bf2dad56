/** The lines of a key in everything that is put around them. */
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/bytes.ts';
import { createMatcher } from '../../../src/detect/matcher.ts';
import { isMixed, readPem } from '../../../src/detect/pem.ts';
import { randomFrom } from '../../../src/rules/examples.ts';
import { loadRules } from '../../../src/rules/load.ts';
import { dresses } from '../../helpers/dresses.ts';

const random = randomFrom(11);
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const chars = (count: number): string =>
  Array.from({ length: count }, () => alphabet[Math.floor(random() * 64)] ?? 'A').join('');

/** A key's lines: its first as DER begins, the last short. */
function linesOf(width = 64, whole = 12, rest = 32): readonly string[] {
  const first = `MIIEvQIBADANBgkq${chars(width - 16)}`;
  return [first, ...Array.from({ length: whole - 1 }, () => chars(width)), `${chars(rest - 2)}==`];
}

function blockOf(lines: readonly string[], kind = 'PRIVATE KEY'): string {
  return [`-----BEGIN ${kind}-----`, ...lines, `-----END ${kind}-----`].join('\n');
}

const matcher = createMatcher(loadRules(['secrets/private-keys']));

/** The text with blanks for what is found. */
function masked(text: string): string {
  const bytes = utf8(text).slice();
  for (const { start, end } of matcher.scan(bytes, 0, true).matches) bytes.fill(0x20, start, end);
  return Buffer.from(bytes).toString();
}

/** The lines of a key of which a quarter is still to be read, however they are broken. */
function left(text: string, lines: readonly string[]): readonly string[] {
  return lines.filter((line) => text.includes(line.slice(0, 16)) || text.includes(line.slice(-16)));
}

const before = 'const before = 1;\n';
const after = '\n\nThis is what follows, see src/inspect/Reader2/files for more.\nBUILD=ok\n';

describe('a private key', () => {
  it.each(Object.keys(dresses))('is found whole in this dress: %s', (name) => {
    const dress = dresses[name] ?? String;
    for (const lines of [linesOf(), linesOf(70, 5, 20), linesOf(76, 20, 4), linesOf(64, 1, 24)]) {
      const text = before + dress(blockOf(lines)) + after;
      const found = masked(text);

      expect(left(found, lines)).toEqual([]);
      expect(found).toContain(before);
      expect(found).toContain(after);
    }
  });

  it.each(Object.keys(dresses))('is found where it is cut off, in this dress: %s', (name) => {
    const dress = dresses[name] ?? String;
    const lines = linesOf();
    for (const count of [1, 2, 6]) {
      const kept = lines.slice(0, count);
      const text = before + dress(['-----BEGIN RSA PRIVATE KEY-----', ...kept].join('\n')) + after;
      const found = masked(text);

      expect(left(found, kept)).toEqual([]);
      expect(found).toContain(after.trimStart());
    }
  });

  it.each(['...', '…', '[4 lines left out]', '# snip', '      ⋮', '... (12 lines omitted) ...'])(
    'is found behind what was left out of it: %s',
    (gap) => {
      const lines = linesOf();
      const block = blockOf(lines).split('\n');
      const text = [...block.slice(0, 3), gap, ...block.slice(6), 'the end'].join('\n');

      expect(left(masked(text), lines)).toEqual([]);
      expect(masked(text)).toContain('the end');
    },
  );

  it('is found between the lines of another log', () => {
    const lines = linesOf();
    const text = blockOf(lines)
      .split('\n')
      .map((line, index) => `web-1 | ${line}\n${index % 3 === 0 ? 'db-1  | checkpoint complete\n' : ''}`)
      .join('');

    expect(left(masked(text), lines)).toEqual([]);
  });

  it.each(['OPENSSH PRIVATE KEY', 'EC PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'PGP PRIVATE KEY BLOCK'])(
    'is found whatever its kind: %s',
    (kind) => {
      const lines = linesOf(70, 6, 31);

      expect(masked(`a ${blockOf(lines, kind)} b`).trim()).toMatch(/^a +b$/);
    },
  );

  it('is found behind its headers', () => {
    const lines = linesOf();
    const headers = ['Proc-Type: 4,ENCRYPTED', `DEK-Info: AES-256-CBC,${'0123456789ABCDEF'.repeat(2)}`, ''];
    for (const dress of [dresses['plain'], dresses['cat -n'], dresses['docker compose logs']]) {
      const text = dress?.(blockOf([...headers, ...lines], 'RSA PRIVATE KEY')) ?? '';

      expect(left(masked(text), lines)).toEqual([]);
    }
  });

  it.each(['plain', 'crlf', 'literal \\\\n', 'cat -n', 'diff', '<br>', 'no line ends', 'docker compose logs'])(
    'is found whole when it is long, as keys with pictures are, in this dress: %s',
    (name) => {
      const dress = dresses[name];
      if (dress === undefined) throw new Error('there is no such dress');
      const lines = linesOf(64, 3000, 32);

      const found = masked(before + dress(blockOf(lines, 'PGP PRIVATE KEY BLOCK')) + after);

      expect(left(found, lines)).toEqual([]);
      expect(found).toContain(after);
    },
  );

  it('is read no further than a value may be long, and what follows is not searched', () => {
    const lines = linesOf(64, 20_000, 32);
    const text = utf8(blockOf(lines));

    const { end, isClosed, isSettled } = readPem(text, text.indexOf(0x0a));

    expect([isClosed, isSettled]).toEqual([false, true]);
    expect(end).toBeGreaterThan(1024 * 1024);
    expect(end).toBeLessThan(1024 * 1024 + 16 * 1024);
  });

  it('of PuTTY is found whole and cut off', () => {
    const [publicLines, lines] = [linesOf(64, 4, 24), linesOf(64, 9, 24)];
    const whole = [
      'PuTTY-User-Key-File-3: ssh-rsa',
      'Encryption: none',
      'Comment: a key',
      'Public-Lines: 5',
      ...publicLines,
      'Private-Lines: 10',
      ...lines,
      `Private-MAC: ${'0a1b2c3d'.repeat(8)}`,
    ];
    for (const count of [whole.length, 13, 15]) {
      const text = `${whole.slice(0, count).join('\n')}\nthe end`;

      expect(left(masked(text), lines)).toEqual([]);
      expect(masked(text)).toContain('the end');
    }
  });

  it.each([
    ['-----BEGIN PRIVATE KEY-----'],
    ['-----BEGIN PRIVATE KEY-----\n<your key here>\n-----END PRIVATE KEY-----'],
    [`-----BEGIN PRIVATE KEY-----\n${'x'.repeat(64)}\n${'x'.repeat(64)}\n-----END PRIVATE KEY-----`],
    [
      "if (pem.startsWith('-----BEGIN PRIVATE KEY-----')) {\n  load('src/components/Settings2/providers/PrivateKey');\n}",
    ],
    ['the header `-----BEGIN RSA PRIVATE KEY-----` is followed by base64, see docs/guides/Certificates2/private-keys'],
    ['-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n-----BEGIN CERTIFICATE-----\n${certificate}'],
  ])('is not what a text says of one: %s', (text) => {
    expect(masked(text)).toBe(text);
  });

  it('ends before the certificate that follows', () => {
    const certificate = blockOf(linesOf(), 'CERTIFICATE');
    const [key] = [linesOf()];

    expect(masked(`${blockOf(key)}\n${certificate}\n`)).toContain(certificate);
    expect(masked(`-----BEGIN PRIVATE KEY-----\n${key.slice(0, 4).join('\n')}\n${certificate}\n`)).toContain(
      certificate,
    );
  });
});

describe('reading the lines of a key', () => {
  it('is settled once what follows can change nothing', () => {
    const opening = '-----BEGIN PRIVATE KEY-----';
    const text = utf8(`${opening}\n${linesOf().join('\n')}\n-----END PRIVATE KEY-----${' '.repeat(200)}`);

    expect(readPem(text, opening.length).isSettled).toBe(true);
    expect(readPem(text.subarray(0, text.length - 150), opening.length).isSettled).toBe(false);
  });

  it('tells base64 from words', () => {
    expect(isMixed(chars(64))).toBe(true);
    expect(isMixed('src/components/Dashboard2/Settings/Account/Profile')).toBe(false);
  });
});
