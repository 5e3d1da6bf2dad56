/** One run of one assistant between tap, Sluice and stand-in, and what a judge may look at afterwards. */
import { createScript } from '../../src/app/stand-in/script.ts';
import { sluiceCommand } from '../helpers/sluice.ts';
import { drive, makeProject, proxySettings } from './drive.ts';
import { sentRequests } from './replay.ts';
import { startTap } from './tap.ts';
import type { ScriptStep } from '../../src/app/stand-in/script.ts';
import type { ReceivedRequest } from '../../src/app/stand-in/stand-in.ts';
import type { Assistant } from './assistants.ts';
import type { Project, Run } from './drive.ts';
import type { SentRequest } from './replay.ts';
import type { Stage } from './stage.ts';

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
  /** What reached the vendor. */
  readonly received: readonly ReceivedRequest[];
  readonly run: Run;
  /** What the assistant sent, decrypted on its way to the proxy. */
  readonly sent: readonly SentRequest[];
  /** For each streamed reply: whether its first event arrived before the rest left the vendor. */
  readonly streamed: readonly boolean[];
}

/** Drives an assistant through tap, Sluice (with this configuration) and stand-in. */
export async function session(
  stage: Stage,
  assistant: Assistant,
  setup: Setup & { readonly config?: Readonly<Record<string, unknown>> },
): Promise<Session> {
  const project = makeProject(stage.folder(), assistant, setup.files);
  const streamed: boolean[] = [];
  const ca = stage.authority.certificatePem;
  const sluice = stage.isDirect ? undefined : await stage.sluice(setup.config);
  const tap = await startTap({
    secureContextFor: stage.authority.secureContextFor,
    next:
      sluice === undefined
        ? { kind: 'vendor', port: stage.vendorPort, ca }
        : { kind: 'proxy', port: sluice.port, ca: sluice.ca },
  });
  const received = stage.play({
    script: createScript(setup.steps(project)),
    afterFirstChunk: async ({ id }) => void streamed.push(await tap.reached(id, streamTimeoutMs)),
  });
  try {
    const env = { ...assistant.env, ...proxySettings(tap.port, stage.authority.caPath) };
    const run = await drive(project, assistant.command(prompt), env);
    return { project, received, run, sent: await sentRequests(tap.recordings), streamed };
  } finally {
    await tap.close();
  }
}

/** Drives an assistant by `sluice run`, in a project with the given files. */
export async function runSession(
  stage: Stage,
  assistant: Assistant,
  setup: Setup,
): Promise<Pick<Session, 'project' | 'received' | 'run'>> {
  const project = makeProject(stage.folder(), assistant, setup.files);
  const received = stage.play({ script: createScript(setup.steps(project)) });
  const command = sluiceCommand('run', ...stage.runHome, '--', ...assistant.command(prompt));
  return { project, received, run: await drive(project, command, assistant.env) };
}
