/** A proxy in operation: everything made, wired, watched, and taken down again. */
import { randomBytes } from 'node:crypto';
import { createAdmin, type Admin } from '../admin/admin.ts';
import { createRecorder, type AuditRecorder } from '../audit/recorder.ts';
import { publishAuthority, machineTrust, writeClientFiles } from '../certs/bundle.ts';
import { createLeafIssuer } from '../certs/leaf.ts';
import { upstreamTrust } from '../certs/upstream-trust.ts';
import type { LoadedConfig } from '../config/load.ts';
import { parseAddress } from '../config/listen.ts';
import { createConfigWatcher, type ConfigWatcher } from '../config/watch.ts';
import type { Logger } from '../core/ports.ts';
export { createLogger as createServiceLogger } from '../observe/logger.ts';
import { createHealth } from '../observe/health.ts';
import { countedRecorder, createMetrics } from '../observe/metrics.ts';
import { registry } from '../providers/registry.ts';
import { createAddressPolicy } from '../proxy/address-policy.ts';
import { createProxy, type Proxy } from '../proxy/proxy.ts';
import { adminRoutes } from './admin-routes.ts';
import { authorityNeed } from './authority-need.ts';
import { prepareAuthority } from './authority.ts';
import { systemClock } from './clock.ts';
import { createCounter } from './counts.ts';
import { createEngines } from './engines.ts';
import { createHome, readOrMakeKey, writeWhole } from './home.ts';
import { takeLock } from './lock.ts';
import { keyPath } from './offline-engine.ts';
import { isAlive } from './process-alive.ts';
import { createAuthenticate, readUsers } from './proxy-users.ts';
import { openRuns } from './runs.ts';
import { removeState, writeState } from './state.ts';
import { upstreamProxy } from './upstream-proxy.ts';

export interface ServiceOptions {
  readonly homePath: string;
  readonly loaded: LoadedConfig;
  /** Loads the configuration again, for a reload. */
  readonly load: () => LoadedConfig;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
  readonly version: string;
  /** Started by `run`: ends by itself ten minutes after its last run. */
  readonly isDetached: boolean;
}

export interface Service {
  /** `http://host:port` */
  readonly proxyUrl: string;
  readonly adminUrl: string;
  readonly caPath: string;
  readonly bundlePath: string;
  /** What a person should know about the start. */
  readonly notices: readonly string[];
  /** Settles when the proxy has stopped, for whatever reason. */
  readonly ended: Promise<void>;
  /** Stops listening, lets exchanges end, closes the record. */
  stop(): Promise<void>;
}

/** How long exchanges may take to end once the proxy is to stop. */
const drainMs = 15_000;
const idleMs = 10 * 60 * 1000;
const idleCheckMs = 15_000;

const urlOf = ({ host, port }: { host: string; port: number }): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Undoes what was done, last first: also when the start fails halfway. */
class Undo {
  private readonly steps: (() => unknown)[] = [];

  add(step: () => unknown): void {
    this.steps.push(step);
  }

  async all(): Promise<void> {
    for (const step of this.steps.splice(0).toReversed()) await step();
  }
}

/**
 * Starts a proxy and resolves when it listens.
 * @throws AppError with the code of what stands in the way: `ERR_HOME_LOCKED`, `ERR_PORT_IN_USE`, `ERR_CA_…`,
 * `ERR_AUDIT_OPEN`, `ERR_CONFIG_INVALID`, `ERR_RULES_INVALID`, `ERR_CANNOT_CREATE`
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const undo = new Undo();
  try {
    return await start(options, undo);
  } catch (error: unknown) {
    await undo.all();
    throw error;
  }
}

async function start(options: ServiceOptions, undo: Undo): Promise<Service> {
  const { loaded, logger, env, version } = options;
  const { config } = loaded;
  const startedMs = systemClock.nowMs();
  const home = createHome(options.homePath);
  const lock = takeLock(home.lock);
  undo.add(() => lock.release());

  const runs = openRuns(home.runs);
  const installationKey = readOrMakeKey(keyPath(home.path, env));
  const engines = createEngines(loaded, installationKey, env, runs);
  const users = readUsers(config);

  const prepared = prepareAuthority(home.path, authorityNeed(config), startedMs);
  const { notices } = prepared;
  let { authority } = prepared;
  const trust = machineTrust(authority);
  const files = writeClientFiles(authority, startedMs);
  if (config.ca.publish !== undefined) authority = publishAuthority(authority, config.ca.publish, trust, startedMs);
  const leaves = createLeafIssuer(authority, { nowMs: () => systemClock.nowMs() });

  const counter = createCounter();
  const audit: AuditRecorder = await createRecorder({
    home: home.path,
    retentionDays: config.audit.retentionDays,
    logger,
    clock: systemClock,
  });
  undo.add(() => audit.close());

  const listen = parseAddress(config.listen);
  const adminAt = parseAddress(config.admin);
  let addresses: { host: string; port: number }[] = [listen, adminAt];
  const metrics = createMetrics({
    version,
    vendors: registry.vendors.map(({ id }) => id),
    read: {
      mode: () => engines.base.policy.mode,
      activeExchanges: () => proxy.stats.activeExchanges,
      queuedEntries: () => audit.stats.queued,
      lostEntries: () => audit.stats.lost,
      isRecordHealthy: () => audit.isHealthy,
      caNotAfterSeconds: () => authority.notAfterMs / 1000,
    },
  });
  const proxyFor = upstreamProxy(config, env, (host, port) =>
    addresses.some((own) => own.port === port && (own.host === host || host === 'localhost')),
  );
  const proxy: Proxy = createProxy({
    settings: () => ({
      ...engines.base.loaded.config.limits,
      onAuditFailure: engines.base.policy.onAuditFailure,
    }),
    secureContextFor: (host) => leaves.secureContextFor(host),
    authenticate: createAuthenticate(config.auth.mode, users, runs),
    inspectorFor: (peer) => engines.inspectorFor(peer),
    recorder: countedRecorder(counter.counting(audit), metrics),
    logger,
    clock: systemClock,
    upstream: {
      secureContext: upstreamTrust(authority, trust, config.upstream.ca),
      connect: new Map(Object.entries(config.upstream.connect)),
      ...(proxyFor === undefined ? {} : { proxyFor }),
      addressPolicy: createAddressPolicy(config.network),
    },
    ownAddresses: () => addresses,
  });
  const bound = await proxy.listen(listen);
  undo.add(() => proxy.close());

  let stopping: Promise<void> | undefined;
  let hasEnded: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    hasEnded = resolve;
  });
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      logger.info({}, 'draining');
      await proxy.drain(drainMs);
      await undo.all();
      hasEnded();
    })();
    return stopping;
  };

  const watcher: ConfigWatcher = createConfigWatcher({
    load: options.load,
    apply: (next) => {
      engines.reload(next);
      logger.info({ policyVersion: engines.base.policy.version }, 'configuration reloaded');
    },
    onError: (error) =>
      logger.error({ code: error.code, hint: error.hint }, `configuration not reloaded: ${error.message}`),
    files: loaded.files,
  });
  undo.add(() => watcher.close());

  const token = randomBytes(32).toString('base64url');
  writeWhole(home.adminToken, `${token}\n`);
  const status = () => ({
    pid: process.pid,
    version,
    startedMs,
    proxy: urlOf(bound),
    admin: urlOf(adminBound),
    profile: config.profile,
    mode: engines.base.policy.mode,
    isDetached: options.isDetached,
    runs: runs.live().length,
    activeExchanges: proxy.stats.activeExchanges,
    recordHealthy: audit.isHealthy,
    policyVersion: engines.base.policy.version,
    counts: counter.total(),
  });
  const admin: Admin = createAdmin({
    ...adminAt,
    token,
    health: createHealth({
      listening: () => ({ ok: stopping === undefined, finding: stopping === undefined ? urlOf(bound) : 'draining' }),
      record: () => ({ ok: audit.isHealthy, finding: audit.isHealthy ? 'writable' : 'failing' }),
      rules: () => ({ ok: true, finding: `${engines.base.rules.length} rules` }),
      authority: () => ({
        ok: systemClock.nowMs() < authority.notAfterMs,
        finding: `until ${new Date(authority.notAfterMs).toISOString()}`,
      }),
    }),
    metrics,
    api: adminRoutes({ status, stop, engines, runs, counter, reload: () => watcher.reload() }),
    onError: (error) => logger.error({ type: error instanceof Error ? error.name : typeof error }, 'admin port failed'),
  });
  const adminBound = await admin.listen();
  undo.add(() => admin.close());
  addresses = [bound, adminBound];

  writeState(home, {
    pid: process.pid,
    proxy: urlOf(bound),
    admin: urlOf(adminBound),
    version,
    startedMs,
    isDetached: options.isDetached,
    ca: authority.paths.certificate,
    bundle: files.bundle,
  });
  undo.add(() => removeState(home));
  if (options.isDetached) undo.add(endWhenIdle(runs, stop));

  return {
    proxyUrl: urlOf(bound),
    adminUrl: urlOf(adminBound),
    caPath: authority.paths.certificate,
    bundlePath: files.bundle,
    notices,
    ended,
    stop,
  };
}

/** Ends a detached proxy ten minutes after its last run, and forgets runs whose process is gone. */
function endWhenIdle(runs: ReturnType<typeof openRuns>, stop: () => Promise<void>): () => void {
  let idleSinceMs = systemClock.monotonicMs();
  const timer = setInterval(() => {
    for (const { id, pid } of runs.live()) if (!isAlive(pid)) runs.end(id);
    if (runs.live().length > 0) idleSinceMs = systemClock.monotonicMs();
    // Waited for elsewhere: `ended` settles when it is done.
    else if (systemClock.monotonicMs() - idleSinceMs >= idleMs) void stop();
  }, idleCheckMs);
  return () => clearInterval(timer);
}
