/** Programs that every machine has, through the built command line, trusting the exported certificate. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScript } from '../../src/app/stand-in/script.ts';
import { createStandIn } from '../../src/app/stand-in/stand-in.ts';
import { leaks, plantedFile } from '../helpers/planted.ts';
import { startSluice } from '../helpers/sluice.ts';
import { createThrowawayAuthority } from '../helpers/throwaway-authority.ts';
import type { StandIn } from '../../src/app/stand-in/stand-in.ts';
import type { Sluice } from '../helpers/sluice.ts';
import type { ThrowawayAuthority } from '../helpers/throwaway-authority.ts';

const host = 'api.anthropic.com';
const planted = plantedFile();
const token = planted.values[0]?.value ?? '';
const body = JSON.stringify({
  model: 'claude-sonnet-4-5',
  max_tokens: 64,
  messages: [{ role: 'user', content: planted.text }],
});
const answer = `The token is ${token}.`;

let folder: string;
let caPath: string;
let authority: ThrowawayAuthority;
let standIn: StandIn;
let sluice: Sluice;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-plain-'));
  authority = createThrowawayAuthority();
  standIn = createStandIn({
    secureContextFor: authority.secureContextFor,
    script: createScript([{ says: 'The token is {{GITHUB_TOKEN}}.' }]),
  });
  sluice = await startSluice(folder, { connect: { [host]: await standIn.listen() }, vendorCa: authority.caPath });
  caPath = join(folder, 'exported.crt');
  writeFileSync(caPath, sluice.text('ca', 'export'));
  writeFileSync(join(folder, 'body.json'), body);
});

afterAll(async () => {
  await sluice.stop();
  await standIn.close();
  authority.remove();
  rmSync(folder, { recursive: true, force: true });
});

function has(command: string): boolean {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined;
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program without blocking this process, which is the vendor. */
async function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv, input = ''): Promise<Ended> {
  const child = spawn(command, args, { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder, ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.end(input);
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, stdout, stderr };
}

/** What must hold after each of them: masked on the way out, restored on the way back. */
function expectMasked(reply: string): void {
  expect(reply).toContain(answer);
  expect(standIn.requests.at(-1)?.target).toBe('/v1/messages');
  expect(leaks(standIn.requests, planted.values)).toEqual([]);
}

describe('plain clients with the exported certificate', () => {
  it.skipIf(!has('curl'))('curl', async () => {
    const args = ['-sS', '--fail', '-H', 'content-type: application/json', '--data', '@body.json'];
    const env = { HTTPS_PROXY: `http://127.0.0.1:${sluice.port}`, CURL_CA_BUNDLE: caPath };
    const { status, stdout, stderr } = await run('curl', [...args, `https://${host}/v1/messages`], env);

    expect(`${stderr} ${status}`).toBe(' 0');
    expectMasked(stdout);
  });

  it.skipIf(!has('python3'))('Python urllib, with strict verification', async () => {
    const program = `
import ssl, sys, urllib.request
context = ssl.create_default_context(cafile=sys.argv[1])
context.verify_flags |= ssl.VERIFY_X509_STRICT
opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context))
request = urllib.request.Request(sys.argv[2], open('body.json', 'rb').read(), {'content-type': 'application/json'})
sys.stdout.write(opener.open(request).read().decode())`;
    const env = { https_proxy: `http://127.0.0.1:${sluice.port}` };
    const args = ['-c', program, caPath, `https://${host}/v1/messages`];
    const { status, stdout, stderr } = await run('python3', args, env);

    expect(`${stderr} ${status}`).toBe(' 0');
    expectMasked(stdout);
  });

  it.skipIf(!has('openssl'))('openssl s_client -proxy, with strict verification', async () => {
    const args = ['s_client', '-proxy', `127.0.0.1:${sluice.port}`, '-connect', `${host}:443`, '-servername', host];
    const checks = ['-CAfile', caPath, '-verify_return_error', '-x509_strict', '-verify_hostname', host, '-ign_eof'];
    const length = Buffer.byteLength(body);
    const head = `POST /v1/messages HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n`;
    const request = `${head}Content-Length: ${length}\r\nConnection: close\r\n\r\n${body}`;
    const { status, stdout } = await run('openssl', [...args, ...checks], {}, request);

    expect(status).toBe(0);
    expect(stdout).toContain('Verify return code: 0 (ok)');
    expectMasked(stdout);
  });
});
