import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { authorityPaths, readIfPresent, requirePrivate, shortFingerprint } from '../../../src/certs/authority-files.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

describe('the files of an authority', () => {
  it('stand together in the home', () => {
    const home = join('/', 'home', 'x');

    expect(authorityPaths(home).key).toBe(join(home, 'ca', 'ca.key'));
    expect(authorityPaths(home).certificate).toBe(join(home, 'ca', 'ca.crt'));
  });

  it('are named by eight digits of a fingerprint', () => {
    expect(shortFingerprint('AB:CD:EF:01:23:45')).toBe('abcdef01');
  });

  it('are undefined where absent, and an error where unreadable', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'folder'));

    expect(readIfPresent(join(folder, 'none'))).toBeUndefined();
    expect(() => readIfPresent(join(folder, 'folder'))).toThrowError(expect.objectContaining({ code: 'ERR_IO' }));
  });

  it.runIf(process.platform !== 'win32').each([0o640, 0o604, 0o644, 0o660, 0o601])(
    'refuses a key that the group or others can read (mode %o)',
    (mode) => {
      const path = join(temporaryFolder(), 'key');
      writeFileSync(path, 'x');
      chmodSync(path, mode);

      expect(() => {
        requirePrivate(path);
      }).toThrowError(expect.objectContaining({ code: 'ERR_CA_KEY_READABLE' }));
    },
  );

  it('accepts a key of its owner alone', () => {
    const path = join(temporaryFolder(), 'key');
    writeFileSync(path, 'x');
    for (const mode of [0o600, 0o400]) {
      chmodSync(path, mode);
      expect(() => {
        requirePrivate(path);
      }).not.toThrow();
    }
  });
});
