/** A strict JSON tokenizer (RFC 8259) over chunks: offsets only, no copies, no recursion, chunk-invariant. */

/** Set where a string holds any escape. */
export const hasEscapes = 1;
/** Set where a string holds `\u` or `\/`: an escape that an encoder seldom needs. */
export const hasOddEscapes = 2;

/** What the tokenizer reports, in document order. Offsets are absolute; `end` is exclusive. */
export interface JsonHandler {
  openObject(start: number): void;
  openArray(start: number): void;
  /** The innermost container ends. */
  close(end: number): void;
  /** The opening quote of a member name or a string value. */
  stringStart(start: number, isName: boolean): void;
  /** Called for an open string value each time another `partBytes` of it have been seen. */
  stringPart(at: number): void;
  /** A member name with its quotes. `flags`: {@link hasEscapes}, {@link hasOddEscapes}. */
  name(start: number, end: number, flags: number): void;
  /** A string value with its quotes. */
  string(start: number, end: number, flags: number): void;
  number(start: number, end: number): void;
  /** `true`, `false`, `null`. */
  literal(start: number, end: number): void;
}

export interface JsonTokenizerOptions {
  /** Containers open at once. */
  readonly maxDepth: number;
  /** How many bytes of an open string value pass between two `stringPart` calls; Infinity: none. */
  readonly partBytes: number;
  /** Whether to note where the escapes are: cheap here, and the decoder then need not look for them. */
  readonly notesEscapes?: boolean;
  /** Whether values may follow one another (NDJSON); otherwise there is exactly one. */
  readonly isSequence: boolean;
}

/** Why a text is not JSON, and where. The reason never holds text of it. */
export interface JsonError {
  readonly offset: number;
  readonly reason: string;
}

/** A longer bare number or member name counts as malformed: nothing sends one, and both would have to be held whole. */
const longestToken = 64 * 1024;
/** Below this many bytes a word view of the chunk costs more than it saves. */
const leastForWords = 64;

type State = number;
const atValue: State = 0;
const atValueOrEnd: State = 1;
const atName: State = 2;
const atNameOrEnd: State = 3;
const atColon: State = 4;
const atCommaOrEnd: State = 5;
const atEnd: State = 6;
const inString: State = 7;
const inEscape: State = 8;
const inHex: State = 9;
const inNumber: State = 10;
const inLiteral: State = 11;
const isOver: State = 12;

const quote = 0x22;
const backslash = 0x5c;

/** Bytes that may follow a backslash, but for `u`. */
const isSimpleEscape = new Uint8Array(256);
for (const char of '"\\/bfnrt') isSimpleEscape[char.charCodeAt(0)] = 1;
/** The same without `/`, which sets a flag. */
const isPlainEscape = isSimpleEscape.slice();
isPlainEscape[0x2f] = 0;
const isHexDigit = new Uint8Array(256);
for (const char of '0123456789abcdefABCDEF') isHexDigit[char.charCodeAt(0)] = 1;

/** Where a number stands: after its sign, in its integer, fraction or exponent. */
const afterMinus = 0;
const afterZero = 1;
const inInteger = 2;
const afterDot = 3;
const inFraction = 4;
const afterE = 5;
const afterESign = 6;
const inExponent = 7;
const isWholeNumber: readonly boolean[] = [false, true, true, false, true, false, false, true];

const literals: Readonly<Record<number, Uint8Array>> = {
  0x74: Buffer.from('true'),
  0x66: Buffer.from('false'),
  0x6e: Buffer.from('null'),
};

/** Returns the state a number is in after one more byte, or -1 when the byte is none of it. */
function nextNumberState(state: number, byte: number): number {
  const isDigit = byte >= 0x30 && byte <= 0x39;
  const isE = byte === 0x65 || byte === 0x45;
  switch (state) {
    case afterMinus:
      return byte === 0x30 ? afterZero : isDigit ? inInteger : -1;
    case afterZero:
      return byte === 0x2e ? afterDot : isE ? afterE : -1;
    case inInteger:
      return isDigit ? inInteger : byte === 0x2e ? afterDot : isE ? afterE : -1;
    case afterDot:
      return isDigit ? inFraction : -1;
    case inFraction:
      return isDigit ? inFraction : isE ? afterE : -1;
    case afterE:
      return byte === 0x2b || byte === 0x2d ? afterESign : isDigit ? inExponent : -1;
    default:
      return isDigit ? inExponent : -1;
  }
}

/** Where the escapes of a text are, in order. */
class EscapeNotes {
  offsets = new Int32Array(64);
  count = 0;

  add(offset: number): void {
    if (this.count === this.offsets.length) {
      const larger = new Int32Array(this.count * 4);
      larger.set(this.offsets);
      this.offsets = larger;
    }
    this.offsets[this.count] = offset;
    this.count += 1;
  }
}

/**
 * Returns the first offset at or after `from` that holds a quote, a control character, or an escape that is not a
 * simple one; else `to`. Four bytes a turn, and simple escapes are passed without leaving: source text has one every
 * thirty bytes, so starting and stopping would be most of the work.
 */
function skipPlain(
  bytes: Uint8Array,
  words: Int32Array | undefined,
  from: number,
  to: number,
  escaped: (at: number) => void,
): number {
  if (from >= to) return from;
  let at = from;
  if (words !== undefined) {
    const shift = bytes.byteOffset & 3;
    let word = (at + shift) >> 2;
    const last = (to + shift) >> 2;
    // The bytes of the first word that lie before `from` do not count.
    let counted = 0x80808080 << (((at + shift) & 3) << 3);
    while (word < last) {
      const four = words[word] ?? 0;
      const noQuote = four ^ 0x22222222;
      const noEscape = four ^ 0x5c5c5c5c;
      const high = four & 0xe0e0e0e0;
      // "Which bytes are zero", exact for each byte, of three words at once.
      const found =
        ~(
          (((noQuote & 0x7f7f7f7f) + 0x7f7f7f7f) | noQuote) &
          (((noEscape & 0x7f7f7f7f) + 0x7f7f7f7f) | noEscape) &
          (((high & 0x7f7f7f7f) + 0x7f7f7f7f) | high)
        ) & counted;
      if (found === 0) {
        counted = 0x80808080 | 0;
        word += 1;
        continue;
      }
      at = (word << 2) - shift + ((31 - Math.clz32(found & -found)) >> 3);
      if (bytes[at] !== backslash || at + 2 > to || isPlainEscape[bytes[at + 1] ?? 0] !== 1) return at;
      escaped(at);
      at += 2;
      word = (at + shift) >> 2;
      counted = 0x80808080 << (((at + shift) & 3) << 3);
    }
    at = Math.max(at, (word << 2) - shift);
  }
  while (at < to) {
    const byte = bytes[at] ?? 0;
    if (byte === quote || byte < 0x20) return at;
    if (byte !== backslash) {
      at += 1;
      continue;
    }
    if (at + 2 > to || isPlainEscape[bytes[at + 1] ?? 0] !== 1) return at;
    escaped(at);
    at += 2;
  }
  return at;
}

/** Strings and numbers up to this length are read where they begin: most of those in dense JSON are. */
const shortToken = 32;
/** Bytes that a string holds as they are. */
const isPlain = new Uint8Array(256).fill(1, 0x20);
isPlain[quote] = 0;
isPlain[backslash] = 0;

/** Returns where the closing quote of a short string without escapes stands, else -1. */
function endOfShort(chunk: Uint8Array, from: number): number {
  const limit = Math.min(chunk.length, from + shortToken);
  let at = from;
  while (at < limit && isPlain[chunk[at] ?? 0] === 1) at += 1;
  return at < limit && chunk[at] === quote ? at : -1;
}

/** Returns where a short number of digits ends, when what follows it in the chunk ends it; else -1. */
function endOfInteger(chunk: Uint8Array, from: number): number {
  const limit = Math.min(chunk.length, from + shortToken);
  let at = from + 1;
  if (chunk[from] !== 0x30) while (at < limit && ((chunk[at] ?? 0) - 0x30) >>> 0 <= 9) at += 1;
  const next = at < limit ? chunk[at] : undefined;
  return next === 0x2c || next === 0x5d || next === 0x7d ? at : -1;
}

/** Tokenizes one JSON text (or a sequence). UTF-8 inside strings is the caller's to check, natively. */
export class JsonTokenizer {
  private readonly handler: JsonHandler;
  private readonly options: JsonTokenizerOptions;
  /** One byte per open container: 1 for an object. */
  private readonly stack: Uint8Array;
  private depth = 0;
  private state: State = atValue;
  private offset = 0;
  private tokenStart = 0;
  private nextPart = Infinity;
  private flags = 0;
  private isName = false;
  private hexLeft = 0;
  private numberState = 0;
  private literal: Uint8Array = new Uint8Array(0);
  private literalAt = 0;
  private values = 0;
  private failure: JsonError | undefined;
  private readonly notes: EscapeNotes | undefined;
  /** Counts an escape at an offset of the chunk. */
  private readonly escaped = (at: number): void => {
    this.flags |= hasEscapes;
    this.notes?.add(this.offset + at);
  };

  constructor(handler: JsonHandler, options: JsonTokenizerOptions) {
    this.handler = handler;
    this.options = options;
    this.stack = new Uint8Array(options.maxDepth + 1);
    this.notes = options.notesEscapes === true ? new EscapeNotes() : undefined;
  }

  /** Set once the text turned out not to be JSON. */
  get error(): JsonError | undefined {
    return this.failure;
  }

  /** Where the escapes seen so far are, where they are noted. */
  get escapes(): Int32Array {
    return this.notes?.offsets.subarray(0, this.notes.count) ?? new Int32Array(0);
  }

  /** The start of the string that is open, else undefined. */
  get openString(): number | undefined {
    return this.state === inString || this.state === inEscape || this.state === inHex ? this.tokenStart : undefined;
  }

  /** The least offset whose token is not settled yet: everything before it may go. */
  get settled(): number {
    const isOpen = this.state >= inString && this.state <= inLiteral;
    return isOpen ? this.tokenStart : this.offset;
  }

  /** Ends tokenizing from within a handler: nothing more is reported. */
  stop(): void {
    this.state = isOver;
  }

  /** Takes a chunk. Returns false once the text is malformed or tokenizing was stopped. */
  push(chunk: Uint8Array): boolean {
    const base = this.offset;
    const length = chunk.length;
    const aligned = chunk.byteOffset & ~3;
    const words =
      length >= leastForWords
        ? new Int32Array(chunk.buffer, aligned, (chunk.byteOffset - aligned + length) >> 2)
        : undefined;
    let at = 0;
    while (at < length) {
      switch (this.state) {
        case inString:
          at = this.readString(chunk, words, at, base);
          break;
        case inEscape:
          at = this.readEscape(chunk[at] ?? 0, at, base);
          break;
        case inHex:
          at = this.readHex(chunk[at] ?? 0, at, base);
          break;
        case inNumber:
          at = this.readNumber(chunk, at, base);
          break;
        case inLiteral:
          at = this.readLiteral(chunk[at] ?? 0, at, base);
          break;
        case isOver:
          return false;
        default:
          at = this.readStructure(chunk, at, base);
      }
    }
    if (this.state !== isOver) this.offset = base + length;
    return this.state !== isOver;
  }

  /** Ends the text. Returns false when it is not whole. */
  end(): boolean {
    if (this.state === isOver) return false;
    if (this.state === inNumber && isWholeNumber[this.numberState] === true) this.endNumber(this.offset);
    if (this.state === isOver) return false;
    const isDone = this.state === atEnd || (this.options.isSequence && this.depth === 0 && this.state === atValue);
    if (!isDone || this.values === 0) return this.fail(this.offset, 'the text ends before its value does');
    return true;
  }

  private fail(offset: number, reason: string): false {
    const isOpen = this.state >= inString && this.state <= inLiteral;
    this.failure = { offset, reason };
    this.offset = isOpen ? this.tokenStart : offset;
    this.state = isOver;
    return false;
  }

  /** Fails at a chunk offset and returns an offset that ends the loop. */
  private failAt(at: number, base: number, reason: string): number {
    this.fail(base + at, reason);
    return at;
  }

  private readStructure(chunk: Uint8Array, from: number, base: number): number {
    const length = chunk.length;
    let at = from;
    while (at < length) {
      const byte = chunk[at] ?? 0;
      if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
        at += 1;
        continue;
      }
      const state = this.state;
      if (state === atCommaOrEnd) {
        if (byte === 0x2c) {
          this.state = this.stack[this.depth] === 1 ? atName : atValue;
          at += 1;
          continue;
        }
        if (byte === 0x7d || byte === 0x5d) {
          if (!this.close(byte, base + at)) return at;
          at += 1;
          continue;
        }
        return this.failAt(at, base, 'a comma or the end of the container is missing');
      }
      if (byte === quote) {
        if (state > atNameOrEnd) return this.failAt(at, base, 'a string stands where none may');
        this.startString(state === atName || state === atNameOrEnd, base + at);
        const end = this.state === inString ? endOfShort(chunk, at + 1) : -1;
        if (end === -1 || base + end >= this.nextPart) return at + 1;
        this.endString(base + end + 1);
        at = end + 1;
        if (this.state === isOver) return at;
        continue;
      }
      if (state === atColon) {
        if (byte !== 0x3a) return this.failAt(at, base, 'a colon is missing');
        this.state = atValue;
        at += 1;
        continue;
      }
      if (state === atEnd) return this.failAt(at, base, 'something follows the value');
      if (state === atName || (state === atNameOrEnd && byte !== 0x7d)) {
        return this.failAt(at, base, 'a member name is missing');
      }
      if (byte === 0x7b || byte === 0x5b) {
        if (!this.open(byte === 0x7b, base + at)) return at;
        at += 1;
        continue;
      }
      if ((byte === 0x5d && state === atValueOrEnd) || (byte === 0x7d && state === atNameOrEnd)) {
        if (!this.close(byte, base + at)) return at;
        at += 1;
        continue;
      }
      if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) {
        const end = byte === 0x2d ? -1 : endOfInteger(chunk, at);
        this.tokenStart = base + at;
        if (end !== -1) {
          this.endNumber(base + end);
          at = end;
          if (this.state === isOver) return at;
          continue;
        }
        this.numberState = byte === 0x2d ? afterMinus : byte === 0x30 ? afterZero : inInteger;
        this.state = inNumber;
        return at + 1;
      }
      const literal = literals[byte];
      if (literal === undefined) return this.failAt(at, base, 'a value is missing');
      this.tokenStart = base + at;
      this.literal = literal;
      this.literalAt = 1;
      this.state = inLiteral;
      return at + 1;
    }
    return at;
  }

  private open(isObject: boolean, start: number): boolean {
    if (this.depth >= this.options.maxDepth) return this.fail(start, 'it is nested too deeply');
    this.depth += 1;
    this.stack[this.depth] = isObject ? 1 : 0;
    this.state = isObject ? atNameOrEnd : atValueOrEnd;
    if (isObject) this.handler.openObject(start);
    else this.handler.openArray(start);
    return this.state !== isOver;
  }

  private close(byte: number, at: number): boolean {
    const isObject = this.stack[this.depth] === 1;
    if (isObject !== (byte === 0x7d)) return this.fail(at, 'a container is closed by the wrong bracket');
    this.depth -= 1;
    this.afterValue();
    this.handler.close(at + 1);
    return this.state !== isOver;
  }

  /** Sets the state that follows a whole value. */
  private afterValue(): void {
    if (this.depth > 0) {
      this.state = atCommaOrEnd;
      return;
    }
    this.values += 1;
    this.state = this.options.isSequence ? atValue : atEnd;
  }

  private startString(isName: boolean, start: number): void {
    this.tokenStart = start;
    this.isName = isName;
    this.flags = 0;
    const { partBytes } = this.options;
    this.nextPart = partBytes === Infinity ? Infinity : start + (isName ? longestToken : partBytes);
    this.state = inString;
    this.handler.stringStart(start, isName);
  }

  private readString(chunk: Uint8Array, words: Int32Array | undefined, from: number, base: number): number {
    const { length } = chunk;
    let limit = this.nextPart === Infinity ? length : Math.min(length, this.nextPart - base);
    let at = from;
    for (;;) {
      at = skipPlain(chunk, words, at, limit, this.escaped);
      if (at >= limit) {
        if (base + at >= this.nextPart) {
          if (this.isName) return this.failAt(at, base, 'a member name is too long');
          this.nextPart += this.options.partBytes;
          this.handler.stringPart(base + at);
          if (this.state !== inString) return at;
          limit = Math.min(length, this.nextPart - base);
        }
        if (at >= length) return at;
        continue;
      }
      const byte = chunk[at] ?? 0;
      if (byte === quote) {
        this.endString(base + at + 1);
        return at + 1;
      }
      if (byte !== backslash) return this.failAt(at, base, 'a control character stands in a string');
      // What crosses a chunk or a part boundary, `\u` and `\/`.
      this.escaped(at);
      this.state = inEscape;
      return at + 1;
    }
  }

  private readEscape(byte: number, at: number, base: number): number {
    if (byte === 0x75) {
      this.flags |= hasOddEscapes;
      this.hexLeft = 4;
      this.state = inHex;
      return at + 1;
    }
    if (isSimpleEscape[byte] !== 1) return this.failAt(at, base, 'a string holds an escape that is none');
    if (byte === 0x2f) this.flags |= hasOddEscapes;
    this.state = inString;
    return at + 1;
  }

  private readHex(byte: number, at: number, base: number): number {
    if (isHexDigit[byte] !== 1) return this.failAt(at, base, 'a string holds an escape that is none');
    this.hexLeft -= 1;
    if (this.hexLeft === 0) this.state = inString;
    return at + 1;
  }

  private endString(end: number): void {
    if (this.isName) {
      this.state = atColon;
      this.handler.name(this.tokenStart, end, this.flags);
      return;
    }
    this.afterValue();
    this.handler.string(this.tokenStart, end, this.flags);
  }

  private readNumber(chunk: Uint8Array, from: number, base: number): number {
    let at = from;
    let state = this.numberState;
    while (at < chunk.length) {
      const next = nextNumberState(state, chunk[at] ?? 0);
      if (next === -1) {
        if (isWholeNumber[state] !== true) return this.failAt(at, base, 'a number is malformed');
        this.numberState = state;
        this.endNumber(base + at);
        return at;
      }
      state = next;
      at += 1;
      if (base + at - this.tokenStart > longestToken) return this.failAt(at, base, 'a number is too long');
    }
    this.numberState = state;
    return at;
  }

  private endNumber(end: number): void {
    this.afterValue();
    this.handler.number(this.tokenStart, end);
  }

  private readLiteral(byte: number, at: number, base: number): number {
    if (byte !== this.literal[this.literalAt]) return this.failAt(at, base, 'a value is missing');
    this.literalAt += 1;
    if (this.literalAt === this.literal.length) {
      this.afterValue();
      this.handler.literal(this.tokenStart, base + at + 1);
    }
    return at + 1;
  }
}
