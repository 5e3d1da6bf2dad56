/** One run of one assistant between tap, Sluice and stand-in, and what a judge may look at afterwards. */
import { createScript } from '../../src/app/stand-in/script.ts';
import { createStandIn } from '../../src/app/stand-in/stand-in.ts';
import { sluiceCommand, startSluice, writeHome } from '../helpers/sluice.ts';
import { vendorHosts } from './assistants.ts';
import { drive, makeProject, proxySettings } from './drive.ts';
import { sentRequests } from './replay.ts';
import { startTap } from './tap.ts';
import type { ScriptStep } from '../../src/app/stand-in/script.ts';
import type { StandIn } from '../../src/app/stand-in/stand-in.ts';
import type { SluiceOptions } from '../helpers/sluice.ts';
import type { ThrowawayAuthority } from '../helpers/throwaway-authority.ts';
import type { Assistant } from './assistants.ts';
import type { Project, Run } from './drive.ts';
import type { SentRequest } from './replay.ts';
import type { Report } from './report.ts';

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

interface Setup {
  /** Of the project, by name. */
  readonly files: Readonly<Record<string, string>>;
  readonly steps: (project: Project) => readonly ScriptStep[];
}

export interface Session {
  readonly project: Project;
  readonly standIn: StandIn;
  readonly run: Run;
  /** What the assistant sent, decrypted on its way to the proxy. */
  readonly sent: readonly SentRequest[];
  /** For each streamed reply: whether its first event arrived before the rest left the vendor. */
  readonly streamed: readonly boolean[];
}

/** Drives an assistant through tap, Sluice and stand-in, and hands what happened to `judge` before all is closed. */
export async function withSession(
  bench: Bench,
  assistant: Assistant,
  setup: Setup & { readonly config?: Readonly<Record<string, unknown>> },
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
    judge({ project, standIn, run, sent: await sentRequests(tap.recordings), streamed });
  } finally {
    await tap.close();
    await sluice?.stop();
    await standIn.close();
  }
}

/** Drives an assistant by `sluice run`, in a project with the given files. */
export async function withRun(
  bench: Bench,
  assistant: Assistant,
  setup: Setup,
  judge: (session: Pick<Session, 'project' | 'standIn' | 'run'>) => void,
): Promise<void> {
  const folder = bench.folder();
  const project = makeProject(folder, assistant, setup.files);
  const standIn = createStandIn({
    secureContextFor: bench.authority.secureContextFor,
    script: createScript(setup.steps(project)),
  });
  const port = await standIn.listen();
  const selection = writeHome(folder, {
    connect: Object.fromEntries(vendorHosts.map((host) => [host, port])),
    vendorCa: bench.authority.caPath,
  });
  try {
    const command = sluiceCommand('run', ...selection, '--', ...assistant.command(prompt));
    judge({ project, standIn, run: await drive(project, command, assistant.env) });
  } finally {
    // The proxy that `run` started outlives it.
    await drive(project, sluiceCommand('stop', ...selection), {});
    await standIn.close();
  }
}
