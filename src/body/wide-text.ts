/** UTF-16 inside base64 or hex, as PowerShell takes its commands: known by its zeros, and read as the text it is. */
import type { Range } from './range.ts';
import type { Splice } from './splice.ts';
import type { View } from './views.ts';

/** What part of the characters must be Latin for bytes without a byte order mark to be taken for UTF-16. */
const leastLatin = 0.5;
/** Fewer bytes are no text of their own. */
const leastBytes = 10;
/** So many code units share a place in the index of where they stand. */
const stretch = 256;

/** The order of the bytes of a code unit. */
type Order = 'le' | 'be';

/** In which order bytes are UTF-16, of mostly Latin text: every second one is zero, and few others; undefined: they are not. */
export function wideOrder(bytes: Uint8Array): Order | undefined {
  if (bytes.length < leastBytes) return undefined;
  let even = 0;
  let odd = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] !== 0) continue;
    if ((at & 1) === 0) even += 1;
    else odd += 1;
  }
  const isWide = Math.max(even, odd) * 2 >= bytes.length * leastLatin && Math.min(even, odd) * 8 <= Math.max(even, odd);
  if (!isWide) return undefined;
  return odd > even ? 'le' : 'be';
}

/** Bytes of UTF-8 that the code unit at an index of a text stands for; none for the second half of a pair. */
function sizeAt(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  if (unit < 0x80) return 1;
  if (unit < 0x800) return 2;
  if (unit < 0xd800 || unit > 0xdfff) return 3;
  const isFirst = unit < 0xdc00 && isSecond(text.charCodeAt(index + 1));
  if (isFirst) return 4;
  return isSecond(unit) && isFirstUnit(text.charCodeAt(index - 1)) ? 0 : 3;
}

function isFirstUnit(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isSecond(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

/** Finds the code unit that a byte of the UTF-8 form belongs to. */
class Units {
  private readonly text: string;
  /** Where every so many units begin in UTF-8. */
  private readonly offsets: Uint32Array;

  constructor(text: string) {
    this.text = text;
    this.offsets = new Uint32Array(Math.ceil(text.length / stretch) + 1);
    let offset = 0;
    for (let index = 0; index < text.length; index += 1) {
      if (index % stretch === 0) this.offsets[index / stretch] = offset;
      offset += sizeAt(text, index);
    }
    this.offsets[this.offsets.length - 1] = offset;
  }

  /** The first unit that begins at or behind an offset, or that holds it where `isStart`. */
  at(offset: number, isStart: boolean): number {
    let low = 0;
    let high = this.offsets.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.offsets[middle] ?? Infinity) <= offset) low = middle;
      else high = middle - 1;
    }
    let index = Math.min(low * stretch, this.text.length);
    let begin = this.offsets[low] ?? 0;
    while (index < this.text.length && begin < offset) {
      const next = begin + sizeAt(this.text, index);
      if (isStart && next > offset) break;
      begin = next;
      index += 1;
    }
    // The second half of a pair goes with its first.
    if (index < this.text.length && sizeAt(this.text, index) === 0) index += 1;
    return index;
  }
}

/** The text that bytes of UTF-16 are, in UTF-8. */
function wideText(bytes: Uint8Array, order: Order): Pick<View, 'text' | 'toOuter' | 'toSplices'> {
  const whole = bytes.length - (bytes.length % 2);
  const swapped = Buffer.from(bytes.subarray(0, whole));
  const text = (order === 'le' ? swapped : swapped.swap16()).toString('utf16le');
  let units: Units | undefined;
  const toOuter = (start: number, end: number): Range => {
    units ??= new Units(text);
    const from = units.at(start, true) * 2;
    return { start: from, end: end > start ? units.at(end, false) * 2 : from };
  };
  return {
    text: Buffer.from(text),
    toOuter,
    toSplices: (inner) =>
      inner.map(({ start, end, replacement }): Splice => {
        const wide = Buffer.from(Buffer.from(replacement).toString(), 'utf16le');
        return { ...toOuter(start, end), replacement: order === 'le' ? wide : wide.swap16() };
      }),
  };
}

/** A view of a base64 or hex run that is UTF-16, read as its text; one of anything else as it is. */
export function readWide(view: View): View {
  const order = wideOrder(view.text);
  if (order === undefined) return view;
  const wide = wideText(view.text, order);
  return {
    // Another name: the same run may stand as bytes in another view, whose offsets are others.
    encoding: view.encoding === 'hex' ? 'hex-utf16' : 'base64-utf16',
    range: view.range,
    text: wide.text,
    toOuter(start, end) {
      const range = wide.toOuter(start, end);
      return view.toOuter(range.start, range.end);
    },
    toSplices: (inner) => view.toSplices(wide.toSplices(inner)),
  };
}
