/** The lines in which `xxd`, `hexdump` and `od` print a file: how each is read, and written. */
import { latin1 } from '../core/bytes.ts';

/** What may stand before an offset: blanks, a line's number, the sign of a diff or a quotation. */
const lead = '(?:[ \\t]{0,8}\\d{1,6}(?:\\t|\\xe2\\x86\\x92))?[ \\t]{0,16}[-+>|]?[ \\t]{0,8}';

/** One way of printing lines. */
export interface DumpForm {
  /** Groups: what stands before the offset, the offset, what stands behind it, the cells. */
  readonly pattern: RegExp;
  /** What offsets may be counted in. */
  readonly radixes: readonly number[];
  read(cells: string): Buffer;
  /** The cells of some bytes, as those of a line that is given. */
  write(bytes: Uint8Array, like: string): string;
  /** What stands beside the cells: the bytes as characters, or nothing. */
  beside(bytes: Uint8Array, like: string): string;
}

function characters(bytes: Uint8Array): string {
  return latin1(bytes, 0, bytes.length).replaceAll(/[^\x20-\x7e]/g, '.');
}

const fromPairs = (cells: string): Buffer => Buffer.from(cells.replaceAll(' ', ''), 'hex');

/** Digits in the groups of a line: of as many as there are in a group of it, with the same gaps, in its case. */
function toPairs(bytes: Uint8Array, like: string): string {
  const pairs = Buffer.from(bytes).toString('hex');
  const digits = /[A-F]/.test(like) ? pairs.toUpperCase() : pairs;
  let written = '';
  let at = 0;
  for (const char of like) {
    if (at >= digits.length) break;
    written += char === ' ' ? ' ' : (digits[at++] ?? '');
  }
  return written.trimEnd();
}

/** Words of some bytes, the first of them the lowest, in so many digits: a last one that is not full has zeros. */
function wordsOf(size: number, radix: number, digits: number): Pick<DumpForm, 'read' | 'write'> {
  return {
    read(cells) {
      const words = cells.split(/ +/);
      const bytes = Buffer.alloc(words.length * size);
      for (const [index, word] of words.entries()) {
        const hex =
          radix === 16
            ? word
            : Number.parseInt(word, radix)
                .toString(16)
                .padStart(2 * size, '0');
        bytes.set(Buffer.from(hex, 'hex').toReversed(), index * size);
      }
      let end = bytes.length;
      while (end > bytes.length - size + 1 && bytes[end - 1] === 0) end -= 1;
      return bytes.subarray(0, end);
    },
    write(bytes, like) {
      const [gap = ' '] = / +/.exec(like) ?? [];
      const words: string[] = [];
      for (let at = 0; at < bytes.length; at += size) {
        const word = Buffer.alloc(size);
        word.set(bytes.subarray(at, at + size));
        const hex = Buffer.from(word.toReversed()).toString('hex');
        words.push(radix === 16 ? hex : Number.parseInt(hex, 16).toString(radix).padStart(digits, '0'));
      }
      return words.join(gap);
    },
  };
}

/** How `od -c` names characters that do not show. */
const named: Readonly<Record<string, number>> = { '0': 0, a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };
const names = new Map(Object.entries(named).map(([letter, byte]) => [byte, letter]));

function fromCells(cells: string): Buffer {
  const bytes: number[] = [];
  for (let at = 0; at < cells.length; at += 4) {
    const cell = cells.slice(at + 1, at + 4);
    const name = /^ \\(.)$/.exec(cell)?.[1];
    if (name !== undefined) bytes.push(named[name] ?? 0);
    else bytes.push(cell.startsWith('  ') ? cell.charCodeAt(2) : Number.parseInt(cell, 8));
  }
  return Buffer.from(bytes);
}

function toCells(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => {
    const name = names.get(byte);
    if (name !== undefined) return `\\${name}`.padStart(4);
    const isShown = byte >= 0x20 && byte < 0x7f;
    return (isShown ? String.fromCharCode(byte) : byte.toString(8).padStart(3, '0')).padStart(4);
  }).join('');
}

const nothing = (): string => '';

/** `00000010: 4b45 593d  KEY=`, the groups of any size. */
const xxd: DumpForm = {
  pattern: new RegExp(
    `^(${lead})([0-9a-f]{6,16})(: )((?:(?:[0-9a-fA-F]{2}){1,16} )*(?:[0-9a-fA-F]{2}){1,16})(?: {2}.*)?$`,
  ),
  radixes: [16],
  read: fromPairs,
  write: toPairs,
  beside: (bytes) => `  ${characters(bytes)}`,
};

/** `00000010  4b 45 59 3d  |KEY=|`, with a gap behind eight. */
const canonical: DumpForm = {
  pattern: new RegExp(`^(${lead})([0-9a-f]{6,16})( {2})((?:[0-9a-fA-F]{2} {1,2})*[0-9a-fA-F]{2}) +\\|.*\\|$`),
  radixes: [16],
  read: fromPairs,
  write: toPairs,
  beside: (bytes) => `  |${characters(bytes)}|`,
};

/** Offsets of `od` (`-A o`, `-A x`, `-A d`) and of `hexdump`. */
const offset = `([0-9a-f]{6,16})`;
const odRadixes = [8, 16, 10];

/** `0000020 67 68 70`, and with `z` `  >ghp<`. */
const octets: DumpForm = {
  pattern: new RegExp(`^(${lead})${offset}( {1,2})((?:[0-9a-f]{2} )*[0-9a-f]{2})(?: +>.*<| *)$`),
  radixes: odRadixes,
  read: fromPairs,
  write: toPairs,
  beside: (bytes, like) => (like.endsWith('<') ? `  >${characters(bytes)}<` : ''),
};

/** A form of words of one kind, as many blanks between them as there may be. */
function ofWords(size: number, radix: number, word: string, digits: number): DumpForm {
  return {
    pattern: new RegExp(`^(${lead})${offset}( {1,4})((?:${word} {1,4})*${word}) *$`),
    radixes: odRadixes,
    ...wordsOf(size, radix, digits),
    beside: nothing,
  };
}

/** `0000020 6867 5f70`, `0000020 5f706867`: words in hex, of two, four and eight bytes. */
const hexWords = [2, 4, 8].map((size) => ofWords(size, 16, `[0-9a-f]{${2 * size}}`, 2 * size));
/** `0000020 064147 057560`: words of two bytes in octal; in decimal, as only `hexdump` pads them. */
const octalWords = ofWords(2, 8, '[01][0-7]{5}', 6);
const decimalWords = ofWords(2, 10, '[0-6][0-9]{4}', 5);
/** `0000020 147 150 160`: bytes in octal. */
const octalBytes = ofWords(1, 8, '[0-3][0-7]{2}', 3);

/** `0000020   g   h   p  \\n`: a cell of four characters for each byte. */
const cells: DumpForm = {
  pattern: new RegExp(`^(${lead})${offset}()((?: {3}[\\x20-\\x7e]| {2}\\\\[0abfnrtv]| [0-3][0-7]{2})+)$`),
  radixes: odRadixes,
  read: fromCells,
  write: toCells,
  beside: nothing,
};

/** Every way that is read; the first whose pattern fits counts. */
export const dumpForms: readonly DumpForm[] = [
  xxd,
  canonical,
  octets,
  ...hexWords,
  octalWords,
  decimalWords,
  octalBytes,
  cells,
];
