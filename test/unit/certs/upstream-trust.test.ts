import { writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import tls from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAuthority } from '../../../src/certs/authority.ts';
import { createLeafIssuer } from '../../../src/certs/leaf.ts';
import { upstreamTrust } from '../../../src/certs/upstream-trust.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const host = 'api.vendor.example';
const makeAuthority = () => createAuthority(temporaryFolder(), { hosts: [host], nowMs: Date.now() });

/** What a client with this trust says to a server whose certificate that authority has signed. */
async function connect(secureContext: tls.SecureContext, signer: ReturnType<typeof makeAuthority>): Promise<string> {
  const context = createLeafIssuer(signer, { nowMs: Date.now }).secureContextFor(host);
  const server = tls.createServer({
    SNICallback: (_, done) => {
      done(null, context);
    },
  });
  server.on('secureConnection', (accepted) => accepted.on('error', () => accepted.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port');
  const socket = tls.connect({ host: '127.0.0.1', port: address.port, servername: host, secureContext });
  return new Promise((resolve) => {
    socket.once('secureConnect', () => {
      socket.destroy();
      resolve('accepted');
    });
    socket.once('error', (error) => {
      resolve('code' in error ? String(error.code) : error.message);
    });
  });
}

describe('what the upstream side trusts', () => {
  it('is the machine’s roots', async () => {
    const corporate = makeAuthority();
    const trust = { certificates: [corporate.certificate], sources: [] };

    const context = upstreamTrust(makeAuthority(), trust);

    expect(await connect(context, corporate)).toBe('accepted');
    expect(await connect(context, makeAuthority())).toMatch(/UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/);
  });

  it('is the files of the configuration besides them', async () => {
    const [machine, configured] = [makeAuthority(), makeAuthority()];
    const trust = { certificates: [machine.certificate], sources: [] };

    const context = upstreamTrust(makeAuthority(), trust, [configured.paths.certificate]);

    expect(await connect(context, machine)).toBe('accepted');
    expect(await connect(context, configured)).toBe('accepted');
  });

  it('is never our own authority, also when the machine trusts it', async () => {
    const [authority, other] = [makeAuthority(), makeAuthority()];
    const trust = { certificates: [authority.certificate, other.certificate], sources: [] };

    expect(await connect(upstreamTrust(authority, trust), authority)).toMatch(/UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/);
  });

  it.each([
    ['is missing', undefined],
    ['holds no certificate', 'nothing'],
  ])('cannot be a configured file that %s', (_, content) => {
    const path = join(temporaryFolder(), 'roots.pem');
    if (content !== undefined) writeFileSync(path, content);
    const trust = { certificates: [makeAuthority().certificate], sources: [] };

    expect(() => upstreamTrust(makeAuthority(), trust, [path])).toThrowError(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: expect.stringContaining(path) }),
    );
  });

  it('cannot be our own authority by configuration', () => {
    const authority = makeAuthority();
    const trust = { certificates: [makeAuthority().certificate], sources: [] };

    expect(() => upstreamTrust(authority, trust, [authority.paths.certificate])).toThrowError(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }),
    );
  });

  it('cannot be nothing', () => {
    expect(() => upstreamTrust(makeAuthority(), { certificates: [], sources: [] })).toThrowError(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }),
    );
  });
});
