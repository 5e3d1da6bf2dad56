/**
 * A worker: its own engines, certificates and proxy on the shared listener; its entries go to the primary.
 *
 * What a worker has found in earlier requests of an identity, it knows alone: a request that another worker gets is
 * read without it. Every request carries its own history, and a placeholder is a function of key and value, so that
 * masks agree over workers as they do over replicas. Counts per hour are each worker's own as well.
 */
import { machineTrust } from '../certs/bundle.ts';
import { toAppError } from '../core/errors.ts';
import type { Logger } from '../core/ports.ts';
import type { HostPort } from '../proxy/connect-target.ts';
import type { Proxy } from '../proxy/proxy.ts';
import { createDetectorHost, type DetectorHost } from './detector/host.ts';
import { createEngineSet, type EngineSet } from './engine-set.ts';
import { createAuthenticate, createUserBook, type UserBook } from './proxy-users.ts';
import { wireProxy } from './proxy-wiring.ts';
import { authenticateRun, type HeldRun } from './runs.ts';
import { createWorkerRecorder, type WorkerRecorder } from './worker-recorder.ts';
import type { Change, FromWorker, ToWorker, WorkerSetup } from './worker-messages.ts';
import { unpackAuthority } from './worker-setup.ts';

/** How often the primary is told how many exchanges are under way, where that has changed. */
const reportMs = 250;

/** The process around a worker; tests pass their own. */
export interface WorkerPort {
  /** Never throws: a primary that is gone ends this process anyway. */
  send(message: FromWorker): void;
  /** Ends the process, once what was sent is out. */
  end(code: number): void;
}

/** Sends what is logged: the primary writes it, so that lines come from one process. */
function createRemoteLogger(send: WorkerPort['send']): Logger {
  const at =
    (level: keyof Logger): Logger['info'] =>
    (fields, message) =>
      send({ type: 'log', level, fields: JSON.stringify(fields), message });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** One that serves. */
class Serving {
  private readonly engines: EngineSet;
  private readonly runs: Map<string, HeldRun>;
  private readonly users: UserBook;
  private readonly recorder: WorkerRecorder;
  private readonly detector: DetectorHost;
  private readonly proxy: Proxy;
  private readonly port: WorkerPort;
  private own: readonly HostPort[];
  private reported = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(setup: WorkerSetup, port: WorkerPort) {
    const { sources, installationKey, env, users } = setup;
    const { config } = sources.base.loaded;
    this.port = port;
    this.own = setup.own;
    this.engines = createEngineSet(sources, installationKey);
    this.runs = new Map(setup.runs.map((run) => [run.id, run]));
    this.users = createUserBook(users);
    this.recorder = createWorkerRecorder((entries) => port.send({ type: 'entries', entries }), setup.isRecordHealthy);
    const logger = createRemoteLogger((message) => port.send(message));
    // Its own: a program that answers is started for each worker.
    this.detector = createDetectorHost({
      config: () => this.engines.base.loaded.config,
      env,
      logger,
      onAsked: (result, seconds) => port.send({ type: 'asked', result, seconds }),
    });
    const authority = unpackAuthority(setup.authority);
    this.proxy = wireProxy({
      config,
      env,
      authority,
      trust: machineTrust(authority),
      engines: this.engines,
      detector: this.detector,
      authenticate: createAuthenticate(config.auth.mode, this.users, {
        authenticate: (user, password) => authenticateRun(this.runs, user, password),
      }),
      recorder: this.recorder,
      logger,
      own: () => this.own,
    });
    this.timer = setInterval(() => this.report(), reportMs);
  }

  listen(at: HostPort): Promise<HostPort> {
    return this.proxy.listen(at);
  }

  /** Applies a change as a whole: what is thrown leaves everything as it was. */
  apply(change: Change): void {
    switch (change.kind) {
      case 'engines':
        this.engines.replace(change.sources);
        break;
      case 'run':
        // The engine first: a credential without its layer would be let through more.
        this.engines.addRun(change.run.id, change.source);
        this.runs.set(change.run.id, change.run);
        break;
      case 'run-ended':
        this.runs.delete(change.id);
        this.engines.dropRun(change.id);
        break;
      case 'users':
        this.users.replace(change.users);
        break;
      case 'own':
        this.own = change.own;
        break;
    }
  }

  settled({ durable, failed, isRecordHealthy }: Extract<ToWorker, { type: 'settled' }>): void {
    this.recorder.setHealthy(isRecordHealthy);
    this.recorder.settle(durable, failed);
  }

  async drain(deadlineMs: number): Promise<void> {
    await this.proxy.drain(deadlineMs);
    this.detector.close();
    clearInterval(this.timer);
    this.report();
    await this.recorder.whenSettled();
  }

  private report(): void {
    const { activeExchanges } = this.proxy.stats;
    if (activeExchanges === this.reported) return;
    this.reported = activeExchanges;
    this.port.send({ type: 'active', exchanges: activeExchanges });
  }
}

/** Makes what hears the primary's messages. A failure of the start is told, and ends the process. */
export function createWorker(port: WorkerPort): (message: ToWorker) => void {
  let serving: Serving | undefined;

  const failed = (error: unknown): void => {
    const { code, message, hint } = toAppError(error, 'ERR_INTERNAL', 'a worker could not start');
    port.send({ type: 'failed', code, message, hint });
    port.end(1);
  };
  const start = (setup: WorkerSetup): void => {
    try {
      // Not awaited: changes that follow the setup find the engines made, also while the listener is not.
      serving = new Serving(setup, port);
      serving.listen(setup.listen).then((at) => port.send({ type: 'listening', at }), failed);
    } catch (error: unknown) {
      failed(error);
    }
  };
  const change = (seq: number, what: Change): void => {
    try {
      serving?.apply(what);
      port.send({ type: 'changed', seq });
    } catch (error: unknown) {
      const { code } = toAppError(error, 'ERR_INTERNAL', 'a change could not be taken over');
      port.send({ type: 'changed', seq, problem: code });
    }
  };
  const drain = (deadlineMs: number): void => {
    const ended = serving?.drain(deadlineMs) ?? Promise.resolve();
    ended.then(
      () => port.end(0),
      () => port.end(1),
    );
  };

  return (message) => {
    switch (message.type) {
      case 'setup':
        start(message.setup);
        break;
      case 'change':
        change(message.seq, message.change);
        break;
      case 'settled':
        serving?.settled(message);
        break;
      case 'drain':
        drain(message.deadlineMs);
        break;
    }
  };
}
