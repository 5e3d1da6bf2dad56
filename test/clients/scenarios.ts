/** What is asked of each assistant, and what must be true afterwards. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createScript } from '../../src/app/stand-in/script.ts';
import { createStandIn } from '../../src/app/stand-in/stand-in.ts';
import { vendorHosts } from './assistants.ts';
import { drive, makeProject, proxySettings } from './drive.ts';
import { differences } from './identical.ts';
import { everydayEnv, leaks, plantedFile } from '../helpers/planted.ts';
import { sentRequests } from './replay.ts';
import { sluiceCommand, startSluice, writeHome } from '../helpers/sluice.ts';
import { startTap } from './tap.ts';
import type { ScriptStep } from '../../src/app/stand-in/script.ts';
import type { StandIn } from '../../src/app/stand-in/stand-in.ts';
import type { ThrowawayAuthority } from '../helpers/throwaway-authority.ts';
import type { Assistant } from './assistants.ts';
import type { Project, Run } from './drive.ts';
import type { SentRequest } from './replay.ts';
import type { Report } from './report.ts';
import type { Sluice, SluiceOptions } from '../helpers/sluice.ts';

export interface Bench {
  readonly authority: ThrowawayAuthority;
  readonly report: Report;
  /** A new folder. */
  folder(): string;
  /** Without Sluice, to prove the stand-in and the way the assistants are driven. */
  readonly isDirect: boolean;
}

const prompt = 'Read src/settings.txt, mark the token as checked, and tell me what it is';

/** Long enough that a buffering proxy would hold it, short enough not to slow a passing run. */
const streamTimeoutMs = 5_000;

interface Session {
  readonly project: Project;
  readonly standIn: StandIn;
  readonly run: Run;
  /** What the assistant sent, decrypted on its way to the proxy. */
  readonly sent: readonly SentRequest[];
  /** For each streamed reply: whether its first event arrived before the rest left the vendor. */
  readonly streamed: readonly boolean[];
  readonly sluice: Sluice | undefined;
}

/** Drives an assistant through tap, Sluice and stand-in, and hands what happened to `judge` before all is closed. */
async function withSession(
  bench: Bench,
  assistant: Assistant,
  setup: {
    readonly files: Readonly<Record<string, string>>;
    readonly steps: (project: Project) => readonly ScriptStep[];
    readonly config?: Readonly<Record<string, unknown>>;
  },
  judge: (session: Session) => void,
): Promise<void> {
  const folder = bench.folder();
  const project = makeProject(folder, assistant, setup.files);
  const streamed: boolean[] = [];
  const standIn = createStandIn({
    secureContextFor: bench.authority.secureContextFor,
    script: createScript(setup.steps(project)),
    afterFirstChunk: async ({ id }) => void streamed.push(await tap.reached(id, streamTimeoutMs)),
  });
  const vendorPort = await standIn.listen();
  const options: SluiceOptions = {
    connect: Object.fromEntries(vendorHosts.map((host) => [host, vendorPort])),
    vendorCa: bench.authority.caPath,
    ...(setup.config === undefined ? {} : { config: setup.config }),
  };
  const sluice = bench.isDirect ? undefined : await startSluice(folder, options);
  const tap = await startTap({
    secureContextFor: bench.authority.secureContextFor,
    next:
      sluice === undefined
        ? { kind: 'vendor', port: vendorPort, ca: bench.authority.certificatePem }
        : { kind: 'proxy', port: sluice.port, ca: sluice.ca },
  });
  try {
    const env = { ...assistant.env, ...proxySettings(tap.port, bench.authority.caPath) };
    const run = await drive(project, assistant.command(prompt), env);
    judge({ project, standIn, run, sent: await sentRequests(tap.recordings), streamed, sluice });
  } finally {
    await tap.close();
    await sluice?.stop();
    await standIn.close();
  }
}

/** The end of what an assistant printed, for a failure; secrets in it are taken out. */
function tail(run: Run, values: readonly string[]): string {
  let text = run.output.slice(-1500);
  for (const value of values) text = text.replaceAll(value, '[planted]');
  return `exit ${run.status} after ${run.seconds.toFixed(1)} s\n${text}`;
}

function editSteps(project: Project): readonly ScriptStep[] {
  const path = project.path('src/settings.txt');
  const line = 'GITHUB_TOKEN={{GITHUB_TOKEN}}';
  return [
    { says: 'I will read it first.', deed: { act: 'read', path } },
    { says: 'Now the mark.', deed: { act: 'edit', path, old: line, new: `${line} # checked` } },
    { says: '', deed: { act: 'write', path: project.path('copy.txt'), content: `token: {{GITHUB_TOKEN}}\n` } },
    { says: '', deed: { act: 'run', command: `printf '%s' '{{GITHUB_TOKEN}}' > shell.txt` } },
    { says: 'The token is {{GITHUB_TOKEN}}, marked.' },
  ];
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '(missing)';
  }
}

/** Secrets stay here, edits hold the real values, replies stream. */
async function masked(bench: Bench, assistant: Assistant): Promise<void> {
  const { report } = bench;
  const planted = plantedFile();
  const secrets = planted.values.map(({ value }) => value);
  const token = planted.values[0]?.value ?? '';
  await withSession(bench, assistant, { files: { 'src/settings.txt': planted.text }, steps: editSteps }, (session) => {
    const { project, run, standIn, streamed } = session;
    const found = leaks(standIn.requests, planted.values);
    const name = (text: string): string => `${assistant.name}: ${text}`;
    const details = tail(run, secrets);
    const wasRead = leaks(session.sent, planted.values).length > 0;
    report.check(wasRead, name('the assistant sent the planted file towards the vendor'), details);
    if (bench.isDirect) {
      const missed = planted.values.filter((value) => leaks(standIn.requests, [value]).length === 0);
      const names = missed.map((value) => value.name).join('\n');
      report.check(missed.length === 0, name('the search finds every planted value where nothing masks'), names);
    } else {
      report.check(found.length === 0, name('the vendor received no planted value, in any encoding'), found.join('\n'));
    }
    const expected = planted.text.replace(token, `${token} # checked`);
    report.check(
      readOr(project.path('src/settings.txt')) === expected,
      name('the edit on disk holds the value'),
      details,
    );
    report.check(readOr(project.path('copy.txt')) === `token: ${token}\n`, name('a written file holds it'), details);
    report.check(readOr(project.path('shell.txt')) === token, name('a shell command got it'), details);
    report.check(run.stdout.includes(`The token is ${token}, marked.`), name('the person reads it'), details);
    const isStreamed = streamed.length >= 5 && streamed.every(Boolean);
    report.check(isStreamed, name('every reply was streamed'), `${streamed.join(' ')}\n${details}`);
    report.check(run.status === 0, name('the run ended well'), details);
  });
}

/** A refusal is shown once, in the assistant's own words, and nothing is tried again. */
async function blocked(bench: Bench, assistant: Assistant): Promise<void> {
  const { report } = bench;
  const planted = plantedFile();
  const secrets = planted.values.map(({ value }) => value);
  const config = { policy: [{ when: { category: 'secret' }, action: 'block' }] };
  await withSession(
    bench,
    assistant,
    { files: { 'src/settings.txt': planted.text }, steps: editSteps, config },
    ({ run, standIn, sent }) => {
      const found = leaks(standIn.requests, planted.values);
      const tries = sent.filter((request) => leaks([request], planted.values).length > 0);
      const name = (text: string): string => `${assistant.name}: ${text}`;
      const details = tail(run, secrets);
      report.check(found.length === 0, name('a blocked request does not reach the vendor'), found.join('\n'));
      report.check(tries.length === 1, name('a blocked request is not retried'), `${tries.length} tries\n${details}`);
      const isShown = /sluice/i.test(run.output) && /github/i.test(run.output);
      report.check(isShown, name('the refusal is shown, with its rule'), details);
    },
  );
}

/** Nothing to mask: what reaches the vendor is what was sent. */
async function clean(bench: Bench, assistant: Assistant): Promise<void> {
  const { report } = bench;
  const steps = (project: Project): readonly ScriptStep[] => [
    { says: 'I will read it first.', deed: { act: 'read', path: project.path('src/settings.txt') } },
    { says: 'It listens on {{PORT}}.' },
  ];
  await withSession(bench, assistant, { files: { 'src/settings.txt': everydayEnv }, steps }, (session) => {
    const { run, sent, standIn } = session;
    const modelRequests = sent.filter(({ target }) => assistant.modelPath.test(target));
    const inspected = sent.filter(({ host }) => vendorHosts.some((vendor) => vendor === host));
    const problems = differences(inspected, standIn.requests);
    const name = (text: string): string => `${assistant.name}: ${text}`;
    const details = tail(run, []);
    report.check(run.stdout.includes('It listens on 3000.'), name('a clean run says its piece'), details);
    report.check(
      modelRequests.length >= 2 && problems.length === 0,
      name(`a clean run arrives byte for byte (${inspected.length} requests)`),
      `${modelRequests.length} model requests\n${problems.join('\n')}`,
    );
  });
}

/** `run` with a `.env` of everyday values: they are too common to protect, and nothing breaks. */
async function everyday(bench: Bench, assistant: Assistant): Promise<void> {
  const { report } = bench;
  const folder = bench.folder();
  const files = { '.env': everydayEnv, 'src/settings.txt': everydayEnv };
  const project = makeProject(folder, assistant, files);
  const path = project.path('src/settings.txt');
  const standIn = createStandIn({
    secureContextFor: bench.authority.secureContextFor,
    script: createScript([
      { says: 'I will read it first.', deed: { act: 'read', path } },
      { says: 'Now the port.', deed: { act: 'edit', path, old: 'PORT={{PORT}}', new: 'PORT=3001' } },
      { says: 'The app is {{APP}}, in {{NODE_ENV}}, on {{HOST}}.' },
    ]),
  });
  const port = await standIn.listen();
  const selection = writeHome(folder, {
    connect: Object.fromEntries(vendorHosts.map((host) => [host, port])),
    vendorCa: bench.authority.caPath,
  });
  mkdirSync(join(folder, 'runtime'), { recursive: true });
  try {
    const command = sluiceCommand('run', ...selection, '--', ...assistant.command(prompt));
    const run = await drive(project, command, { ...assistant.env, XDG_RUNTIME_DIR: join(folder, 'runtime') });
    const name = (text: string): string => `${assistant.name}: ${text}`;
    const details = tail(run, []);
    const text = standIn.requests.map(({ body }) => Buffer.from(body).toString('latin1')).join('\n');
    const isWhole = text.includes('PORT=3000') && text.includes('DEBUG=true') && !/SLUICE_[A-Z]/.test(text);
    report.check(isWhole, name('run: everyday values of a .env pass unmasked'), details);
    const isEdited = readOr(path) === everydayEnv.replace('3000', '3001');
    report.check(isEdited, name('run: the edit is done'), details);
    const isSaid = run.stdout.includes('The app is demo, in development, on localhost.');
    report.check(isSaid && run.status === 0, name('run: nothing breaks'), details);
  } finally {
    await drive(project, sluiceCommand('stop', ...selection), {});
    await standIn.close();
  }
}

/** Every scenario by name; the direct mode knows only what needs no Sluice. */
export const scenarios = { masked, blocked, clean, everyday } as const;

export type ScenarioName = keyof typeof scenarios;

/** Those that prove the drivers without Sluice. */
export const directScenarios: readonly ScenarioName[] = ['masked', 'clean'];
