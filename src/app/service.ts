/** A proxy in operation: everything made, wired, watched, and taken down again. */
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { createAdmin, type Admin } from '../admin/admin.ts';
import { createRecorder, type AuditRecorder } from '../audit/recorder.ts';
import { publishAuthority, machineTrust, writeClientFiles } from '../certs/bundle.ts';
import type { LoadedConfig } from '../config/load.ts';
import { parseAddress } from '../config/listen.ts';
import type { Config } from '../config/schema.ts';
import { createConfigWatcher, type ConfigWatcher } from '../config/watch.ts';
import { AppError } from '../core/errors.ts';
import type { Logger } from '../core/ports.ts';
export { createLogger as createServiceLogger } from '../observe/logger.ts';
import { createHealth } from '../observe/health.ts';
import { countedRecorder, createMetrics } from '../observe/metrics.ts';
import type { HostPort } from '../proxy/connect-target.ts';
import { adminRoutes } from './admin-routes.ts';
import { authorityNeed } from './authority-need.ts';
import { prepareAuthority } from './authority.ts';
import { systemClock } from './clock.ts';
import { forkWorker } from './cluster-fork.ts';
import { createClusterFront } from './cluster-front.ts';
import { createCounter } from './counts.ts';
import { createDetectorHost } from './detector/host.ts';
import { createEngines } from './engines.ts';
import { createLocalFront, type Front } from './front.ts';
import { createHome, readOrMakeKey, writeWhole } from './home.ts';
import { takeLock } from './lock.ts';
import { keyPath } from './offline-engine.ts';
import { isAlive } from './process-alive.ts';
import { createAuthenticate, createUserBook, readUsersFile, usersOf } from './proxy-users.ts';
import { wireProxy } from './proxy-wiring.ts';
import { openRuns, type Runs } from './runs.ts';
import { removeState, writeState } from './state.ts';
import { packAuthority, shareOf, sourcesForWorker } from './worker-setup.ts';

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
  const users = createUserBook(readUsersFile(config));

  const prepared = prepareAuthority(home.path, authorityNeed(config), startedMs);
  let { authority } = prepared;
  const trust = machineTrust(authority);
  const files = writeClientFiles(authority, startedMs);
  if (config.ca.publish !== undefined) authority = publishAuthority(authority, config.ca.publish, trust, startedMs);

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
  let own: readonly HostPort[] = [listen, adminAt];
  const metrics = createMetrics({
    version,
    isNamed: (vendor) => engines.base.vendors.has(vendor),
    read: {
      mode: () => engines.base.policy.mode,
      activeExchanges: () => front.activeExchanges,
      queuedEntries: () => audit.stats.queued,
      lostEntries: () => audit.stats.lost,
      isRecordHealthy: () => audit.isHealthy,
      caNotAfterSeconds: () => authority.notAfterMs / 1000,
    },
  });
  const recorder = countedRecorder(counter.counting(audit), metrics);
  const workers = config.workers === 'auto' ? availableParallelism() : config.workers;
  const detector = createDetectorHost({
    config: () => engines.base.loaded.config,
    env,
    logger,
    onAsked: (result, seconds) => metrics.asked(result, seconds),
  });
  undo.add(() => detector.close());
  const front: Front =
    workers === 1
      ? createLocalFront(
          wireProxy({
            config,
            env,
            authority,
            trust,
            engines,
            detector,
            authenticate: createAuthenticate(config.auth.mode, users, runs),
            recorder,
            logger,
            own: () => own,
          }),
        )
      : createClusterFront({
          workers,
          fork: forkWorker,
          setup: () => ({
            installationKey,
            sources: sourcesForWorker(engines.sources(), workers),
            users: users.file,
            runs: runs.held(),
            authority: packAuthority(authority),
            env,
            own,
            isRecordHealthy: audit.isHealthy,
          }),
          recorder,
          onAsked: (result, seconds) => metrics.asked(result, seconds),
          logger,
          clock: systemClock,
        });
  undo.add(() => front.close());
  const bound = await front.listen(listen);

  let stopping: Promise<void> | undefined;
  let hasEnded: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    hasEnded = resolve;
  });
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      logger.info({}, 'draining');
      await front.drain(drainMs);
      await undo.all();
      hasEnded();
    })();
    return stopping;
  };

  const watcher: ConfigWatcher = createConfigWatcher({
    load: options.load,
    beside: {
      files: users.file === undefined ? [] : [users.file.path],
      // Whose file it is stays as it was at the start, like the listeners.
      content: () => readUsersFile(config)?.text,
    },
    apply: async (next) => {
      // Both are read before either counts: a mistake in one leaves all as it was.
      const file = readUsersFile(config);
      usersOf(file);
      engines.reload(next);
      await front.enginesChanged();
      users.replace(file);
      await front.usersChanged();
      for (const { id, error } of engines.staleRuns()) {
        metrics.error(error.code);
        logger.error(
          { run: id, code: error.code, hint: error.hint },
          `run keeps its last good layer: ${error.message}`,
        );
      }
      logger.info({ policyVersion: engines.base.policy.version }, 'configuration reloaded');
    },
    onError: (error) => {
      metrics.error(error.code);
      logger.error({ code: error.code, hint: error.hint }, `configuration not reloaded: ${error.message}`);
    },
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
    staleRuns: engines.staleRuns().length,
    activeExchanges: front.activeExchanges,
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
    api: adminRoutes({ status, stop, engines, runs, counter, front, reload: () => watcher.reload() }),
    onError: (error) => {
      metrics.error(error instanceof AppError ? error.code : 'ERR_INTERNAL');
      logger.error({ type: error instanceof Error ? error.name : typeof error }, 'admin port failed');
    },
  });
  const adminBound = await admin.listen();
  undo.add(() => admin.close());
  own = [bound, adminBound];
  await front.ownChanged();

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
  undo.add(lookAfterRuns(runs, front, options.isDetached ? stop : undefined));

  return {
    proxyUrl: urlOf(bound),
    adminUrl: urlOf(adminBound),
    caPath: authority.paths.certificate,
    bundlePath: files.bundle,
    notices: [...prepared.notices, ...shareNotices(config, workers)],
    ended,
    stop,
  };
}

/** Says where the memory for gathering, divided, holds less than one body may have. */
function shareNotices({ limits }: Config, workers: number): string[] {
  const { gatherBytes } = shareOf(limits, workers);
  if (workers === 1 || gatherBytes === limits.gatherBytes) return [];
  return [
    `limits.gatherMemory is shared by ${workers} workers: bodies beyond ${gatherBytes} bytes are streamed, not gathered`,
  ];
}

/** Forgets runs whose process is gone, so that their credentials end; ends a detached proxy ten minutes after its last. */
function lookAfterRuns(runs: Runs, front: Front, stop: (() => Promise<void>) | undefined): () => void {
  let idleSinceMs = systemClock.monotonicMs();
  const look = (): void => {
    for (const { id, pid } of runs.live()) {
      if (isAlive(pid)) continue;
      runs.end(id);
      // It never rejects: a worker that does not take it over is ended.
      void front.runEnded(id);
    }
    if (runs.live().length > 0) idleSinceMs = systemClock.monotonicMs();
    // Waited for elsewhere: `ended` settles when it is done.
    else if (stop !== undefined && systemClock.monotonicMs() - idleSinceMs >= idleMs) void stop();
  };
  // At once: a proxy that was killed left runs that have ended since.
  look();
  const timer = setInterval(look, idleCheckMs);
  return () => clearInterval(timer);
}
