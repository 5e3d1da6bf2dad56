import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isLockHeld, takeLock } from '../../../src/app/lock.ts';

const lockPath = () => join(mkdtempSync(join(tmpdir(), 'sluice-lock-')), 'proxy.lock');

describe('the lock of a home', () => {
  it('is refused while it is held and given again after release', () => {
    const path = lockPath();
    const first = takeLock(path);

    expect(() => takeLock(path)).toThrowError(expect.objectContaining({ code: 'ERR_HOME_LOCKED' }));
    first.release();

    takeLock(path).release();
  });

  it('can be asked after without being taken', () => {
    const path = lockPath();
    expect(isLockHeld(path)).toBe(false);
    const lock = takeLock(path);

    expect(isLockHeld(path)).toBe(true);
    expect(isLockHeld(path)).toBe(true);
    lock.release();

    expect(isLockHeld(path)).toBe(false);
    takeLock(path).release();
  });

  it('comes free when its holder is killed', async () => {
    const path = lockPath();
    const holder = spawn(
      process.execPath,
      [
        '-e',
        `const D = require('better-sqlite3'); const d = new D(${JSON.stringify(path)});
         d.pragma('locking_mode = EXCLUSIVE'); d.exec('BEGIN EXCLUSIVE'); console.log('held'); setInterval(() => {}, 1e6);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(holder.stdout, 'data');
    expect(() => takeLock(path)).toThrowError(expect.objectContaining({ code: 'ERR_HOME_LOCKED' }));

    holder.kill('SIGKILL');
    await once(holder, 'exit');

    takeLock(path).release();
  });

  it('says so when the folder is not there', () => {
    expect(() => takeLock(join(tmpdir(), 'sluice-no-such-folder', 'x', 'proxy.lock'))).toThrowError(
      expect.objectContaining({ code: 'ERR_CANNOT_CREATE' }),
    );
  });
});
