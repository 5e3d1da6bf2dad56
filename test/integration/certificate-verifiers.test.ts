/** Real verifiers against a real TLS server, with the authority as their only root. */
import { execFile, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tls, { type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAuthority, type Authority } from '../../src/certs/authority.ts';
import { createLeafIssuer } from '../../src/certs/leaf.ts';
import { requireHost } from '../../src/certs/names.ts';
import { pemOf } from '../../src/certs/pem.ts';
import { buildLeaf, issuerOf, subjectKeyOf } from '../../src/certs/x509.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const execute = promisify(execFile);
const inside = 'api.vendor.example';
const below = 'eu.api.vendor.example';
const outside = 'bank.example';
const address = '127.0.0.1';

/** A verdict: accepted, or refused with the verifier's own words. */
interface Verdict {
  readonly isAccepted: boolean;
  readonly words: string;
}

type Verify = (target: { port: number; host: string; caPath: string; leafPath: string }) => Promise<Verdict>;

/** Runs a program that ends with 0 when it accepts. Its environment is bare, so that no variable adds roots. */
async function run(program: string, args: string[]): Promise<Verdict> {
  try {
    const { stdout, stderr } = await execute(program, args, { env: { PATH: process.env['PATH'] }, timeout: 20_000 });
    return { isAccepted: true, words: stdout + stderr };
  } catch (error: unknown) {
    if (!(error instanceof Error) || !('stderr' in error && 'stdout' in error)) throw error;
    return { isAccepted: false, words: `${String(error.stdout)}${String(error.stderr)}` };
  }
}

const python = `
import socket, ssl, sys
port, host, ca = int(sys.argv[1]), sys.argv[2], sys.argv[3]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.load_verify_locations(ca)
# What ssl.create_default_context() sets from Python 3.13 on.
context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
try:
    with socket.create_connection(("127.0.0.1", port)) as raw, context.wrap_socket(raw, server_hostname=host):
        pass
except ssl.SSLError as error:
    sys.exit(str(error))
`;

const verifiers: Readonly<Record<string, Verify>> = {
  'openssl -x509_strict': ({ host, caPath, leafPath }) => {
    const name = requireHost(host).kind === 'ip' ? '-verify_ip' : '-verify_hostname';
    const strict = ['-x509_strict', '-purpose', 'sslserver', '-no-CApath', '-no-CAstore'];
    return run('openssl', ['verify', ...strict, name, host, '-CAfile', caPath, leafPath]);
  },
  curl: ({ port, host, caPath }) =>
    // /dev/null as the folder: a build of curl may look into the system's as well.
    run(
      'curl',
      ['-sS', '--noproxy', '*', '--cacert', caPath, '--capath', '/dev/null', '--max-time', '10'].concat(
        ['--resolve', `${host}:${String(port)}:127.0.0.1`],
        [`https://${host}:${String(port)}/`],
      ),
    ),
  'Python with the strict flags of 3.13': ({ port, host, caPath }) =>
    run('python3', ['-c', python, String(port), host, caPath]),
  Node: ({ port, host, caPath }) =>
    run(process.execPath, [
      '-e',
      `const [port, host, ca] = process.argv.slice(1);
       const servername = require('net').isIP(host) ? '' : host;
       require('tls').connect({ port, host: '127.0.0.1', servername, ca: require('fs').readFileSync(ca),
         checkServerIdentity: (_, cert) => require('tls').checkServerIdentity(host, cert) })
         .on('secureConnect', () => process.exit(0))
         .on('error', (error) => { console.error(error.code, error.message); process.exit(1); });`,
      String(port),
      host,
      caPath,
    ]),
};

const needs: Readonly<Record<string, string>> = {
  'openssl -x509_strict': 'openssl',
  curl: 'curl',
  'Python with the strict flags of 3.13': 'python3',
};

function isInstalled(name: string): boolean {
  const program = needs[name];
  return program === undefined || spawnSync(program, ['--version']).error === undefined;
}

/** Serves whoever asks, with an empty answer for curl. Returns the port. */
async function serve(options: tls.TlsOptions): Promise<number> {
  const server = tls.createServer(options);
  const sockets = new Set<TLSSocket>();
  server.on('secureConnection', (socket: TLSSocket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('data', () => socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new TypeError('the server has no port');
  return bound.port;
}

/** A leaf that whoever has stolen the authority's key would make: no constraint is looked at. */
function stolen(authority: Authority, host: string): { key: string | Buffer; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const cert = pemOf(
    buildLeaf({
      host: requireHost(host),
      subjectKey: subjectKeyOf(publicKey),
      issuer: issuerOf(authority.certificate.raw, authority.key),
      notBeforeMs: authority.notBeforeMs,
      notAfterMs: authority.notAfterMs,
    }),
  );
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }), cert };
}

async function judge(name: string, hosts: string[] | null, host: string): Promise<Verdict> {
  const verify = verifiers[name];
  if (verify === undefined) throw new TypeError(`no verifier ${name}`);
  const authority = createAuthority(temporaryFolder(), { hosts, nowMs: Date.now() });
  const identity = stolen(authority, host);
  const leafPath = join(authority.home, 'leaf.pem');
  writeFileSync(leafPath, identity.cert);
  return verify({ port: await serve(identity), host, caPath: authority.paths.certificate, leafPath });
}

describe.each(Object.keys(verifiers))('%s', (name) => {
  it.runIf(isInstalled(name)).each<[string, string[] | null, string]>([
    [inside, [inside], 'a host of the constraints'],
    [below, [inside], 'a host below one of the constraints'],
    [below, ['*.vendor.example'], 'a host below a wildcard’s domain'],
    [address, [inside, address], 'an address that is listed'],
    [outside, null, 'any host, without constraints'],
    [address, null, 'any address, without constraints'],
  ])('accepts %s under %j: %s', async (host, hosts) => {
    expect(await judge(name, hosts, host)).toMatchObject({ isAccepted: true });
  });

  it.runIf(isInstalled(name)).each([
    [outside, [inside], /permitted|PERMITTED_VIOLATION|certificate verify failed/i],
    ['vendor.example', [inside], /permitted|PERMITTED_VIOLATION|certificate verify failed/i],
    [address, [inside], /excluded|EXCLUDED_VIOLATION|certificate verify failed/i],
    [address, ['127.0.0.2'], /permitted|PERMITTED_VIOLATION|certificate verify failed/i],
    [outside, [address], /excluded|EXCLUDED_VIOLATION|certificate verify failed/i],
    [outside, [], /excluded|EXCLUDED_VIOLATION|certificate verify failed/i],
  ])('refuses %s from a key stolen under %j', async (host, hosts, reason) => {
    const verdict = await judge(name, hosts, host);

    expect(verdict).toMatchObject({ isAccepted: false, words: expect.stringMatching(reason) });
  });
});

describe('contexts of the leaf issuer', () => {
  it.each(Object.keys(verifiers).filter((name) => name !== 'openssl -x509_strict'))(
    'are accepted by %s',
    async (name) => {
      const authority = createAuthority(temporaryFolder(), { hosts: [inside], nowMs: Date.now() });
      const leaves = createLeafIssuer(authority, { nowMs: Date.now });
      // An address is never sent as a server name; the proxy chooses by the CONNECT target there.
      for (const host of [inside, below]) {
        const port = await serve({
          SNICallback: (name, done) => {
            done(null, leaves.secureContextFor(name));
          },
        });

        const verdict = await verifiers[name]?.({ port, host, caPath: authority.paths.certificate, leafPath: '' });

        expect(verdict).toMatchObject({ isAccepted: true });
      }
    },
  );

  it('are refused by Node with the system’s roots alone', async () => {
    const authority = createAuthority(temporaryFolder(), { hosts: [inside], nowMs: Date.now() });
    const context = createLeafIssuer(authority, { nowMs: Date.now }).secureContextFor(inside);
    const port = await serve({
      SNICallback: (_, done) => {
        done(null, context);
      },
    });

    const socket = tls.connect({ port, host: '127.0.0.1', servername: inside });
    const [error]: unknown[] = await once(socket, 'error');

    expect(error).toMatchObject({
      code: expect.stringMatching(/UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT_LOCALLY/),
    });
  });
});
