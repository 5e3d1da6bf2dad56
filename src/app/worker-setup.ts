/** Makes what a worker is built from fit to be sent, and whole again on the other side. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Authority } from '../certs/authority.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { PolicyLayer } from '../policy/layer.ts';
import type { EngineSource, EngineSources } from './engine-set.ts';
import type { PackedAuthority } from './worker-messages.ts';

type Limits = LoadedConfig['config']['limits'];

/** Only for the messages of errors, which the primary has had by then; a function cannot be sent. */
function withoutPlaces(layer: PolicyLayer): PolicyLayer {
  const { placeOf: _placeOf, ...data } = layer;
  return data;
}

/**
 * One worker's share of what all of them may use together. A body may not be held where it could never find room, so
 * that `gatherBytes` comes down to the share where it is larger.
 */
export function shareOf(limits: Limits, workers: number): Limits {
  const gatherMemory = Math.max(1, Math.floor(limits.gatherMemory / workers));
  return {
    ...limits,
    gatherMemory,
    gatherBytes: Math.min(limits.gatherBytes, gatherMemory),
    streams: Math.ceil(limits.streams / workers),
  };
}

/** The source of an engine for one of so many workers. */
function sourceForWorker({ loaded, project, ...rest }: EngineSource, workers: number): EngineSource {
  const { config, layers } = loaded;
  return {
    ...rest,
    loaded: {
      ...loaded,
      config: { ...config, limits: shareOf(config.limits, workers) },
      layers: { user: withoutPlaces(layers.user), organisation: layers.organisation.map(withoutPlaces) },
    },
    ...(project === undefined ? {} : { project: { ...project, layer: withoutPlaces(project.layer) } }),
  };
}

/** As {@link sourceForWorker}, for all of them. */
export function sourcesForWorker({ base, runs }: EngineSources, workers: number): EngineSources {
  return {
    base: sourceForWorker(base, workers),
    runs: new Map([...runs].map(([id, source]) => [id, sourceForWorker(source, workers)])),
  };
}

export function packAuthority(authority: Authority): PackedAuthority {
  const { certificate: _certificate, key, ...data } = authority;
  return { ...data, keyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

export function unpackAuthority({ keyPem, ...data }: PackedAuthority): Authority {
  return { ...data, certificate: new X509Certificate(data.certificatePem), key: createPrivateKey(keyPem) };
}
