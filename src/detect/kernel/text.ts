/** Byte work on text: the ends of JSON strings, their escapes, runs of base64. Offsets returned count from `from`. */

const quote: u8 = 0x22;
const percent: u8 = 0x25;
const slash: u8 = 0x2f;
const backslash: u8 = 0x5c;

/** The least run of base64 or hex that is looked at. */
const leastRun: i32 = 20;

// Classes of bytes, found by their two halves: a byte belongs to the classes that both of its halves name.
const isPercentClass: u8 = 0x40;
const isBase64Class: u8 = 0x1f;

/** What the byte after a backslash stands for; 0 for `u`, `/` (which sets a flag in JSON readers) and what is none. */
// prettier-ignore
const plainEscapes = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0x22, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x5c, 0, 0, 0,
  0, 0, 8, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 13, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/**
 * Passes over what a JSON string holds. Returns twice the first offset at or after `from` that holds a quote, a control
 * character, or an escape that is not a plain one or not whole (else `to`), plus one where plain escapes were passed.
 */
export function skipString(from: i32, to: i32): i32 {
  const quotes = i8x16.splat(quote);
  const backslashes = i8x16.splat(backslash);
  const space = i8x16.splat(0x20);
  let at = from;
  let escapes = 0;
  while (at + 16 <= to) {
    const bytes = v128.load(at);
    const special = i8x16.bitmask(
      v128.or(v128.or(i8x16.eq(bytes, quotes), i8x16.eq(bytes, backslashes)), i8x16.lt_u(bytes, space)),
    );
    if (special == 0) {
      at += 16;
      continue;
    }
    at += ctz(special);
    if (load<u8>(at) != backslash || at + 2 > to || load<u8>(plainEscapes + load<u8>(at + 1)) == 0) {
      return ((at - from) << 1) | escapes;
    }
    escapes = 1;
    at += 2;
  }
  while (at < to) {
    const byte = load<u8>(at);
    if (byte == quote || byte < 0x20) break;
    if (byte == backslash) {
      if (at + 2 > to || load<u8>(plainEscapes + load<u8>(at + 1)) == 0) break;
      escapes = 1;
      at += 2;
    } else at++;
  }
  return ((at - from) << 1) | escapes;
}

/** Reads four hex digits. */
function codeUnit(at: i32): i32 {
  let unit = 0;
  for (let i = 0; i < 4; i++) {
    const byte = <i32>load<u8>(at + i);
    unit = (unit << 4) | (byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57);
  }
  return unit;
}

/** Writes a code point as UTF-8, a lone surrogate as its three bytes. Returns what follows it. */
function writePoint(point: i32, target: i32): i32 {
  if (point < 0x80) {
    store<u8>(target, <u8>point);
    return target + 1;
  }
  if (point < 0x800) {
    store<u8>(target, <u8>(0xc0 | (point >> 6)));
    store<u8>(target + 1, <u8>(0x80 | (point & 0x3f)));
    return target + 2;
  }
  if (point < 0x10000) {
    store<u8>(target, <u8>(0xe0 | (point >> 12)));
    store<u8>(target + 1, <u8>(0x80 | ((point >> 6) & 0x3f)));
    store<u8>(target + 2, <u8>(0x80 | (point & 0x3f)));
    return target + 3;
  }
  store<u8>(target, <u8>(0xf0 | (point >> 18)));
  store<u8>(target + 1, <u8>(0x80 | ((point >> 12) & 0x3f)));
  store<u8>(target + 2, <u8>(0x80 | ((point >> 6) & 0x3f)));
  store<u8>(target + 3, <u8>(0x80 | (point & 0x3f)));
  return target + 4;
}

/**
 * Writes valid JSON string content, whole escapes only, without its escapes. Returns the offset after what is written:
 * never more than was read. Up to 15 bytes behind either text may be read or written.
 */
export function unescape(from: i32, to: i32, target: i32): i32 {
  const backslashes = i8x16.splat(backslash);
  let at = from;
  let out = target;
  while (at < to) {
    const bytes = v128.load(at);
    v128.store(out, bytes);
    const special = i8x16.bitmask(i8x16.eq(bytes, backslashes));
    if (special == 0) {
      const step = min(16, to - at);
      at += step;
      out += step;
      continue;
    }
    const plain = ctz(special);
    if (at + plain >= to) {
      out += to - at;
      break;
    }
    at += plain;
    out += plain;
    const letter = load<u8>(at + 1);
    if (letter != 0x75) {
      const meant = load<u8>(plainEscapes + letter);
      store<u8>(out++, meant == 0 ? letter : meant);
      at += 2;
      continue;
    }
    let point = codeUnit(at + 2);
    at += 6;
    if (point >> 10 == 0x36 && at + 6 <= to && load<u16>(at) == 0x755c) {
      const low = codeUnit(at + 2);
      if (low >> 10 == 0x37) {
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
        at += 6;
      }
    }
    out = writePoint(point, out);
  }
  return out;
}

/** The value of a base64 character of either alphabet. */
function sextet(byte: i32): i32 {
  if (byte >= 0x61) return byte - 0x47;
  if (byte >= 0x41 && byte <= 0x5a) return byte - 0x41;
  if (byte >= 0x30 && byte <= 0x39) return byte + 4;
  return byte == 0x2b || byte == 0x2d ? 62 : 63;
}

/** Whether sixteen base64 characters can begin a text: no control characters, and UTF-8 as far as it goes. */
function beginsText(at: i32): bool {
  let left = 0;
  for (let from = at; from < at + 16; from += 4) {
    const bits =
      (sextet(load<u8>(from)) << 18) |
      (sextet(load<u8>(from + 1)) << 12) |
      (sextet(load<u8>(from + 2)) << 6) |
      sextet(load<u8>(from + 3));
    for (let shift = 16; shift >= 0; shift -= 8) {
      const byte = (bits >> shift) & 0xff;
      if ((byte & 0xc0) == 0x80) {
        if (left == 0) return false;
        left--;
      } else {
        if (left > 0 || byte == 0x7f || (byte < 0x20 && byte != 9 && byte != 10 && byte != 13)) return false;
        left = byte < 0xc0 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
      }
    }
  }
  return true;
}

/** Whether a run may hold an encoded text: as a whole, in a part between slashes, or in a stretch of hex digits. */
function mayHold(start: i32, end: i32): bool {
  if (beginsText(start)) return true;
  let hex = 0;
  for (let at = start; at < end; at++) {
    const byte = load<u8>(at);
    const folded = byte | 0x20;
    if ((byte >= 0x30 && byte <= 0x39) || (folded >= 0x61 && folded <= 0x66)) {
      if (++hex >= leastRun) return true;
    } else hex = 0;
    if (byte == slash && end - at > leastRun && beginsText(at + 1)) return true;
  }
  return false;
}

/**
 * Finds the maximal runs of at least twenty base64 characters that may hold an encoded text, and writes the offsets of
 * each, start and end, to `found`. A run that begins at `from` or right behind a percent sign, or that ends at `to`, is
 * always written: what is around it is not known here. Returns twice their number, plus one where there is a percent sign.
 */
export function findRuns(from: i32, to: i32, found: i32): i32 {
  // In order of the lower half: 0 … 15.
  const low = i8x16(0x1a, 0x1e, 0x1e, 0x1e, 0x1e, 0x5e, 0x1e, 0x1e, 0x1e, 0x1e, 0x1c, 0x05, 0x04, 0x05, 0x04, 0x0d);
  const high = i8x16(0, 0, 0x41, 0x02, 0x04, 0x08, 0x04, 0x10, 0, 0, 0, 0, 0, 0, 0, 0);
  const half = i8x16.splat(0x0f);
  const base64 = i8x16.splat(isBase64Class);
  const none = i8x16.splat(0);
  let seen = none;
  let out = found;
  /** How many characters of a run stand right before the block. */
  let open = 0;
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(at);
    const classes = v128.and(i8x16.swizzle(low, v128.and(bytes, half)), i8x16.swizzle(high, i8x16.shr_u(bytes, 4)));
    // What lies behind the end belongs to no run.
    const others = i8x16.bitmask(i8x16.eq(v128.and(classes, base64), none)) | (to - at < 16 ? 0xffff << (to - at) : 0);
    seen = v128.or(seen, classes);
    if ((others & 0xffff) == 0) {
      open += 16;
      continue;
    }
    const ends = at + ctz(others);
    const start = at - open;
    if (ends - start >= leastRun) {
      const isKept = start == from || ends == to || load<u8>(start - 1) == percent;
      if (isKept || mayHold(start, ends)) {
        store<i32>(out, start - from);
        store<i32>(out, ends - from, 4);
        out += 8;
      }
    }
    open = clz(others << 16);
  }
  if (open >= leastRun) {
    store<i32>(out, to - open - from);
    store<i32>(out, to - from, 4);
    out += 8;
  }
  const hasPercent = v128.any_true(v128.and(seen, i8x16.splat(isPercentClass)));
  return ((out - found) >> 2) | <i32>hasPercent;
}
