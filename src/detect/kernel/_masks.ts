/** What 64 bytes are, as the bits of one number: the lowest is the first byte's. */
import { end } from './_memory';

@inline
function quarter(mask: i32, by: i32): u64 {
  return u64(<u32>mask) << by;
}

@inline
function digitsOf(bytes: v128): v128 {
  return i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(10));
}

@inline
function lettersOf(bytes: v128, first: u8): v128 {
  return i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(first)), i8x16.splat(26));
}

@inline
export function digitsAt(at: i32): u64 {
  return (
    quarter(i8x16.bitmask(digitsOf(v128.load(at))), 0) |
    quarter(i8x16.bitmask(digitsOf(v128.load(at, 16))), 16) |
    quarter(i8x16.bitmask(digitsOf(v128.load(at, 32))), 32) |
    quarter(i8x16.bitmask(digitsOf(v128.load(at, 48))), 48)
  );
}

@inline
function capitalMask(bytes: v128): i32 {
  return i8x16.bitmask(v128.or(digitsOf(bytes), lettersOf(bytes, 0x41)));
}

@inline
export function capitalsAt(at: i32): u64 {
  return (
    quarter(capitalMask(v128.load(at)), 0) |
    quarter(capitalMask(v128.load(at, 16)), 16) |
    quarter(capitalMask(v128.load(at, 32)), 32) |
    quarter(capitalMask(v128.load(at, 48)), 48)
  );
}

@inline
function alnumMask(bytes: v128): i32 {
  return i8x16.bitmask(v128.or(digitsOf(bytes), lettersOf(v128.or(bytes, i8x16.splat(0x20)), 0x61)));
}

@inline
export function alnumAt(at: i32): u64 {
  return (
    quarter(alnumMask(v128.load(at)), 0) |
    quarter(alnumMask(v128.load(at, 16)), 16) |
    quarter(alnumMask(v128.load(at, 32)), 32) |
    quarter(alnumMask(v128.load(at, 48)), 48)
  );
}

@inline
function rangeAt(at: i32, fold: u8, first: u8): u64 {
  const folding = i8x16.splat(fold);
  return (
    quarter(i8x16.bitmask(lettersOf(v128.or(v128.load(at), folding), first)), 0) |
    quarter(i8x16.bitmask(lettersOf(v128.or(v128.load(at, 16), folding), first)), 16) |
    quarter(i8x16.bitmask(lettersOf(v128.or(v128.load(at, 32), folding), first)), 32) |
    quarter(i8x16.bitmask(lettersOf(v128.or(v128.load(at, 48), folding), first)), 48)
  );
}

/** Letters of either case. */
@inline
export function lettersAt(at: i32): u64 {
  return rangeAt(at, 0x20, 0x61);
}

@inline
export function upperLettersAt(at: i32): u64 {
  return rangeAt(at, 0, 0x41);
}

@inline
export function equalAt(at: i32, byte: u8): u64 {
  const each = i8x16.splat(byte);
  return (
    quarter(i8x16.bitmask(i8x16.eq(v128.load(at), each)), 0) |
    quarter(i8x16.bitmask(i8x16.eq(v128.load(at, 16), each)), 16) |
    quarter(i8x16.bitmask(i8x16.eq(v128.load(at, 32), each)), 32) |
    quarter(i8x16.bitmask(i8x16.eq(v128.load(at, 48), each)), 48)
  );
}

/** The bits of 64 bytes that stand in the block. */
@inline
export function inside(at: i32): u64 {
  const rest = end() - at;
  return rest >= 64 ? <u64>-1 : rest <= 0 ? 0 : ~(<u64>-1 << u64(rest));
}

@inline
export function shifted(low: u64, high: u64, by: u64): u64 {
  return (low >> by) | (high << (64 - by));
}

/** A letter by which `=3D` ends, or the ESC by which a control sequence begins. */
@inline
function telling(bytes: v128): i32 {
  return i8x16.bitmask(v128.or(i8x16.eq(bytes, i8x16.splat(0x44)), i8x16.eq(bytes, i8x16.splat(0x1b))));
}

@inline
export function tellingAt(at: i32): u64 {
  return (
    quarter(telling(v128.load(at)), 0) |
    quarter(telling(v128.load(at, 16)), 16) |
    quarter(telling(v128.load(at, 32)), 32) |
    quarter(telling(v128.load(at, 48)), 48)
  );
}

/** The letters behind a backslash that name a code or may begin a control sequence: `u x 0 e E`. */
@inline
function naming(bytes: v128): i32 {
  const ends = v128.or(i8x16.eq(bytes, i8x16.splat(0x75)), i8x16.eq(bytes, i8x16.splat(0x78)));
  const other = v128.or(
    i8x16.eq(bytes, i8x16.splat(0x30)),
    i8x16.eq(v128.or(bytes, i8x16.splat(0x20)), i8x16.splat(0x65)),
  );
  return i8x16.bitmask(v128.or(ends, other));
}

@inline
export function namingAt(at: i32): u64 {
  return (
    quarter(naming(v128.load(at)), 0) |
    quarter(naming(v128.load(at, 16)), 16) |
    quarter(naming(v128.load(at, 32)), 32) |
    quarter(naming(v128.load(at, 48)), 48)
  );
}
