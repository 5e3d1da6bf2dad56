import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeFileAtomic, writeFileExclusive } from '../../../src/certs/atomic-file.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('atomic files', () => {
  it.each([0o600, 0o644] as const)('have mode %o whatever the umask', (mode) => {
    const path = join(temporaryFolder(), 'a', 'file');
    const before = process.umask(0o077);

    writeFileAtomic(path, 'text', mode);
    process.umask(before);

    expect(modeOf(path)).toBe(mode);
    expect(readFileSync(path, 'utf8')).toBe('text');
  });

  it('replace what was there, its mode too, and leave nothing else behind', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'file');
    writeFileSync(path, 'old');
    chmodSync(path, 0o666);

    writeFileAtomic(path, 'new', 0o600);

    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(modeOf(path)).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('say which file could not be written, and leave nothing behind', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'plain'), '');

    const write = () => {
      writeFileAtomic(join(folder, 'plain', 'file'), 'x', 0o600);
    };

    expect(write).toThrowError(expect.objectContaining({ code: 'ERR_CANNOT_CREATE' }));
    expect(readdirSync(folder)).toEqual(['plain']);
  });

  it('leave what stands in their place when it cannot be replaced', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'taken', 'full'), { recursive: true });

    expect(() => {
      writeFileAtomic(join(folder, 'taken'), 'x', 0o600);
    }).toThrowError(expect.objectContaining({ code: 'ERR_CANNOT_CREATE' }));
    expect(readdirSync(folder)).toEqual(['taken']);
  });

  it('cannot have a name that the file system refuses', () => {
    expect(() => writeFileExclusive(join(temporaryFolder(), 'x'.repeat(300)), 'x', 0o600)).toThrowError(
      expect.objectContaining({ code: 'ERR_CANNOT_CREATE' }),
    );
  });

  it('are written by one of two exclusive writers', () => {
    const path = join(temporaryFolder(), 'key');

    expect(writeFileExclusive(path, 'first', 0o600)).toBe(true);
    expect(writeFileExclusive(path, 'second', 0o600)).toBe(false);

    expect(readFileSync(path, 'utf8')).toBe('first');
    expect(modeOf(path)).toBe(0o600);
  });

  it('fail to be made exclusively where no folder can be', () => {
    const plain = join(temporaryFolder(), 'plain');
    writeFileSync(plain, '');

    expect(() => writeFileExclusive(join(plain, 'key'), 'x', 0o600)).toThrowError(
      expect.objectContaining({ code: 'ERR_CANNOT_CREATE' }),
    );
    expect(existsSync(join(plain, 'key'))).toBe(false);
  });
});
