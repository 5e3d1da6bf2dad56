import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSafely } from '../../../src/config/safety.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-safety-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const options = { kind: 'the file', maxBytes: 100 };
function put(text: string, mode = 0o600): string {
  const path = join(folder, 'f');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe('reading a file that decides', () => {
  it('gives its text, or nothing when it is not there', () => {
    expect(readSafely(put('héllo'), options)).toBe('héllo');
    expect(readSafely(join(folder, 'gone'), options)).toBeUndefined();
    expect(readSafely(join(put('x'), 'below'), options)).toBeUndefined();
  });

  it('follows a link only where that is allowed', () => {
    const link = join(folder, 'link');
    symlinkSync(put('x'), link);

    expect(readSafely(link, options)).toBe('x');
    expect(() => readSafely(link, { ...options, followsLink: false })).toThrow(/is a symbolic link/);
  });

  it('refuses what is too large, or no file', () => {
    expect(() => readSafely(put('x'.repeat(101)), options)).toThrow(/larger than 100 bytes/);
    expect(readSafely(put('x'.repeat(100)), options)).toHaveLength(100);
    expect(() => readSafely(folder, options)).toThrow(/not a regular file/);
  });

  it.skipIf(process.platform === 'win32').each([0o600, 0o644, 0o664])('reads mode %o', (mode) => {
    expect(readSafely(put('x', mode), options)).toBe('x');
  });

  it.skipIf(process.platform === 'win32').each([0o602, 0o666])('refuses mode %o', (mode) => {
    expect(() => readSafely(put('x', mode), options)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_UNSAFE' }));
  });

  it.skipIf(process.platform === 'win32')('takes a shared folder only when it is sticky', () => {
    const inner = join(folder, 'inner');
    mkdirSync(inner);
    writeFileSync(join(inner, 'f'), 'x', { mode: 0o600 });

    chmodSync(inner, 0o1777);
    expect(readSafely(join(inner, 'f'), options)).toBe('x');
    chmodSync(inner, 0o777);
    expect(() => readSafely(join(inner, 'f'), options)).toThrow(/everybody can write/);
  });
});
