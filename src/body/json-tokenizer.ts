/** A strict JSON tokenizer (RFC 8259) over chunks: offsets only, no copies, no recursion, chunk-invariant. */
import { hasEscapes, hasOddEscapes, type JsonHandler } from './json-events.ts';
import { endOfInteger, firstNumberState, isWholeNumber, nextNumberState, type NumberState } from './json-number.ts';
import { endOfShort, skipString, wordsOf } from './string-scan.ts';

export interface JsonTokenizerOptions {
  /** Containers open at once. */
  readonly maxDepth: number;
  /** How many bytes of an open string value pass between two `stringPart` calls; Infinity: none. */
  readonly partBytes: number;
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
const isHexDigit = new Uint8Array(256);
for (const char of '0123456789abcdefABCDEF') isHexDigit[char.charCodeAt(0)] = 1;

const literals: Readonly<Record<number, Uint8Array>> = {
  0x74: Buffer.from('true'),
  0x66: Buffer.from('false'),
  0x6e: Buffer.from('null'),
};

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
  private numberState: NumberState = 0;
  private literal: Uint8Array = new Uint8Array(0);
  private literalAt = 0;
  private values = 0;
  private failure: JsonError | undefined;

  constructor(handler: JsonHandler, options: JsonTokenizerOptions) {
    this.handler = handler;
    this.options = options;
    this.stack = new Uint8Array(options.maxDepth + 1);
  }

  /** Set once the text turned out not to be JSON. */
  get error(): JsonError | undefined {
    return this.failure;
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
    const words = wordsOf(chunk);
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
    if (this.state === inNumber && isWholeNumber(this.numberState)) this.endNumber(this.offset);
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
        this.numberState = firstNumberState(byte);
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
      const skipped = skipString(chunk, words, at, limit);
      if ((skipped & 1) === 1) this.flags |= hasEscapes;
      at = Math.floor(skipped / 2);
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
      this.flags |= hasEscapes;
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
        if (!isWholeNumber(state)) return this.failAt(at, base, 'a number is malformed');
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
