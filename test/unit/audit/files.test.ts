import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensurePrivate, readTextIfThere, recordFiles, replaceFile } from '../../../src/audit/files.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

describe("the record's files", () => {
  it('stand in the home', () => {
    expect(recordFiles('/home')).toEqual({
      database: join('/home', 'record.db'),
      key: join('/home', 'record.key'),
      checkpoints: join('/home', 'checkpoints.log'),
    });
  });

  it.skipIf(process.platform === 'win32')('are private, whether they are new or were open to others', () => {
    const folder = temporaryFolder();
    const [fresh, open] = [join(folder, 'fresh'), join(folder, 'open')];
    writeFileSync(open, 'kept', { mode: 0o666 });

    ensurePrivate(fresh);
    ensurePrivate(open);
    replaceFile(join(folder, 'replaced'), 'x');

    const modes = [fresh, open, join(folder, 'replaced')].map((path) => statSync(path).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600, 0o600]);
    expect(readFileSync(open, 'utf8')).toBe('kept');
  });

  it('are replaced as a whole', () => {
    const path = join(temporaryFolder(), 'file');
    replaceFile(path, 'a longer text');
    replaceFile(path, 'short');

    expect(readTextIfThere(path)).toBe('short');
    expect(existsSync(`${path}.new`)).toBe(false);
  });

  it('may be absent, but not unreadable', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'a-folder'));

    expect(readTextIfThere(join(folder, 'none'))).toBeUndefined();
    expect(() => readTextIfThere(join(folder, 'a-folder'))).toThrowError('EISDIR');
  });
});
