/** Named checks of an installation: what holds, what does not, and how to mend it. */
import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { loadAuthority } from '../certs/authority.ts';
import { machineTrust } from '../certs/bundle.ts';
import { hasRecord, verifyHome } from '../audit/reader.ts';
import type { LoadedConfig } from '../config/load.ts';
import { parseAddress } from '../config/listen.ts';
import { utf8 } from '../core/bytes.ts';
import { AppError } from '../core/errors.ts';
import { connectAdmin } from './admin-client.ts';
import { offlineDetector, probeDetector } from './detector/offline.ts';
import { homeAt } from './home.ts';
import { offlineEngine } from './offline-engine.ts';
import { scanText } from './scan.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** One check's result. */
export interface Check {
  readonly id: string;
  readonly status: 'ok' | 'warn' | 'fail' | 'skip';
  /** One line. */
  readonly finding: string;
  /** What to do. */
  readonly fix?: string;
}

export interface DoctorInput {
  /** The configuration, or why it cannot be loaded. */
  readonly loaded: LoadedConfig | AppError;
  readonly homePath: string;
  readonly env: Environment;
  readonly nowMs: number;
}

type Result = Omit<Check, 'id'>;

const dayMs = 86_400_000;
const ok = (finding: string): Result => ({ status: 'ok', finding });
const bad = (status: 'warn' | 'fail', finding: string, fix: string): Result => ({ status, finding, fix });
const skip = (finding: string): Result => ({ status: 'skip', finding });

function fromError(error: unknown): Result {
  if (error instanceof AppError) return bad('fail', error.message, error.hint);
  return bad('fail', 'the check itself failed', 'run it again with --verbose');
}

function checkNode(): Result {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isSupported = major > 20 || (major === 20 && minor >= 19);
  return isSupported
    ? ok(`Node ${process.versions.node}`)
    : bad('fail', `Node ${process.versions.node} is too old`, 'install Node 20.19 or newer');
}

function checkHome(path: string): Result {
  if (!existsSync(path)) return skip(`${path} is made by the first start`);
  accessSync(path, constants.W_OK);
  const mode = statSync(path).mode & 0o777;
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    return bad('fail', `${path} can be read by others (mode ${mode.toString(8)})`, `chmod 700 ${path}`);
  }
  return ok(path);
}

function checkAuthority(homePath: string, nowMs: number): Result {
  const authority = loadAuthority(homePath, { nowMs });
  const days = Math.floor((authority.notAfterMs - nowMs) / dayMs);
  const limits = authority.constraints === null ? 'for any host' : `for ${authority.constraints.dns.length} domains`;
  if (days < 30) return bad('warn', `the authority ends in ${days} days`, 'run `sluice ca rotate`');
  return ok(`${limits}, ${days} days left${authority.trusted ? ', in a trust store' : ''}`);
}

function checkTrust(homePath: string, nowMs: number, env: Environment): Result {
  const trust = machineTrust(loadAuthority(homePath, { nowMs }));
  const problems = trust.sources.filter(({ problem }) => problem !== undefined);
  const [first] = problems;
  if (first !== undefined) {
    return bad(
      'warn',
      `${first.by} names ${first.path}, which gives no certificates: ${first.problem ?? ''}`,
      'correct or unset it',
    );
  }
  if (trust.certificates.length === 0) return bad('fail', 'no system roots were found', 'install ca-certificates');
  return ok(
    `${trust.certificates.length} roots${env['NODE_EXTRA_CA_CERTS'] === undefined ? '' : ', with NODE_EXTRA_CA_CERTS'}`,
  );
}

function checkRecord(homePath: string): Result {
  if (!hasRecord(homePath)) return skip('no record yet');
  const { ok: isWhole, entries, problems } = verifyHome(homePath);
  const [first] = problems;
  if (!isWhole || first !== undefined) {
    return bad('fail', `entry ${first?.id ?? '?'}: ${first?.problem ?? 'does not fit'}`, 'see `sluice log verify`');
  }
  return ok(`${entries} entries, consistent with itself`);
}

function isFree(address: string): Promise<boolean> {
  const { host, port } = parseAddress(address);
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

async function checkProxy(homePath: string, loaded: LoadedConfig): Promise<Result> {
  const running = await connectAdmin(homeAt(homePath));
  if (running !== undefined) return ok(`runs on ${running.state.proxy} (pid ${running.state.pid})`);
  const { listen, admin } = loaded.config;
  for (const address of [listen, admin]) {
    if (!(await isFree(address))) {
      return bad('fail', `${address} is taken by another program`, 'choose another with `--listen` or `--admin`');
    }
  }
  return ok('not running; its ports are free');
}

function checkVariables(env: Environment): Result {
  const names = ['ALL_PROXY', 'all_proxy'].filter((name) => (env[name] ?? '') !== '');
  if (names.length > 0) {
    return bad(
      'warn',
      `${names.join(', ')} is set: some clients then send https requests in clear to the proxy`,
      `unset ${names.join(' ')}`,
    );
  }
  const proxy = env['HTTPS_PROXY'] ?? env['https_proxy'];
  return proxy === undefined || proxy === ''
    ? skip('HTTPS_PROXY is not set in this shell: `sluice run` sets it for one command')
    : ok('HTTPS_PROXY is set');
}

/** What is known of assistants behind a proxy, by the program's name. */
const assistants: readonly { readonly program: string; readonly note: string; readonly isWhole: boolean }[] = [
  { program: 'claude', note: 'honours the variables', isWhole: true },
  { program: 'codex', note: 'honours the variables (CODEX_CA_CERTIFICATE, not NODE_EXTRA_CA_CERTS)', isWhole: true },
  { program: 'gemini', note: 'honours the variables', isWhole: true },
  { program: 'copilot', note: 'honours the variables', isWhole: true },
  { program: 'qwen', note: 'its telemetry ignores NO_PROXY', isWhole: true },
  { program: 'opencode', note: 'honours the variables', isWhole: true },
  { program: 'pi', note: 'honours the variables', isWhole: true },
  { program: 'qodercli', note: 'its telemetry, with previews of files, goes past the proxy', isWhole: false },
  {
    program: 'auggie',
    note: 'all but the conversation goes past the proxy without NODE_USE_ENV_PROXY',
    isWhole: false,
  },
  { program: 'cn', note: 'api.continue.dev is reached past the proxy', isWhole: false },
  { program: 'cursor', note: 'a window program: the variables of a shell do not reach it', isWhole: false },
  { program: 'code', note: 'a window program: the variables of a shell do not reach it', isWhole: false },
];

function checkAssistants(env: Environment): Result {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const isThere = (program: string): boolean => folders.some((folder) => existsSync(join(folder, program)));
  const found = assistants.filter(({ program }) => isThere(program));
  if (found.length === 0) return skip('no assistant that is known was found on PATH');
  const lines = found.map(({ program, note }) => `${program}: ${note}`).join('; ');
  return found.every(({ isWhole }) => isWhole)
    ? ok(lines)
    : bad(
        'warn',
        lines,
        'egress control must leave no other way out; MCP servers may be started without the variables too',
      );
}

/** Plants a secret in a text and looks whether it is masked. */
function checkMasking(loaded: LoadedConfig, homePath: string, env: Environment): Result {
  const engine = offlineEngine(loaded, homePath, env);
  const letters = randomBytes(120)
    .toString('base64')
    .replaceAll(/[^A-Za-z0-9]/g, '');
  const secret = `ghp_${letters.slice(0, 36)}`;
  const { masked, findings } = scanText(utf8(`GITHUB_TOKEN=${secret}\n`), engine);
  if (Buffer.from(masked).includes(secret)) {
    return bad(
      'fail',
      'a planted token was not masked',
      'look at `rules:`, `policy:` and `mode:` in `sluice config show --origin`',
    );
  }
  return ok(`${engine.rules.length} rules; a planted token was masked (${findings.length} finding)`);
}

/** Asks the detector about a sentence of our own. */
async function checkDetector(loaded: LoadedConfig, env: Environment): Promise<Result> {
  const { detector: config } = loaded.config;
  const warnings: string[] = [];
  const detector = offlineDetector(loaded, env, (message) => warnings.push(message));
  if (config === undefined || detector === undefined) return skip('none is configured (`detector:`)');
  try {
    const startedMs = performance.now();
    const { spots, failure } = await probeDetector(detector);
    const what = config.url ?? config.command?.[0] ?? '';
    if (failure !== undefined) {
      const meanwhile =
        config.onFailure === 'block' ? 'requests are refused meanwhile' : 'requests leave unseen meanwhile';
      return bad('fail', `${what}: ${warnings[0] ?? failure}; ${meanwhile}`, 'start it, or take `detector:` out');
    }
    const took = `${what} answers within ${Math.round(performance.now() - startedMs)} ms`;
    const isBlind = [...spots.values()].every((found) => found.length === 0);
    // The sentence is English: of a detector for another language nothing is to be expected.
    if (!isBlind || !config.language.startsWith('en')) return ok(took);
    return bad(
      'warn',
      `${took}, but sees no name in an English sentence`,
      'check its model, `detector.entities` and `minScore`',
    );
  } finally {
    detector.close();
  }
}

/** Runs every check; none of them changes anything. */
export async function runDoctor({ loaded, homePath, env, nowMs }: DoctorInput): Promise<readonly Check[]> {
  const withConfig = (check: (config: LoadedConfig) => Result | Promise<Result>) => () =>
    loaded instanceof AppError ? skip('the configuration cannot be loaded') : check(loaded);
  const checks: readonly (readonly [id: string, check: () => Result | Promise<Result>])[] = [
    ['node', checkNode],
    [
      'config',
      () => (loaded instanceof AppError ? fromError(loaded) : ok(loaded.file ?? 'the defaults of the profile')),
    ],
    ['home', () => checkHome(homePath)],
    [
      'authority',
      () =>
        existsSync(homeAt(homePath).authority) ? checkAuthority(homePath, nowMs) : skip('made by the first start'),
    ],
    [
      'trust',
      () => (existsSync(homeAt(homePath).authority) ? checkTrust(homePath, nowMs, env) : skip('needs the authority')),
    ],
    ['record', () => checkRecord(homePath)],
    ['masking', withConfig((config) => checkMasking(config, homePath, env))],
    ['detector', withConfig((config) => checkDetector(config, env))],
    ['proxy', withConfig((config) => checkProxy(homePath, config))],
    ['variables', () => checkVariables(env)],
    ['assistants', () => checkAssistants(env)],
  ];
  const results: Check[] = [];
  for (const [id, check] of checks) {
    try {
      results.push({ id, ...(await check()) });
    } catch (error: unknown) {
      results.push({ id, ...fromError(error) });
    }
  }
  return results;
}
