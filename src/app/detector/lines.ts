/** Cuts what a program writes into lines, of bounded length. */

export interface Lines {
  /** Returns the lines that end in a chunk; undefined once one is too long: nothing more can be read then. */
  push(chunk: Buffer): readonly string[] | undefined;
}

/** @param mostBytes the longest line */
export function createLines(mostBytes: number): Lines {
  // In pieces until a line ends: joining at every chunk would cost the square of a long line.
  let held: Buffer[] = [];
  let heldBytes = 0;
  return {
    push(chunk) {
      const lines: string[] = [];
      let start = 0;
      for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
        if (heldBytes + end - start > mostBytes) return undefined;
        lines.push(Buffer.concat([...held, chunk.subarray(start, end)]).toString('utf8'));
        held = [];
        heldBytes = 0;
        start = end + 1;
      }
      const rest = chunk.subarray(start);
      heldBytes += rest.length;
      if (heldBytes > mostBytes) return undefined;
      if (rest.length > 0) held.push(rest);
      return lines;
    },
  };
}
