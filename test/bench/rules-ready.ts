/** What it takes until the rules that ship are ready: CPU time and memory of fresh processes of the built program. */
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const laterStarts = 5;

/** Milliseconds of CPU time over those of a process that does nothing. */
export interface RulesReady {
  /** What a process that does nothing takes. */
  readonly nodeMs: number;
  /** The first start of a fresh installation. */
  readonly firstMs: number;
  /** The median of the starts after it. */
  readonly laterMs: number;
  /** Of a start, what is spent on loading modules. */
  readonly modulesMs: number;
  /** A start that finds nothing prebuilt: all packs are read from YAML and worked out. */
  readonly fromYamlMs: number;
  /** What the rules and the matcher hold after a first scan and a collection of garbage, code included. */
  readonly bytes: { readonly heap: number; readonly tables: number; readonly kernel: number };
  /** The most bytes of a text that a stream keeps for its next piece. */
  readonly streamBytes: number;
}

interface Start {
  readonly modulesMs: number;
  readonly readyMs: number;
}

type Memory = Pick<RulesReady, 'bytes' | 'streamBytes'>;

/** What a script writes, in a fresh process: the script has `cpu()`, the CPU time so far in milliseconds. */
function run(script: string): string {
  const cpu = `const cpu = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };`;
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', '--input-type=module', '-e', `${cpu}\n${script}`],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`rules do not load in a fresh process: ${stderr}`);
  return stdout;
}

/** Loads what the rules need of the program in a folder, and makes `make()` of it. */
function loading(folder: string): string {
  const url = (name: string): string => JSON.stringify(`file://${folder}/dist/${name}.js`);
  return `
    const [{ loadRules }, { createMatcher }] = await Promise.all([
      import(${url('rules/load')}), import(${url('detect/matcher')})]);
    const make = () => {
      const matcher = createMatcher(loadRules(['secrets', 'regulated/*']));
      matcher.scan(new Uint8Array(4096), 0, true);
      return matcher;
    };`;
}

function start(folder: string): Start {
  const result: Start = JSON.parse(
    run(`${loading(folder)}
      const modulesMs = cpu();
      make();
      process.stdout.write(JSON.stringify({ modulesMs, readyMs: cpu() }));`),
  );
  return result;
}

function memory(folder: string): Memory {
  const result: Memory = JSON.parse(
    run(`${loading(folder)}
      const used = () => { gc(); gc(); return process.memoryUsage(); };
      const before = used();
      const { lookBehind, lookAhead } = make();
      const after = used();
      const tables = after.arrayBuffers - before.arrayBuffers;
      process.stdout.write(JSON.stringify({
        streamBytes: lookBehind + lookAhead,
        bytes: { heap: after.heapUsed - before.heapUsed, tables, kernel: after.external - before.external - tables },
      }));`),
  );
  return result;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** Measures the built program, in copies of it. */
export function measureRulesReady(): RulesReady {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-ready-'));
  try {
    const nodeMs = median(Array.from({ length: 3 }, () => Number(run('process.stdout.write(String(cpu()));'))));
    for (const name of ['dist', 'rules', 'package.json']) {
      cpSync(join(root, name), join(folder, name), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    const first = start(folder);
    const later = Array.from({ length: laterStarts }, () => start(folder));
    const held = memory(folder);
    rmSync(join(folder, 'dist/rules/prebuilt.bin'));
    const fromYaml = start(folder);
    return {
      nodeMs,
      firstMs: first.readyMs - nodeMs,
      laterMs: median(later.map(({ readyMs }) => readyMs)) - nodeMs,
      modulesMs: median(later.map(({ modulesMs }) => modulesMs)) - nodeMs,
      fromYamlMs: fromYaml.readyMs - nodeMs,
      ...held,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The lines of the table, for people. */
export function rulesReadyRows({
  nodeMs,
  modulesMs,
  fromYamlMs,
  bytes,
}: RulesReady): readonly (readonly [string, number])[] {
  const mega = (count: number): number => count / 2 ** 20;
  return [
    ['a process that does nothing, ms of CPU time', nodeMs],
    ['of a later start, loading modules', modulesMs],
    ['rules ready, nothing prebuilt', fromYamlMs],
    ['memory of a matcher: objects, MB', mega(bytes.heap)],
    ['arrays of numbers, MB', mega(bytes.tables)],
    ['the kernel, MB', mega(bytes.kernel)],
  ];
}
