/** The kernel for byte work on text: one instance a thread, whose memory holds nothing between two calls. */
import { AppError } from '../core/errors.ts';
import { textKernel as code } from './kernel-code.ts';
import { instantiateKernel, type KernelExports } from './kernel-module.ts';

/** How much text is put into the kernel's memory at once, in bytes. */
export const blockBytes = 65_536;
/** For shorter texts the plain-TypeScript twins are faster than a call. */
export const leastForKernel = 256;

/** Where the texts stand in the kernel's memory: each with room for a vector behind it. */
const input = blockBytes;
const output = 3 * blockBytes;
const memoryBytes = 5 * blockBytes;

/** The kernel's functions; each takes a block that {@link TextKernel.load} has put into its memory. */
export interface TextKernel {
  /** Puts `length` bytes of a text, at most {@link blockBytes}, into the kernel's memory. */
  load(text: Uint8Array, from: number, length: number): void;
  /**
   * Passes over what a JSON string holds. Returns twice the offset in the block that holds a quote, a control
   * character, or an escape that is `\u`, `\/`, none at all or cut (else the length), plus one where there were escapes
   * before it.
   */
  skipString(length: number): number;
  /** Undoes the escapes of valid JSON string content, and writes what comes of it to `target`. Returns its length. */
  unescape(length: number, target: Uint8Array, at: number): number;
  /**
   * Finds the base64 runs that may hold a text. Returns twice their number, plus one where the block may have a percent
   * sign; {@link runs} then has the offsets, start and end of each.
   */
  findRuns(length: number): number;
  readonly runs: Int32Array;
}

function exported(exports: KernelExports, name: string): (...args: readonly number[]) => number {
  const call = exports[name];
  if (call === undefined) throw new AppError('ERR_INTERNAL', `the text kernel has no function ${name}: rebuild Sluice`);
  return call;
}

function create(): TextKernel | undefined {
  const kernel = instantiateKernel(code, memoryBytes);
  if (kernel === undefined) return undefined;
  const { exports, memory } = kernel;
  const bytes = new Uint8Array(memory.buffer);
  const skipString = exported(exports, 'skipString');
  const unescape = exported(exports, 'unescape');
  const findRuns = exported(exports, 'findRuns');
  return {
    load(text, from, length) {
      const isWhole = from === 0 && length === text.length;
      bytes.set(isWhole ? text : new Uint8Array(text.buffer, text.byteOffset + from, length), input);
    },
    skipString: (length) => skipString(input, input + length),
    unescape(length, target, at) {
      const written = unescape(input, input + length, output) - output;
      target.set(new Uint8Array(memory.buffer, output, written), at);
      return written;
    },
    findRuns: (length) => findRuns(input, input + length, output),
    runs: new Int32Array(memory.buffer, output, blockBytes / 4),
  };
}

let instance: TextKernel | undefined;
let isTried = false;

/** This thread's kernel; undefined where WebAssembly is switched off. */
export function textKernel(): TextKernel | undefined {
  if (!isTried) {
    isTried = true;
    instance = create();
  }
  return instance;
}
