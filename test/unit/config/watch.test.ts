import { EventEmitter, once } from 'node:events';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig, type LoadedConfig } from '../../../src/config/load.ts';
import { createConfigWatcher, type WatchOptions } from '../../../src/config/watch.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-watch-'));
  file = join(folder, 'config.yaml');
  writeFileSync(file, 'mode: enforce\n', { mode: 0o600 });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function start(apply?: (loaded: LoadedConfig) => void, beside?: WatchOptions['beside']) {
  const events = new EventEmitter();
  const signals = new EventEmitter();
  const watcher = createConfigWatcher({
    load: () =>
      loadConfig({ env: {}, cwd: folder, userFile: file, organisationFile: join(folder, 'organisation.yaml') }),
    apply: (loaded) => {
      apply?.(loaded);
      events.emit('applied', loaded.config.mode);
    },
    onError: (error) => events.emit('failed', error.code, error.message),
    files: [file],
    ...(beside === undefined ? {} : { beside }),
    signals,
  });
  onTestFinished(() => {
    watcher.close();
  });
  return { events, signals, watcher };
}

describe('watching the configuration', () => {
  it('reloads on SIGHUP', async () => {
    const { events, signals } = start();
    const applied = once(events, 'applied');

    signals.emit('SIGHUP');

    expect(await applied).toEqual(['enforce']);
  });

  it('reloads when a file is replaced', async () => {
    const { events } = start();
    const applied = once(events, 'applied');

    writeFileSync(`${file}.new`, 'mode: observe\n', { mode: 0o600 });
    renameSync(`${file}.new`, file);

    expect(await applied).toEqual(['observe']);
  });

  it('reloads when what counts beside it changes, and only then', async () => {
    const users = join(folder, 'users');
    writeFileSync(users, 'one');
    const { events, watcher } = start(undefined, { files: [users], content: () => readFileSync(users, 'utf8') });
    await watcher.reload();
    const applied = once(events, 'applied');

    writeFileSync(users, 'two');

    expect(await applied).toEqual(['enforce']);
  });

  it('keeps the old configuration when the new one is bad, and says so', async () => {
    const { events, watcher } = start();
    const failed = once(events, 'failed');
    let applied = 0;
    events.on('applied', () => applied++);

    writeFileSync(file, 'mode: off\n');

    expect(await watcher.reload()).toBe(false);
    expect(await failed).toEqual(['ERR_CONFIG_INVALID', expect.stringContaining('config.yaml:1:7')]);
    expect(applied).toBe(0);
  });

  it('counts a configuration that cannot be taken over as bad', async () => {
    const { events, watcher } = start(() => {
      throw new Error('no such rule');
    });
    const failed = once(events, 'failed');

    expect(await watcher.reload()).toBe(false);
    expect(await failed).toEqual(['ERR_CONFIG_INVALID', 'the configuration could not be reloaded']);
  });

  it('does nothing after it is closed', async () => {
    const { signals, watcher } = start();

    watcher.close();

    expect(await watcher.reload()).toBe(false);
    expect(signals.listenerCount('SIGHUP')).toBe(0);
  });
});
