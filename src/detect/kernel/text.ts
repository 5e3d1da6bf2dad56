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

/** What each letter behind a backslash stands for; 0 for `u` and for what is no escape. */
const meanings = memory.data(256);
store<u8>(meanings + 0x22, 0x22);
store<u8>(meanings + 0x2f, 0x2f);
store<u8>(meanings + 0x5c, 0x5c);
store<u8>(meanings + 0x62, 8);
store<u8>(meanings + 0x66, 12);
store<u8>(meanings + 0x6e, 10);
store<u8>(meanings + 0x72, 13);
store<u8>(meanings + 0x74, 9);

/** The value of each base64 character, of either alphabet. */
const sextets = memory.data(256);
for (let i: u8 = 0; i < 26; i++) {
  store<u8>(sextets + 0x41 + i, i);
  store<u8>(sextets + 0x61 + i, i + 26);
}
for (let i: u8 = 0; i < 10; i++) store<u8>(sextets + 0x30 + i, i + 52);
store<u8>(sextets + 0x2b, 62);
store<u8>(sextets + 0x2d, 62);
store<u8>(sextets + 0x2f, 63);
store<u8>(sextets + 0x5f, 63);

/** One bit for each of 64 bytes, the first of them in the lowest, out of four masks. */
// @ts-ignore: decorator
@inline
function bits(a: v128, b: v128, c: v128, d: v128): u64 {
  const low = <u32>(i8x16.bitmask(a) | (i8x16.bitmask(b) << 16));
  const high = <u32>(i8x16.bitmask(c) | (i8x16.bitmask(d) << 16));
  return <u64>low | (<u64>high << 32);
}

/** Which of 64 bytes equal one, the first of them in the lowest bit. */
// @ts-ignore: decorator
@inline
function equals(at: i32, byte: u8): u64 {
  const all = i8x16.splat(byte);
  return bits(
    i8x16.eq(v128.load(at), all),
    i8x16.eq(v128.load(at, 16), all),
    i8x16.eq(v128.load(at, 32), all),
    i8x16.eq(v128.load(at, 48), all),
  );
}

/** Which of 64 bytes are control characters. */
// @ts-ignore: decorator
@inline
function controls(at: i32): u64 {
  const space = i8x16.splat(0x20);
  return bits(
    i8x16.lt_u(v128.load(at), space),
    i8x16.lt_u(v128.load(at, 16), space),
    i8x16.lt_u(v128.load(at, 32), space),
    i8x16.lt_u(v128.load(at, 48), space),
  );
}

/**
 * The classes of 16 bytes: bits that both halves of a byte name.
 * @param low by the lower half @param high by the upper half
 */
// @ts-ignore: decorator
@inline
function classes(at: i32, low: v128, high: v128): v128 {
  const bytes = v128.load(at);
  const lower = i8x16.swizzle(low, v128.and(bytes, i8x16.splat(0x0f)));
  return v128.and(lower, i8x16.swizzle(high, i8x16.shr_u(bytes, 4)));
}

/** Which of 64 bytes may stand behind a backslash and say nothing more: none of `u` and `/`. */
// @ts-ignore: decorator
@inline
function plainLetters(at: i32): u64 {
  // One class for each upper half: `"`, `\\`, `b f n`, `r t`.
  const low = i8x16(0, 0, 0x0d, 0, 0x08, 0, 0x04, 0, 0, 0, 0, 0, 0x02, 0, 0x04, 0);
  const high = i8x16(0, 0, 0x01, 0, 0, 0x02, 0x04, 0x08, 0, 0, 0, 0, 0, 0, 0, 0);
  const none = i8x16.splat(0);
  return bits(
    i8x16.ne(classes(at, low, high), none),
    i8x16.ne(classes(at + 16, low, high), none),
    i8x16.ne(classes(at + 32, low, high), none),
    i8x16.ne(classes(at + 48, low, high), none),
  );
}

function isPlain(letter: u8): bool {
  return letter != slash && load<u8>(meanings + letter) != 0;
}

/**
 * Passes over what a JSON string holds. Returns twice the first offset at or after `from` that holds a quote, a control
 * character, or an escape that is not a plain one or not whole (else `to`), plus one where plain escapes were passed.
 */
export function skipString(from: i32, to: i32): i32 {
  let at = from;
  let escapes = 0;
  let carried: u64 = 0;
  for (; at + 64 <= to; at += 64) {
    const slashes = equals(at, backslash);
    const stops = equals(at, quote) | controls(at);
    let escaped = carried;
    let odd: u64 = 0;
    let next: u64 = 0;
    if ((slashes | carried) != 0) {
      // After Langdale and Lemire, "Parsing gigabytes of JSON per second" (2019), section 3.1.1: a character is escaped
      // by an odd number of backslashes before it. The sum carries out of the end of each row of them.
      const starts = slashes & ~carried;
      const follows = (starts << 1) | carried;
      const sums = (starts & 0xaaaaaaaaaaaaaaaa & ~follows) + starts;
      next = <u64>(sums < starts);
      escaped = (0x5555555555555555 ^ (sums << 1)) & follows;
      odd = escaped & ~plainLetters(at);
    }
    const ends = (stops & ~escaped) | (odd >> 1);
    if ((ends | odd) != 0) {
      // The backslash of the first byte is the last one of the block before.
      if ((odd & 1) != 0) return ((at - 1 - from) << 1) | escapes;
      const end = ctz(ends);
      return ((at + <i32>end - from) << 1) | escapes | <i32>((escaped & ((<u64>1 << end) - 1)) != 0);
    }
    escapes |= <i32>(escaped != 0);
    carried = next;
  }
  at -= <i32>carried;
  while (at < to) {
    const byte = load<u8>(at);
    if (byte == quote || byte < 0x20) break;
    if (byte == backslash) {
      if (at + 2 > to || !isPlain(load<u8>(at + 1))) break;
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
      store<u8>(out++, load<u8>(meanings + letter));
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

// @ts-ignore: decorator
@inline
function sextet(at: i32): i32 {
  return load<u8>(sextets + load<u8>(at));
}

/** Whether sixteen base64 characters can begin a text: no control characters, and UTF-8 as far as it goes. */
function beginsText(at: i32): bool {
  let left = 0;
  for (let from = at; from < at + 16; from += 4) {
    const bits =
      (sextet(from) << 18) | (sextet(from + 1) << 12) | (sextet(from + 2) << 6) | sextet(from + 3);
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

/** Whether sixteen base64 characters begin UTF-16 of Latin text: five bytes of one parity are zero, none of the other. */
function beginsWide(at: i32): bool {
  // The third or the fourth byte is zero.
  if (load<u8>(at + 3) != 0x41 && load<u8>(at + 4) != 0x41) return false;
  let even = 0;
  let odd = 0;
  let index = 0;
  for (let from = at; from < at + 16; from += 4) {
    const bits =
      (sextet(from) << 18) | (sextet(from + 1) << 12) | (sextet(from + 2) << 6) | sextet(from + 3);
    for (let shift = 16; shift >= 0; shift -= 8, index++) {
      if (((bits >> shift) & 0xff) != 0) continue;
      if ((index & 1) == 0) even++;
      else odd++;
    }
  }
  return (even >= 5 && odd == 0) || (odd >= 5 && even == 0);
}

function isHexDigit(byte: i32): bool {
  const folded = byte | 0x20;
  return (byte >= 0x30 && byte <= 0x39) || (folded >= 0x61 && folded <= 0x66);
}

/** Whether so many hex digits stand in a row in a run: each such row has one at a multiple of its length. */
function holdsHex(start: i32, end: i32): bool {
  for (let at = start + leastRun - 1; at < end; at += leastRun) {
    if (!isHexDigit(load<u8>(at))) continue;
    let first = at;
    while (first > start && isHexDigit(load<u8>(first - 1))) first--;
    let next = at + 1;
    while (next < end && isHexDigit(load<u8>(next))) next++;
    if (next - first >= leastRun) return true;
  }
  return false;
}

/** Whether base64 of gzip (`H4sI`) or zlib (`eJw`, `eNo`, `eF4`, `eAE` and their neighbours) begins at an offset. */
function beginsDeflated(at: i32): bool {
  const four = load<i32>(at);
  if (four == 0x49733448) return true;
  if ((four & 0xff) != 0x65) return false;
  const second = (four >> 8) & 0xff;
  const third = (four >> 16) & 0xff;
  const least = second == 0x4a ? 0x77 : second == 0x4e ? 0x6f : second == 0x46 ? 0x34 : second == 0x41 ? 0x45 : 0xff;
  return third >= least && third < least + 4;
}

/**
 * Whether a run may hold an encoded text: in base64 that begins anywhere in it, or in a stretch of hex digits; UTF-16
 * and compressed text only in base64 that begins with the run, or behind two characters at most that belong to what stands
 * before it: of an escape, the sign of a diff.
 */
function mayHold(start: i32, end: i32): bool {
  for (let at = start; at < start + 3; at++) if (beginsWide(at) || beginsDeflated(at)) return true;
  for (let at = start; at <= end - leastRun; at++) if (beginsText(at)) return true;
  return holdsHex(start, end);
}

// @ts-ignore: decorator
@inline
function isNone(found: v128, wanted: v128): v128 {
  return i8x16.eq(v128.and(found, wanted), i8x16.splat(0));
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
  const base64 = i8x16.splat(isBase64Class);
  const none = i8x16.splat(0);
  let seen = none;
  let out = found;
  /** How many characters of a run stand right before the block. */
  let open = 0;
  for (let at = from; at < to; at += 64) {
    const c0 = classes(at, low, high);
    const c1 = classes(at + 16, low, high);
    const c2 = classes(at + 32, low, high);
    const c3 = classes(at + 48, low, high);
    seen = v128.or(seen, v128.or(v128.or(c0, c1), v128.or(c2, c3)));
    const left = to - at;
    // What lies behind the end belongs to no run.
    let others = bits(isNone(c0, base64), isNone(c1, base64), isNone(c2, base64), isNone(c3, base64));
    if (left < 64) others |= <u64>-1 << left;
    if (others == 0) {
      open += 64;
      continue;
    }
    let run = at - open;
    let end = at + <i32>ctz(others);
    // Which bytes begin twenty that belong to a run.
    let begins = ~others;
    begins &= begins >> 1;
    begins &= begins >> 2;
    begins &= begins >> 4;
    begins &= begins >> 8;
    begins &= begins >> 4;
    for (;;) {
      if (end - run >= leastRun) {
        const isKept = run == from || end == to || load<u8>(run - 1) == percent;
        if (isKept || mayHold(run, end)) {
          store<i32>(out, run - from);
          store<i32>(out, end - from, 4);
          out += 8;
        }
      }
      // The next run that begins and ends in the block.
      begins &= end - at < 63 ? <u64>-1 << (end - at + 1) : 0;
      if (begins == 0) break;
      const first = ctz(begins);
      run = at + <i32>first;
      const rest = others >> first;
      if (rest == 0) break;
      end = run + <i32>ctz(rest);
    }
    open = <i32>clz(others);
  }
  if (open >= leastRun) {
    store<i32>(out, to - open - from);
    store<i32>(out, to - from, 4);
    out += 8;
  }
  const hasPercent = v128.any_true(v128.and(seen, i8x16.splat(isPercentClass)));
  return ((out - found) >> 2) | <i32>hasPercent;
}
