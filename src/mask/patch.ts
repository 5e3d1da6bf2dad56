/** Patches: a value of several lines needs the line's mark on each of them. */

const begin = '*** Begin Patch';
const finish = '*** End Patch';
/** How far back the beginning of a line is looked for, in UTF-16 units. */
const lineReach = 8192;

/** Writes values for the places of one text. */
export interface PatchWriter {
  /** The value as it is, or, inside a patch, with its line's mark after each newline. */
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
      if (!value.includes('\n') || !patches.some(({ start, end }) => start < offset && offset < end)) return value;
      const from = Math.max(0, offset - lineReach);
      const newline = text.slice(from, offset).lastIndexOf('\n');
      const mark = newline === -1 ? '' : text[from + newline + 1];
      return mark === '+' || mark === '-' || mark === ' ' ? value.replaceAll('\n', `\n${mark}`) : value;
    },
  };
}
