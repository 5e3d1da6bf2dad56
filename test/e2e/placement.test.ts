/** The image's steps and entry point without a container engine: as its user, on a read-only root, with its settings. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'yaml';
import { z } from 'zod';
import { describe, expect, it, onTestFinished } from 'vitest';
import { clientEnvironment } from '../../src/app/client-environment.ts';
import { userLine } from '../../src/app/users.ts';
import { repository } from '../helpers/packages.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');
/** Instructions with their continuation lines joined, comments taken out. */
const instructions = read('docker/Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '');
const lastStage = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM ')));
const argumentsOf = (name: string): string =>
  lastStage.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? '';
const execForm = (text: string): string[] => z.array(z.string()).parse(JSON.parse(text.slice(text.indexOf('['))));
const imageEnvironment = Object.fromEntries(
  [...argumentsOf('ENV').matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
);
const userId = 65_532;

describe('the Dockerfile', () => {
  it('copies what there is, and nothing of a checkout’s state', () => {
    const copied = instructions.flatMap((line) => /^COPY (?!--from)(.+) \S+$/.exec(line)?.[1]?.split(' ') ?? []);

    expect(copied).toEqual(expect.arrayContaining(['package.json', 'package-lock.json', 'src', 'rules', 'certs']));
    expect(copied.filter((path) => !existsSync(join(repository, path)))).toEqual([]);
    const allowed = read('docker/Dockerfile.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'));
    expect(allowed.map((line) => line.slice(1)).sort()).toEqual(copied.sort());
  });

  it('installs from the lock file, and ships no development dependency', () => {
    expect(instructions).toContain('RUN npm ci');
    expect(instructions.some((line) => line.startsWith('RUN') && line.includes('npm prune --omit=dev'))).toBe(true);
  });

  it('runs as a numeric user, on an image without a shell, of the Node and Debian it was built on', () => {
    expect(argumentsOf('USER')).toBe(`${String(userId)}:${String(userId)}`);
    expect(instructions).toContain('ARG RUN_IMAGE=gcr.io/distroless/nodejs24-debian12:nonroot');
    expect(instructions).toContain('ARG BUILD_IMAGE=node:24-bookworm-slim');
    expect(lastStage.some((line) => line.startsWith('RUN '))).toBe(false);
  });

  it('needs no shell for its entry point, command and health check', () => {
    const bin = z.object({ bin: z.object({ sluice: z.string() }) }).parse(JSON.parse(read('package.json'))).bin.sluice;

    expect(execForm(argumentsOf('ENTRYPOINT')).at(-1)).toBe(`/app/${bin}`);
    expect(execForm(argumentsOf('CMD'))).toEqual(['start']);
    expect(execForm(argumentsOf('HEALTHCHECK'))[0]).toBe('/nodejs/bin/node');
    expect(argumentsOf('STOPSIGNAL')).toBe('SIGTERM');
  });

  it('has one data volume, which belongs to its user', () => {
    expect(lastStage.filter((line) => line.startsWith('VOLUME'))).toEqual(['VOLUME /data']);
    expect(lastStage).toContain(`COPY --from=build --chown=${String(userId)}:${String(userId)} /data /data`);
    expect(imageEnvironment['SLUICE_HOME']).toBe('/data');
  });

  it('keeps the admin port inside', () => {
    expect(imageEnvironment['SLUICE_ADMIN']).toMatch(/^127\.0\.0\.1:/);
    expect(argumentsOf('EXPOSE')).toBe('7787');
  });
});

const service = z.looseObject({
  networks: z.array(z.string()),
  environment: z.record(z.string(), z.string()),
  volumes: z.array(z.string()),
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.string()),
});
const composeFile = z.looseObject({
  services: z.object({
    sluice: service.extend({ user: z.string(), read_only: z.boolean(), secrets: z.array(z.string()) }),
    app: service.extend({ depends_on: z.record(z.string(), z.object({ condition: z.string() })) }),
  }),
  networks: z.record(z.string(), z.object({ internal: z.boolean().optional() })),
});

describe('the compose file', () => {
  const compose = composeFile.parse(parse(read('docker/compose.yaml')));
  const { sluice, app } = compose.services;

  it('leaves the application no way out but the proxy', () => {
    expect(app.networks.map((name) => compose.networks[name]?.internal)).toEqual([true]);
    expect(sluice.networks).toEqual(expect.arrayContaining(app.networks));
    expect(sluice.networks.some((name) => compose.networks[name]?.internal !== true)).toBe(true);
    expect(app).not.toHaveProperty('network_mode');
  });

  it('starts the application only once the proxy is ready', () => {
    expect(app.depends_on['sluice']?.condition).toBe('service_healthy');
  });

  it('asks for credentials, because the listener is beyond loopback', () => {
    expect(sluice.environment).toMatchObject({ SLUICE_LISTEN: '0.0.0.0:7787', SLUICE_AUTH_MODE: 'required' });
    expect(sluice.environment['SLUICE_AUTH_USERS']).toBe(`/run/secrets/${sluice.secrets[0] ?? ''}`);
    expect(app.environment['HTTPS_PROXY']).toMatch(/^http:\/\/app:\$\{SLUICE_APP_PASSWORD:\?[^}]*\}@sluice:7787$/);
  });

  it('gives the proxy no rights, and the application the public files alone', () => {
    expect(sluice).toMatchObject({ read_only: true, user: `${String(userId)}:${String(userId)}`, cap_drop: ['ALL'] });
    expect(sluice.security_opt).toContain('no-new-privileges:true');
    expect(sluice).not.toHaveProperty('ports');
    expect(app.volumes).toEqual(['public:/sluice:ro']);
    expect(sluice.environment['SLUICE_CA_PUBLISH']).toBe('/public');
  });

  it('sets for the application what `env` would', () => {
    const { variables } = clientEnvironment({
      proxyUrl: app.environment['HTTPS_PROXY'] ?? '',
      extraPath: '/sluice/ca.crt',
      bundlePath: '/sluice/bundle.pem',
      environment: {},
      inspectedHosts: [],
    });

    expect(app.environment).toEqual(variables);
  });
});

describe('the systemd unit', () => {
  const unit = read('docker/sluice.service');

  it('starts the package’s entry point with its state, users and profile', () => {
    expect(unit).toMatch(/^ExecStart=\/usr\/bin\/node .*\/opt\/sluice\/dist\/cli\/main\.js start$/m);
    expect(unit).toContain('Environment=SLUICE_HOME=%S/sluice\n');
    expect(unit).toContain('Environment=SLUICE_AUTH_USERS=%d/users\n');
    expect(unit).toContain('Environment=SLUICE_PROFILE=gateway\n');
  });

  it('leaves the compiler of V8 its memory', () => {
    expect(unit).not.toMatch(/^MemoryDenyWriteExecute=/m);
  });

  it.runIf(spawnSync('systemd-analyze', ['--version']).status === 0)(
    'is understood by systemd and well confined',
    () => {
      const path = join(repository, 'docker/sluice.service');
      const verified = spawnSync('systemd-analyze', ['verify', path], { encoding: 'utf8' });
      const exposure = spawnSync('systemd-analyze', ['security', '--offline=true', path], { encoding: 'utf8' }).stdout;

      expect(verified.stderr).not.toContain('sluice.service:');
      expect(Number(/Overall exposure level for sluice\.service: ([\d.]+)/.exec(exposure)?.[1])).toBeLessThan(2);
    },
  );
});

/** In a mount namespace of its own: everything read-only but the folders given; then the image's user, with no rights. */
function isolated(writable: readonly string[], command: readonly string[]): string[] {
  const binds = writable.map((_, index) => `mount --bind "$${String(index + 1)}" "$${String(index + 1)}"`);
  const drop = ['--reuid', String(userId), '--regid', String(userId), '--clear-groups', '--no-new-privs'];
  const capabilities = ['--bounding-set=-all', '--inh-caps=-all'];
  const script = [...binds, 'mount -o remount,bind,ro /', `shift ${String(writable.length)}`, 'exec setpriv "$@"'].join(
    ' && ',
  );
  return [
    'unshare',
    '--mount',
    '--propagation',
    'private',
    'sh',
    '-c',
    script,
    'sh',
    ...writable,
    ...drop,
    ...capabilities,
    ...command,
  ];
}

const canIsolate =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  spawnSync('unshare', isolated([], ['true']).slice(1)).status === 0;

interface Placed {
  readonly process: ChildProcess;
  readonly proxyPort: number;
  readonly admin: string;
  readonly data: string;
  readonly published: string;
}

const listening = z.object({
  event: z.literal('listening'),
  proxy: z.url(),
  admin: z.url(),
  ca: z.string(),
  bundle: z.string(),
});
const password = 'a password of this test';

/** Runs the image's node with its arguments, in the image's environment; flags that this Node does not know are left out. */
function imageCommand(form: readonly string[]): string[] {
  const [node = '', ...args] = form;
  expect(node).toBe('/nodejs/bin/node');
  return [
    process.execPath,
    ...args
      .filter((arg) => !arg.startsWith('--') || process.allowedNodeEnvironmentFlags.has(arg))
      .map((arg) => arg.replace(/^\/app\//, `${repository}/`)),
  ];
}

async function place(): Promise<Placed> {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  const [data, published, users] = ['data', 'public', 'users'].map((name) => join(folder, name));
  if (data === undefined || published === undefined || users === undefined) throw new TypeError('three paths are made');
  mkdirSync(data, { mode: 0o700 });
  mkdirSync(published, { mode: 0o755 });
  writeFileSync(users, `${await userLine('app', password)}\n`, { mode: 0o640 });
  if (canIsolate) for (const path of [data, published]) chownSync(path, userId, userId);
  if (canIsolate) chownSync(users, 0, userId);

  const entry = imageCommand([...execForm(argumentsOf('ENTRYPOINT')), ...execForm(argumentsOf('CMD'))]);
  const [program = '', ...args] = canIsolate ? isolated([data, published], entry) : entry;
  const child = spawn(program, args, {
    cwd: repository,
    env: {
      ...imageEnvironment,
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      SLUICE_HOME: data,
      SLUICE_LISTEN: '127.0.0.1:0',
      SLUICE_ADMIN: '127.0.0.1:0',
      SLUICE_AUTH_MODE: 'required',
      SLUICE_AUTH_USERS: users,
      SLUICE_CA_PUBLISH: published,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const first = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'exit').then(() => {
      throw new Error(`it ended before it listened: ${log}`);
    }),
  ]);
  const line = listening.parse(JSON.parse(String(first[0])));
  return {
    process: child,
    proxyPort: Number(new URL(line.proxy).port),
    admin: new URL(line.admin).host,
    data,
    published,
  };
}

/** The status line of the answer to a CONNECT. */
async function tunnelTo(port: number, target: string, authorization = ''): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => socket.destroy());
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${authorization}\r\n`);
  const [chunk]: unknown[] = await once(socket, 'data');
  socket.destroy();
  return String(chunk).split('\r\n')[0] ?? '';
}

describe('the entry point of the image', () => {
  it('listens, is healthy, asks for credentials, publishes the certificate, and drains on SIGTERM', async () => {
    const placed = await place();

    const health = imageCommand(execForm(argumentsOf('HEALTHCHECK')));
    const healthy = (admin: string) =>
      spawnSync(health[0] ?? '', health.slice(1), { env: { PATH: process.env['PATH'], SLUICE_ADMIN: admin } }).status;
    const credentials = `Proxy-Authorization: Basic ${Buffer.from(`app:${password}`).toString('base64')}\r\n`;

    expect(healthy(placed.admin)).toBe(0);
    expect(await tunnelTo(placed.proxyPort, 'unknown.example:443')).toContain(' 407 ');
    expect(await tunnelTo(placed.proxyPort, 'unknown.example:443', credentials)).toContain(' 403 ');
    expect(await tunnelTo(placed.proxyPort, 'api.anthropic.com:443', credentials)).toContain(' 200 ');

    expect(readdirSync(placed.published).sort()).toEqual(['bundle.pem', 'ca.crt']);
    expect(statSync(join(placed.data, 'ca', 'ca.key')).mode & 0o777).toBe(0o600);
    const owners = new Set([placed.data, join(placed.data, 'ca', 'ca.key')].map((path) => statSync(path).uid));
    expect(owners).toEqual(new Set([canIsolate ? userId : (process.getuid?.() ?? 0)]));

    placed.process.kill('SIGTERM');
    expect(await once(placed.process, 'exit')).toEqual([0, null]);
    expect(healthy(placed.admin)).toBe(1);
  });

  it.runIf(canIsolate)(
    'is confined here as it is in the image: nothing else can be written, no capability is left',
    () => {
      const folder = temporaryFolder();
      chmodSync(folder, 0o755);
      const data = join(folder, 'data');
      mkdirSync(data);
      chownSync(data, userId, userId);
      const script = `
      const { writeFileSync, readFileSync } = require('node:fs');
      const attempt = (path) => { try { writeFileSync(path, ''); return 'written'; } catch (error) { return error.code; } };
      console.log(JSON.stringify({
        uid: process.getuid(), data: attempt(process.argv[1] + '/x'), beside: attempt(process.argv[1] + '/../x'),
        tmp: attempt('/tmp/x-of-sluice'), capabilities: /CapEff:\\s*(\\w+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1],
      }));`;
      const [program = '', ...args] = isolated([data], [process.execPath, '-e', script, data]);

      const { stdout } = spawnSync(program, args, { encoding: 'utf8' });

      expect(JSON.parse(stdout)).toEqual({
        uid: userId,
        data: 'written',
        beside: 'EROFS',
        tmp: 'EROFS',
        capabilities: '0'.repeat(16),
      });
    },
  );
});
