import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../../src/core/bytes.ts';
import { itemsOf } from '../../../../src/detect/plan.ts';
import { createArena } from '../../../../src/detect/regex/arena.ts';
import { createForwardRun } from '../../../../src/detect/regex/forward.ts';
import { compileProgram } from '../../../../src/detect/regex/program.ts';

const program = compileProgram(itemsOf('a(?:b|cd|[e-k]+x)*z'), false);
const texts = ['az', 'abbz', 'acdz', 'aefghx', 'aefghxbz', 'acd', 'abcdefxz', ''].map(utf8);

describe('an arena', () => {
  it('that is too small is emptied as often as it must be, and changes no result', () => {
    const roomy = createForwardRun(program, createArena(), 100, undefined);
    const arena = createArena();
    arena.moveTo(new Int32Array(300), new Int32Array(64));
    const cramped = createForwardRun(program, arena, 100, undefined);
    const ends = (run: typeof roomy): readonly number[] =>
      [...texts, ...texts].map((text) => {
        run.begin();
        return run.end(text, 0, false);
      });

    expect(ends(cramped)).toEqual(ends(roomy));
    expect(arena.generation()).toBeGreaterThan(0);
  });

  it('keeps what it holds when it moves', () => {
    const arena = createArena();
    const run = createForwardRun(program, arena, 100, undefined);
    const before = texts.map((text) => run.end(text, 0, false));
    const generation = arena.generation();
    arena.moveTo(new Int32Array(100_000), new Int32Array(64));

    expect(texts.map((text) => run.end(text, 0, false))).toEqual(before);
    expect(arena.generation()).toBe(generation);
  });
});
