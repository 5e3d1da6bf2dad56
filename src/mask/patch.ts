/** Values of several lines: what stands before the first of them (blanks, a patch's mark) belongs before each. */

const begin = '*** Begin Patch';
const finish = '*** End Patch';
/** How far back the beginning of a line is looked for, in UTF-16 units. */
const lineReach = 8192;

/** Writes values for the places of one text. */
export interface PatchWriter {
  /** The value as it is, or with the mark and the blanks that its line begins with after each newline. */
  valueAt(offset: number, value: string): string;
}

/** Makes the writer of a text; the patches in it are looked for once. */
export function createPatchWriter(text: string): PatchWriter {
  const patches: { readonly start: number; readonly end: number }[] = [];
  for (let start = text.indexOf(begin); start !== -1;) {
    const found = text.indexOf(finish, start);
    const end = found === -1 ? text.length : found;
    patches.push({ start, end });
    start = text.indexOf(begin, end);
  }
  return {
    valueAt(offset, value) {
      if (!value.includes('\n')) return value;
      const from = Math.max(0, offset - lineReach);
      const before = text.slice(from, offset);
      const line = before.slice(before.lastIndexOf('\n') + 1);
      const isPatched = patches.some(({ start, end }) => start < offset && offset < end);
      const mark = isPatched && /^[-+ ]/.test(line) ? line.slice(0, 1) : '';
      const blanks = line.slice(mark.length);
      // Only such blocks are kept without the blanks that stood before their lines.
      const isIndented = value.startsWith('-----BEGIN ') && /^[ \t]*$/.test(blanks);
      return mark === '' && !isIndented ? value : value.replaceAll('\n', `\n${mark}${isIndented ? blanks : ''}`);
    },
  };
}
