/** The detector in force: made when a configuration names one, another when that changes. */
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext } from 'node:tls';
import { mergeCertificates, readCertificates, toPem } from '../../certs/pem.ts';
import { systemRoots } from '../../certs/system-roots.ts';
import type { Config } from '../../config/schema.ts';
import type { DetectorConfig } from '../../config/detector.ts';
import { AppError } from '../../core/errors.ts';
import type { Detector } from '../../core/detector.ts';
import type { Logger } from '../../core/ports.ts';
import { systemClock } from '../clock.ts';
import { createHttpDetector } from './http.ts';
import { createDetectorService, type DetectorService, type ServiceOptions } from './service.ts';
import { createStdioDetector } from './stdio.ts';
import type { Transport } from './transport.ts';

export interface DetectorHost {
  /** The detector of the configuration as it is now; undefined where it names none. */
  current(): Detector | undefined;
  /** Ends it, with the program that it may have started. */
  close(): void;
}

export interface DetectorHostOptions {
  /** Asked for each exchange: the same object as long as nothing has changed. */
  readonly config: () => Pick<Config, 'detector' | 'upstream'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
  readonly onAsked?: ServiceOptions['onAsked'];
}

/** The roots that an https service is checked by: the machine's, and those that the configuration names besides. */
function trustOf({ ca }: Config['upstream']): SecureContext {
  const extra = ca.map((path) => {
    try {
      return readCertificates(readFileSync(path, 'utf8'));
    } catch (error: unknown) {
      throw new AppError('ERR_CONFIG_INVALID', `upstream.ca: ${path} cannot be read`, { cause: error });
    }
  });
  const roots = mergeCertificates([systemRoots().certificates, ...extra], new Set());
  return createSecureContext({ ca: toPem(roots), minVersion: 'TLSv1.2' });
}

function transportOf(
  { url, command = [], concurrency }: DetectorConfig,
  { upstream }: Pick<Config, 'upstream'>,
  { env, logger }: DetectorHostOptions,
): Transport {
  if (url === undefined) return createStdioDetector({ command, env, logger });
  return createHttpDetector({
    url,
    concurrency,
    ...(url.startsWith('https:') ? { secureContext: trustOf(upstream) } : {}),
  });
}

/** Makes what holds the detector; a program is started with the first call of `current`. */
export function createDetectorHost(options: DetectorHostOptions): DetectorHost {
  const { config, onAsked = () => undefined } = options;
  let seen: DetectorConfig | undefined;
  let described = '';
  let service: DetectorService | undefined;
  let isClosed = false;
  return {
    current() {
      if (isClosed) return undefined;
      const now = config();
      if (now.detector === seen) return service;
      // A reload reads everything anew: what says the same is the same.
      const description = JSON.stringify([now.detector, now.upstream.ca]);
      seen = now.detector;
      if (description === described) return service;
      service?.close();
      service = undefined;
      described = description;
      if (now.detector === undefined) return undefined;
      const transport = transportOf(now.detector, now, options);
      service = createDetectorService({ config: now.detector, transport, clock: systemClock, onAsked });
      return service;
    },
    close() {
      isClosed = true;
      service?.close();
      service = undefined;
    },
  };
}
