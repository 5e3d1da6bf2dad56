/**
 * The hot loops of the matcher: finds where rules are to be asked and drops every place of which their automata say that
 * it leads nowhere. What it cannot tell (a transition not built yet, the end of the block) it hands on: it never drops
 * what the matcher would have found. Each pass goes from `from` to `to` and returns how many places it
 * wrote; where it stopped for want of room is the parameter `resume`.
 */
import { forgetTrails } from './_automata';
import { forgetContext } from './_context';
import { count, outPairs, parameter, resumeAt, setBlock } from './_memory';
import { ask, beginPass } from './_repetition';

export { clusterStarts } from './_clusters';
export { windows } from './_windows';

/**
 * Takes up a block: its bytes stand from `first` to `last`; whether the text begins and ends with it, and whether it is
 * many texts, with a line break, a byte of zero and a line break around each, and no other zero.
 */
export function open(first: i32, last: i32, isTextStart: i32, isTextEnd: i32, hasMany: i32): void {
  setBlock(first, last, isTextStart != 0, isTextEnd != 0, hasMany != 0);
  forgetTrails();
  forgetContext();
}

/** How often a byte of zero stands between two addresses, and in what follows up to a whole vector. */
export function zeros(from: i32, to: i32): i32 {
  const none = i8x16.splat(0);
  let count = 0;
  for (let at = from; at < to; at += 16) count += popcnt(i8x16.bitmask(i8x16.eq(v128.load(at), none)));
  return count;
}

/** Finds a byte, with the list of those who wait for it. */
export function bytes(from: i32, to: i32, wanted: i32, list: i32): i32 {
  beginPass(from);
  const room = parameter(outPairs) - 16;
  const each = i8x16.splat(<i8>wanted);
  let at = from;
  for (; at < to && count() <= room; at += 16) {
    let mask = i8x16.bitmask(i8x16.eq(v128.load(at), each));
    while (mask != 0) {
      const place = at + ctz(mask);
      if (place < to) ask(place, list);
      mask &= mask - 1;
    }
  }
  return resumeAt(min(at, to));
}
