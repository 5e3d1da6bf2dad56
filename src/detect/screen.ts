/** Looks at many short texts in one go, and tells which of them are worth a scan of their own. */
import type { Screen } from './match.ts';
import { blockBytes } from './kernel-memory.ts';
import type { ScanKernel } from './prefilter-kernel.ts';

/** So many texts are looked at in one go. */
const mostTexts = 4096;
/**
 * What stands around each text. A pattern that matches where a text ends matches before a line break too, and so a place
 * where one text alone would be asked about is one among many; the zero shows the kernel where a text begins.
 */
const separator = new Uint8Array([0x0a, 0, 0x0a]);

/** @param kernelFor the kernel, for so many bytes of text; undefined where it is not worth a call, or not to be had */
export function createScreen(kernelFor: (bytes: number) => ScanKernel | undefined): Screen {
  const starts = new Int32Array(mostTexts);
  let count = 0;
  let size = 0;
  let kernel: ScanKernel | undefined;

  const put = (bytes: Uint8Array): boolean => {
    if (kernel?.put(bytes, size) === false) return false;
    size += bytes.length;
    return true;
  };

  return {
    begin(bytes) {
      kernel = kernelFor(bytes);
      kernel?.beginMany();
      count = 0;
      size = 0;
    },
    add(text) {
      if (count === mostTexts || size + text.length + 2 * separator.length > blockBytes) return false;
      if (!put(separator)) return false;
      starts[count] = size;
      if (!put(text)) return false;
      count++;
      return true;
    },
    run() {
      const suspects = new Uint8Array(count);
      const isSeen = put(separator) && kernel?.collectMany(size, starts, suspects) === true;
      return isSeen ? suspects : suspects.fill(1);
    },
  };
}
