import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { detectorFileSchema, tightenedEntities } from '../../../src/config/detector.ts';
import { loadConfig } from '../../../src/config/load.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-detector-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Loads a user's and an organisation's file, with nothing else from this machine. */
function load(user: string, organisation?: string, env: Readonly<Record<string, string>> = {}) {
  const files = { userFile: join(folder, 'config.yaml'), organisationFile: join(folder, 'policy.yaml') };
  writeFileSync(files.userFile, user, { mode: 0o600 });
  if (organisation !== undefined) writeFileSync(files.organisationFile, organisation, { mode: 0o600 });
  return loadConfig({ env, cwd: folder, readyPolicies: folder, ...files });
}

/** What loading throws. */
function failure(...args: Parameters<typeof load>): unknown {
  try {
    load(...args);
  } catch (error: unknown) {
    return error;
  }
  return undefined;
}

const service = 'detector: { url: "http://127.0.0.1:5002/analyze" }';

describe('the detector in the configuration', () => {
  it('is off where nobody names one', () => {
    expect(load('').config.detector).toBeUndefined();
  });

  it('needs nothing but a service: the rest has defaults, and fails closed', () => {
    expect(load(service).config.detector).toEqual({
      url: 'http://127.0.0.1:5002/analyze',
      language: 'en',
      timeoutMs: 2000,
      totalMs: 20_000,
      concurrency: 4,
      onFailure: 'block',
      minScore: 0.5,
      leastBytes: 4,
      mostBytes: 16_384,
      entities: {
        PERSON: { kind: 'PERSON_NAME', action: 'mask', severity: 'medium', regimes: ['GDPR'] },
        LOCATION: { kind: 'LOCATION', action: 'forward', severity: 'low', regimes: ['GDPR'] },
      },
    });
  });

  it('takes the labels named, and no other', () => {
    const { config } = load('detector: { command: [x], entities: { PERSON: { kind: NAME } } }');

    expect(config.detector?.entities).toEqual({
      PERSON: { kind: 'NAME', action: 'mask', severity: 'medium', regimes: [] },
    });
  });

  it('resolves what a command names beside the file, and nothing else of it', () => {
    const { config } = load('detector: { command: [python3, ./detector.py, ~/models, --mode=./x, -m, pkg] }');

    expect(config.detector?.command).toEqual([
      'python3',
      join(folder, 'detector.py'),
      join(homedir(), 'models'),
      '--mode=./x',
      '-m',
      'pkg',
    ]);
  });

  it('is set by variables too, which count over the file', () => {
    const { config } = load('detector: { command: [x], minScore: 0.9 }', undefined, {
      SLUICE_DETECTOR_URL: 'http://127.0.0.1:1/analyze',
      SLUICE_DETECTOR_MIN_SCORE: '0.25',
      SLUICE_DETECTOR_ON_FAILURE: 'forward',
    });

    expect(config.detector).toMatchObject({ url: 'http://127.0.0.1:1/analyze', minScore: 0.25, onFailure: 'forward' });
    expect(config.detector?.command).toBeUndefined();
  });

  it('warns where what was not seen is sent on', () => {
    expect(load('detector: { command: [x], onFailure: forward }').warnings.join()).toContain('detector.onFailure');
  });

  it.each([
    ['neither a service nor a program', 'detector: { language: de }', 'names neither'],
    ['both', 'detector: { url: "http://127.0.0.1/x", command: [x] }', 'either a url or a command'],
    ['no label', 'detector: { command: [x], entities: {} }', 'names no label'],
    ['an unknown key', 'detector: { command: [x], timeout: 1 }', 'did you mean "timeoutMs"'],
    ['an unknown action', 'detector: { command: [x], entities: { PERSON: { kind: X, action: drop } } }', 'action'],
    ['a kind that no placeholder has', 'detector: { command: [x], entities: { PERSON: { kind: a-b } } }', 'kind'],
    ['a label in lower case', 'detector: { command: [x], entities: { person: { kind: X } } }', 'entities'],
  ])('that names %s is an error', (_, text, message) => {
    expect(failure(text)).toMatchObject({
      code: 'ERR_CONFIG_INVALID',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    ['http://127.0.0.1:5002/analyze', true],
    ['http://[::1]:5002/analyze', true],
    ['http://localhost:5002/analyze', true],
    ['http://presidio:3000/analyze', true],
    ['http://10.1.2.3/analyze', true],
    ['http://[fd12::1]/analyze', true],
    ['https://names.corp.example/analyze', true],
    ['https://93.184.216.34/analyze', true],
    ['http://93.184.216.34/analyze', false],
    ['http://[2606:2800:220:1::1]/analyze', false],
    ['http://169.254.169.254/latest', false],
    ['https://169.254.169.254/latest', false],
    ['http://[fe80::1]/analyze', false],
    ['http://0.0.0.0:5002/analyze', false],
    ['http://[::ffff:169.254.169.254]/analyze', false],
    ['http://2852039166/latest', false],
    ['http://user:pass@127.0.0.1/analyze', false],
    ['ftp://127.0.0.1/analyze', false],
    ['analyze', false],
  ])('takes %s for an address: %s', (url, isTaken) => {
    expect(detectorFileSchema.safeParse({ url }).success).toBe(isTaken);
  });
});

describe("the organisation's detector", () => {
  const pinned = 'detector: { url: "http://127.0.0.1:9/analyze", onFailure: forward, minScore: 0.7 }';

  it('counts where the user has none', () => {
    expect(load('', pinned).config.detector).toMatchObject({ onFailure: 'forward', minScore: 0.7 });
  });

  it("takes the place of the user's, whatever kind that is", () => {
    const { config, origin } = load('detector: { command: [./own] }', pinned);

    expect(config.detector?.url).toBe('http://127.0.0.1:9/analyze');
    expect(config.detector?.command).toBeUndefined();
    expect(origin.get('detector.url')).toContain('organisation');
    expect(origin.has('detector.command')).toBe(false);
  });

  it("only raises what the user says, and the user's defaults", () => {
    expect(load(service, pinned).config.detector).toMatchObject({ onFailure: 'block', minScore: 0.5 });
  });

  it('adds its labels, and the more severe action counts', () => {
    const own = { PERSON: { kind: 'NAME', action: 'block', severity: 'low', regimes: [] } } as const;
    const theirs = {
      PERSON: { kind: 'PERSON_NAME', action: 'mask', severity: 'high', regimes: ['GDPR'] },
      NRP: { kind: 'NRP', action: 'mask', severity: 'medium', regimes: [] },
    } as const;

    const both = tightenedEntities(
      { PERSON: { ...own.PERSON, regimes: [] } },
      { PERSON: { ...theirs.PERSON, regimes: ['GDPR'] }, NRP: { ...theirs.NRP, regimes: [] } },
    );

    expect(both).toMatchObject({ PERSON: { action: 'block', kind: 'PERSON_NAME' }, NRP: { action: 'mask' } });
  });
});
