/** What a worker is built from, sent and made whole again. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { createEngineSet, type EngineSources } from '../../../src/app/engine-set.ts';
import { createEngines } from '../../../src/app/engines.ts';
import { openRuns } from '../../../src/app/runs.ts';
import { packAuthority, shareOf, sourcesForWorker, unpackAuthority } from '../../../src/app/worker-setup.ts';
import { createAuthority } from '../../../src/certs/authority.ts';
import { createLeafIssuer } from '../../../src/certs/leaf.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const mebibyte = 1024 * 1024;
const key = new Uint8Array(32).fill(7);

/** Engines of a configuration with a policy, one run with a project, and a protected variable. */
function enginesWithRun() {
  const folder = temporaryFolder();
  const config = join(folder, 'sluice.yaml');
  writeFileSync(config, 'policy:\n  - when: { category: secret }\n    action: block\nprotect:\n  env: ["SHOP_*"]\n', {
    mode: 0o600,
  });
  writeFileSync(join(folder, '.sluice.yaml'), 'policy:\n  - when: { category: regulated }\n    action: block\n', {
    mode: 0o600,
  });
  const loaded = loadConfig({ env: {}, cwd: folder, flags: { config }, organisationFile: join(folder, 'none.yaml') });
  const runs = openRuns(join(folder, 'runs.json'));
  const { run } = runs.register({ cwd: folder, pid: process.pid, startedMs: 0 });
  const engines = createEngines(
    loaded,
    key,
    { SHOP_CODE: randomBytes(12).toString('hex') },
    openRuns(join(folder, 'no.json')),
  );
  engines.addRun(run.id, folder, []);
  return { engines, run };
}

describe("a worker's share of the limits", () => {
  const limits = {
    gatherBytes: 32 * mebibyte,
    gatherMemory: 64 * mebibyte,
    messageBytes: 32 * mebibyte,
    bodyBytes: 1024 * mebibyte,
    decodeDepth: 4,
    expansionRatio: 200,
    streams: 1000,
  };

  it.each([
    { workers: 1, gatherMemory: 64 * mebibyte, gatherBytes: 32 * mebibyte, streams: 1000 },
    { workers: 2, gatherMemory: 32 * mebibyte, gatherBytes: 32 * mebibyte, streams: 500 },
    { workers: 4, gatherMemory: 16 * mebibyte, gatherBytes: 16 * mebibyte, streams: 250 },
    { workers: 3, gatherMemory: 22_369_621, gatherBytes: 22_369_621, streams: 334 },
  ])('leaves no body without room: $workers', ({ workers, ...share }) => {
    expect(shareOf(limits, workers)).toEqual({ ...limits, ...share });
  });
});

describe('the sources of engines', () => {
  it('give another process the same engines, after the way there, without reading anything', () => {
    const { engines, run } = enginesWithRun();

    const arrived: EngineSources = deserialize(serialize(sourcesForWorker(engines.sources(), 4)));
    const set = createEngineSet(arrived, key);

    expect(set.base.policy.version).toBe(engines.base.policy.version);
    expect(set.base.rules).toEqual(engines.base.rules);
    expect(set.base.loaded.config.limits.gatherMemory).toBe(16 * mebibyte);
    expect(arrived.base.protectedValues.strong).toEqual(engines.sources().base.protectedValues.strong);
    expect(arrived.base.protectedValues.strong).toHaveLength(1);
    const peer = { identity: 'local', run: run.id };
    const ofRun = set.inspectorFor(peer);
    expect(ofRun).not.toBe(set.base.inspector);
    expect(arrived.runs.get(run.id)?.project?.layer.policy).toEqual(
      engines.sources().runs.get(run.id)?.project?.layer.policy,
    );
    // What the run left open is still judged by its layer.
    set.dropRun(run.id);
    expect(set.inspectorFor(peer)).toBe(ofRun);
  });
});

describe('a packed authority', () => {
  it('issues for the same hosts as before, and survives being sent', () => {
    const nowMs = Date.now();
    const authority = createAuthority(temporaryFolder(), { hosts: ['api.vendor.example'], nowMs });

    const arrived = unpackAuthority(deserialize(serialize(packAuthority(authority))));

    expect(arrived.certificate.fingerprint256).toBe(authority.certificate.fingerprint256);
    expect(arrived.certificate.checkPrivateKey(arrived.key)).toBe(true);
    const leaves = createLeafIssuer(arrived, { nowMs: () => nowMs });
    expect(() => leaves.secureContextFor('api.vendor.example')).not.toThrow();
    expect(() => leaves.secureContextFor('bank.example')).toThrow(
      expect.objectContaining({ code: 'ERR_CA_HOST_OUTSIDE' }),
    );
  });
});
