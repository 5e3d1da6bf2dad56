/** Patches: a value of several lines needs the line's mark on each of them. */

const begin = '*** Begin Patch';
const finish = '*** End Patch';

/** Writes a value for the place `offset` of a text: as it is, or, inside a patch, with the line's mark after each newline. */
export function forPatch(text: string, offset: number, value: string): string {
  if (!value.includes('\n')) return value;
  const opened = text.lastIndexOf(begin, offset);
  if (opened === -1 || text.slice(opened, offset).includes(finish)) return value;
  const mark = text[text.lastIndexOf('\n', offset - 1) + 1] ?? '';
  return mark === '+' || mark === '-' || mark === ' ' ? value.replaceAll('\n', `\n${mark}`) : value;
}
