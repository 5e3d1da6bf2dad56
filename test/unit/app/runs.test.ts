import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRuns } from '../../../src/app/runs.ts';

const runsPath = () => join(mkdtempSync(join(tmpdir(), 'sluice-runs-')), 'runs.json');
const run = { cwd: '/work/project', pid: 42, startedMs: 1 };

describe('the registry of runs', () => {
  it('accepts the credential it gave, also after the proxy was replaced', () => {
    const path = runsPath();
    const { user, password, run: registered } = openRuns(path).register(run);

    const reopened = openRuns(path);

    expect(reopened.authenticate(user, password)).toMatchObject({ id: registered.id, cwd: '/work/project' });
    expect(reopened.authenticate(user, password + 'x')).toBeUndefined();
    expect(reopened.authenticate('run-unknown', password)).toBeUndefined();
    expect(reopened.authenticate('ada', password)).toBeUndefined();
  });

  it('keeps the credential as a hash, in a file of its owner', () => {
    const path = runsPath();
    const { password } = openRuns(path).register(run);

    expect(readFileSync(path, 'utf8')).not.toContain(password);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('refuses the credential of a run that has ended', () => {
    const runs = openRuns(runsPath());
    const { user, password, run: registered } = runs.register(run);

    expect(runs.end(registered.id)).toBe(true);
    expect(runs.end(registered.id)).toBe(false);

    expect(runs.authenticate(user, password)).toBeUndefined();
    expect(runs.live()).toEqual([]);
  });

  it.each(['{', '{"schemaVersion":1,"runs":[{"id":1}]}'])('says so when the file is not its own: %s', (text) => {
    const path = runsPath();
    writeFileSync(path, text);

    expect(() => openRuns(path)).toThrowError(expect.objectContaining({ code: 'ERR_IO' }));
  });
});
