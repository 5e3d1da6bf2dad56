/** Loads the kernels: WebAssembly compiled once per thread, where WebAssembly is to be had. */
import { Buffer } from 'node:buffer';

/** What a kernel exports: functions of numbers. */
export type KernelExports = Readonly<Record<string, (...args: readonly number[]) => number>>;

/** A kernel with a memory of its own. */
export interface Kernel {
  readonly exports: KernelExports;
  readonly memory: WebAssembly.Memory;
}

const pageBytes = 65_536;
const modules = new Map<string, WebAssembly.Module>();

/**
 * Makes an instance of a kernel with at least so many bytes of zeroed memory, which never grows; undefined where
 * WebAssembly is switched off (`--jitless`), for which every kernel has a twin in plain TypeScript.
 *
 * @param code of `kernel-code.ts`
 */
export function instantiateKernel(code: string, bytes: number): Kernel | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  let compiled = modules.get(code);
  if (compiled === undefined) {
    compiled = new WebAssembly.Module(Buffer.from(code, 'base64'));
    modules.set(code, compiled);
  }
  const pages = Math.ceil(bytes / pageBytes);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  return { exports, memory };
}
