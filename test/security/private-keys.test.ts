/** No private key is ever in the repository. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const pemKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}/;

function trackedFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  });
  return listed.split('\0').filter((path) => path !== '' && existsSync(path) && statSync(path).isFile());
}

describe.runIf(existsSync('.git'))('the repository', () => {
  it('holds no file with a private key in it', () => {
    const files = trackedFiles();

    expect(files).toContain('package.json');
    expect(files.filter((path) => pemKey.test(readFileSync(path, 'latin1')))).toEqual([]);
  });

  it('holds no file that is named like one', () => {
    expect(trackedFiles().filter((path) => /\.(?:key|p12|pfx|jks|keystore)$/i.test(path))).toEqual([]);
  });

  it('would notice one', () => {
    const body = 'M'.repeat(64);
    expect(pemKey.test(`-----BEGIN PRIVATE KEY-----\n${body}\n`)).toBe(true);
    expect(pemKey.test(`-----BEGIN EC PRIVATE KEY-----\r\n${body}\n`)).toBe(true);
  });
});
