import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { homeAt } from '../../../../src/app/home.ts';
import { takeLock } from '../../../../src/app/lock.ts';
import { writeState } from '../../../../src/app/state.ts';
import { createAuthority } from '../../../../src/certs/authority.ts';
import { registerEnv } from '../../../../src/cli/commands/env.ts';
import { runCommand } from '../../../helpers/command-line.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

/** A home with a configuration of its own, and a user who has named nothing. */
function place(config = '') {
  const home = temporaryFolder();
  const file = join(temporaryFolder(), 'config.yaml');
  writeFileSync(file, config, { mode: 0o600 });
  const base = { HOME: home, SLUICE_HOME: home, PATH: process.env['PATH'] };
  const env = (argv: string[] = [], more: Record<string, string> = {}) =>
    runCommand(registerEnv, ['env', '--config', file, ...argv], { ...base, ...more }, home);
  return { home, env };
}

/** Answers for a proxy of the home. */
async function runProxy(home: string, isDetached: boolean): Promise<void> {
  const server = createServer((request, response) => {
    response.end(request.headers.authorization === 'Bearer token' ? '{}' : 'no');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port');
  const lock = takeLock(homeAt(home).lock);
  onTestFinished(() => lock.release());
  const { paths } = createAuthority(home, { hosts: ['old.example'], nowMs: Date.now() });
  writeFileSync(homeAt(home).adminToken, 'token');
  writeState(homeAt(home), {
    pid: 1,
    version: '0',
    startedMs: 0,
    isDetached,
    ca: paths.certificate,
    bundle: paths.bundle,
    proxy: 'http://127.0.0.1:4711',
    admin: `http://127.0.0.1:${String(address.port)}`,
  });
}

describe('sluice env', () => {
  it('points at the configured listener and at files that are there', async () => {
    const { home, env } = place('listen: 127.0.0.1:7799\n');

    const { code, stdout, stderr } = await env(['--json']);

    const { schemaVersion, variables } = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(schemaVersion).toBe(1);
    expect(variables).toMatchObject({
      HTTPS_PROXY: 'http://127.0.0.1:7799',
      SSL_CERT_FILE: join(home, 'ca', 'bundle.pem'),
      NODE_EXTRA_CA_CERTS: join(home, 'ca', 'ca.crt'),
    });
    expect(existsSync(variables.SSL_CERT_FILE) && existsSync(variables.NODE_EXTRA_CA_CERTS)).toBe(true);
    expect(stderr).toContain('sluice start');
  });

  it('leads nobody to the address of every interface', async () => {
    const { env } = place('profile: gateway\nlisten: 0.0.0.0:7787\n');

    const { stdout, stderr } = await env(['--json']);

    expect(JSON.parse(stdout).variables.HTTPS_PROXY).toBe('http://127.0.0.1:7787');
    expect(stderr).toContain('credentials');
  });

  it('keeps the certificates that the shell had named', async () => {
    const { env } = place();
    const corporate = createAuthority(temporaryFolder(), { hosts: null, nowMs: Date.now() });

    const { stdout } = await env(['--json'], { SSL_CERT_FILE: corporate.paths.certificate });

    expect(readFileSync(JSON.parse(stdout).variables.SSL_CERT_FILE, 'utf8')).toContain(corporate.certificatePem);
  });

  it('keeps inspected hosts out of NO_PROXY', async () => {
    const { stdout } = await place().env(['--json'], { NO_PROXY: 'intra.example,.anthropic.com,api.openai.com' });

    expect(JSON.parse(stdout).variables.NO_PROXY).toBe('intra.example,localhost,127.0.0.1,::1');
  });

  it.each([
    ['/usr/bin/fish', [], /^set -gx HTTPS_PROXY '/m],
    ['/bin/bash', [], /^export HTTPS_PROXY='/m],
    ['/bin/zsh', [], /^export HTTPS_PROXY='/m],
    ['/bin/bash', ['--shell', 'pwsh'], /^\$env:HTTPS_PROXY = '/m],
  ])('speaks the syntax of %s, or of the shell that is named', async (shell, argv, expected) => {
    expect((await place().env(argv, { SHELL: shell })).stdout).toMatch(expected);
  });

  it('prints none with --if-running where no proxy answers, and makes nothing', async () => {
    const { home, env } = place();

    const { code, stdout, stderr } = await env(['--if-running', '--shell', 'bash']);

    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(existsSync(join(home, 'ca'))).toBe(false);
  });

  it('prints none with --if-running for a proxy that `run` started', async () => {
    const { home, env } = place();
    await runProxy(home, true);

    expect((await env(['--if-running', '--shell', 'bash'])).stdout).toBe('');
    expect(JSON.parse((await env(['--json'])).stdout).variables.HTTPS_PROXY).toBe('http://127.0.0.1:4711');
  });

  it('points at the proxy that answers, and leaves its authority as it is', async () => {
    const { home, env } = place();
    await runProxy(home, false);
    const before = readFileSync(join(home, 'ca', 'ca.crt'), 'utf8');

    const { stdout, stderr } = await env(['--if-running', '--json']);

    expect(JSON.parse(stdout).variables.HTTPS_PROXY).toBe('http://127.0.0.1:4711');
    expect(stderr).toBe('');
    expect(readFileSync(join(home, 'ca', 'ca.crt'), 'utf8')).toBe(before);
  });
});
