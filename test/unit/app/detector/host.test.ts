import { describe, expect, it, onTestFinished } from 'vitest';
import { createDetectorHost } from '../../../../src/app/detector/host.ts';
import { detectorSchema, type DetectorConfig } from '../../../../src/config/detector.ts';

const silent = (): void => undefined;
const logger = { debug: silent, info: silent, warn: silent, error: silent };
const upstream = { ca: [], connect: {} };

/** A host under a configuration that the test changes. */
function hostOf(first: DetectorConfig | undefined) {
  let detector = first;
  const host = createDetectorHost({
    config: () => ({ upstream, ...(detector === undefined ? {} : { detector }) }),
    env: {},
    logger,
  });
  onTestFinished(() => host.close());
  return { host, change: (next: DetectorConfig | undefined) => (detector = next) };
}

const at = (port: number): DetectorConfig => detectorSchema.parse({ url: `http://127.0.0.1:${String(port)}/analyze` });

describe('the detector in force', () => {
  it('is none where the configuration names none', () => {
    expect(hostOf(undefined).host.current()).toBeUndefined();
  });

  it('stays the same as long as the configuration says the same, and is another when it does not', () => {
    const { host, change } = hostOf(at(1));
    const first = host.current();
    expect(first).toBeDefined();
    expect(host.current()).toBe(first);

    change({ ...at(1) });
    expect(host.current()).toBe(first);

    change(at(2));
    expect(host.current()).not.toBe(first);

    change(undefined);
    expect(host.current()).toBeUndefined();

    change(at(1));
    expect(host.current()).toBeDefined();
  });

  it('is none once it is closed', () => {
    const { host } = hostOf(at(1));
    host.current();
    host.close();

    expect(host.current()).toBeUndefined();
  });
});
