/** The detector for commands that work without a proxy: asked while the command runs, and ended with it. */
import type { LoadedConfig } from '../../config/load.ts';
import type { Answers, Detector } from '../../core/detector.ts';
import { createDetectorHost, type DetectorHost } from './host.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A detector of a configuration, with its end. */
export interface OfflineDetector extends Detector {
  close(): void;
}

/**
 * Makes the detector of a configuration; undefined where it names none.
 * @param warn told what a person should know, without any text that was asked about
 */
export function offlineDetector(
  { config }: LoadedConfig,
  env: Environment,
  warn: (message: string) => void,
): OfflineDetector | undefined {
  const silent = (): void => undefined;
  const logger = {
    debug: silent,
    info: silent,
    warn: (_fields: object, message: string) => warn(message),
    error: (_fields: object, message: string) => warn(message),
  };
  const host: DetectorHost = createDetectorHost({ config: () => config, env, logger });
  const detector = host.current();
  if (detector === undefined) return undefined;
  return { ask: (questions, signal) => detector.ask(questions, signal), close: () => host.close() };
}

/** A sentence with a name and a place that everybody may know. */
const probe = { key: 'probe', text: 'My name is Maria Schmidt and I live in Berlin.' };

/** Asks about a sentence of our own, to see that the detector answers. */
export async function probeDetector(detector: Detector): Promise<Answers> {
  return detector.ask([probe], new AbortController().signal);
}
