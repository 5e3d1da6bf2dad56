/** What all runs share: one stand-in, one proxy for each configuration, one home for `sluice run`. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStandIn } from '../../src/app/stand-in/stand-in.ts';
import { encodedForms } from '../helpers/planted.ts';
import { sluiceCommand, startSluice, writeHome } from '../helpers/sluice.ts';
import { createThrowawayAuthority } from '../helpers/throwaway-authority.ts';
import { vendorHosts } from './assistants.ts';
import { drive } from './drive.ts';
import type { ReceivedRequest, StandInOptions } from '../../src/app/stand-in/stand-in.ts';
import type { Script } from '../../src/app/stand-in/script.ts';
import type { Planted } from '../helpers/planted.ts';
import type { Sluice } from '../helpers/sluice.ts';
import type { ThrowawayAuthority } from '../helpers/throwaway-authority.ts';
import type { Report } from './report.ts';

/** What the vendor does for one run. */
export interface Role {
  readonly script: Script;
  readonly afterFirstChunk?: NonNullable<StandInOptions['afterFirstChunk']>;
}

export interface Stage {
  readonly authority: ThrowawayAuthority;
  readonly report: Report;
  /** Without Sluice, to prove the stand-in and the way the assistants are driven. */
  readonly isDirect: boolean;
  readonly vendorPort: number;
  /** A new folder. */
  folder(): string;
  /** Lets the vendor play a role; what it receives from now on is in the list returned. */
  play(role: Role): readonly ReceivedRequest[];
  /** The proxy that runs under this configuration, started when first asked for. */
  sluice(config?: Readonly<Record<string, unknown>>): Promise<Sluice>;
  /** The arguments that select the home of `sluice run`. */
  readonly runHome: readonly string[];
  /** Remembers values that must stand nowhere in the data folders or logs. */
  plant(values: readonly Planted[]): void;
  /** Ends every process, looks for what was planted in what they left, and removes it. */
  close(): Promise<void>;
}

/** The files of a folder, whole. */
function contents(folder: string): readonly (readonly [path: string, text: string])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path, readFileSync(path, 'latin1')] as const);
}

/** Sets the stage. */
export async function openStage(report: Report, isDirect: boolean): Promise<Stage> {
  const root = mkdtempSync(join(tmpdir(), 'sluice-clients-'));
  const authority = createThrowawayAuthority();
  const proxies = new Map<string, { readonly folder: string; readonly sluice: Sluice }>();
  const planted: Planted[] = [];
  let role: Role | undefined;
  let received: ReceivedRequest[] = [];
  const standIn = createStandIn({
    secureContextFor: authority.secureContextFor,
    script: (conversation) => role?.script(conversation) ?? { text: 'Nobody asked.' },
    afterFirstChunk: async (reply) => role?.afterFirstChunk?.(reply),
    answer(request) {
      received.push(request);
      return undefined;
    },
  });
  const vendorPort = await standIn.listen();
  const options = {
    connect: Object.fromEntries(vendorHosts.map((host) => [host, vendorPort])),
    vendorCa: authority.caPath,
  };
  const runFolder = join(root, 'run');
  const runHome = writeHome(runFolder, options);

  async function endAll(): Promise<string> {
    const logs: string[] = [];
    for (const { sluice } of proxies.values()) logs.push(await sluice.stop());
    // The proxy that `run` started outlives it.
    const project = { folder: runFolder, home: runFolder, path: (name: string) => join(runFolder, name) };
    if (!isDirect) logs.push((await drive(project, sluiceCommand('stop', ...runHome), {})).output);
    await standIn.close();
    return logs.join('\n');
  }

  return {
    authority,
    report,
    isDirect,
    vendorPort,
    runHome,
    folder: () => mkdtempSync(join(root, 'project-')),
    play(next) {
      role = next;
      received = [];
      return received;
    },
    async sluice(config = {}) {
      const key = JSON.stringify(config);
      const known = proxies.get(key);
      if (known !== undefined) return known.sluice;
      const folder = mkdtempSync(join(root, 'proxy-'));
      const sluice = await startSluice(folder, { ...options, config });
      proxies.set(key, { folder, sluice });
      return sluice;
    },
    plant: (values) => void planted.push(...values),
    async close() {
      try {
        const log = await endAll();
        const folders = [runFolder, ...[...proxies.values()].map(({ folder }) => folder)];
        const texts = [...folders.flatMap(contents), ['the logs', log] as const];
        const found = planted.flatMap(({ name, value }) =>
          texts
            .filter(([, text]) => encodedForms(value).some((form) => text.includes(form)))
            .map(([path]) => `${name} in ${path}`),
        );
        // Each home holds at least a record, an authority and a configuration.
        const wasSearched = texts.length > 3 * folders.length;
        if (!isDirect) {
          const name = `no planted value stands in a data folder or log (${texts.length} files)`;
          report.check(wasSearched && found.length === 0, name, found.join('\n'));
        }
      } finally {
        authority.remove();
        rmSync(root, { recursive: true, force: true });
      }
    },
  };
}
