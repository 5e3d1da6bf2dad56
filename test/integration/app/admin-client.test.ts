import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectAdmin } from '../../../src/app/admin-client.ts';
import { homeAt } from '../../../src/app/home.ts';
import { takeLock } from '../../../src/app/lock.ts';
import { writeState } from '../../../src/app/state.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

/** A home whose state names a port where something answers everything with 200; what that was told. */
async function homeWithPort(failure?: object) {
  const told: string[] = [];
  const server = createServer((request, response) => {
    told.push(request.headers.authorization ?? '');
    response.setHeader('content-type', 'application/json');
    // What comes first asks whether anything answers.
    const isFailure = failure !== undefined && told.length > 1;
    response.statusCode = isFailure ? 400 : 200;
    response.end(JSON.stringify(isFailure ? failure : {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address: AddressInfo | string | null = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const home = homeAt(temporaryFolder());
  writeFileSync(home.adminToken, 'token\n', { mode: 0o600 });
  const url = `http://127.0.0.1:${port}`;
  writeState(home, {
    pid: 1,
    proxy: url,
    admin: url,
    version: '1',
    startedMs: 0,
    isDetached: true,
    ca: 'ca',
    bundle: 'bundle',
  });
  return { home, told };
}

describe('a client of the admin port', () => {
  it('tells nothing to a program that has the port of a proxy that is gone', async () => {
    const { home, told } = await homeWithPort();

    expect(await connectAdmin(home)).toBeUndefined();
    expect(told).toEqual([]);
  });

  it('speaks to the proxy that holds the home', async () => {
    const { home, told } = await homeWithPort();
    const lock = takeLock(home.lock);
    onTestFinished(() => lock.release());

    expect(await connectAdmin(home)).toBeDefined();
    expect(told).toEqual(['Bearer token']);
  });

  it.each([
    [
      'what the proxy says is wrong',
      { error: { code: 'ERR_RULES_INVALID', message: 'the id is taken', hint: 'choose another' } },
      { code: 'ERR_RULES_INVALID', message: 'the id is taken', hint: 'choose another' },
    ],
    ['that nobody knows why', { error: { code: 'toString' } }, { code: 'ERR_IO' }],
  ])('fails with %s', async (_name, failure, expected) => {
    const { home } = await homeWithPort(failure);
    const lock = takeLock(home.lock);
    onTestFinished(() => lock.release());
    const client = await connectAdmin(home);

    await expect(client?.call('POST', '/api/runs', {})).rejects.toMatchObject(expected);
  });
});
