import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/bytes.ts';
import { compileRule, type CompiledRule } from '../../../src/detect/compile.ts';
import { Headings } from '../../../src/detect/headings.ts';
import type { Range, Scan } from '../../../src/detect/judge.ts';
import type { Match } from '../../../src/detect/match.ts';
import type { Places } from '../../../src/detect/places.ts';
import { createArena } from '../../../src/detect/regex/arena.ts';
import { unresolved } from '../../../src/detect/regex/forward.ts';
import { createReport, type Report } from '../../../src/detect/report.ts';
import { Verdicts } from '../../../src/detect/verdicts.ts';
import { plainRule } from '../../helpers/rules.ts';

const arena = createArena();
const specific = compileRule(plainRule('specific', 'abc[0-9]{4}'), 0, arena);
const generic = compileRule(plainRule('generic', 'abc[0-9]{4}', { isGeneric: true }), 1, arena);
/** A sentence ends at 30. */
const text = utf8(`${'x'.repeat(29)}.${'x'.repeat(70)}`);

function scanOf(isOpen: boolean): Scan {
  return { text, isOpen, headings: new Headings(), verdicts: new Verdicts() };
}

function matchOf({ rule }: CompiledRule, start: number, end: number): Match {
  return { rule, start, end, confidence: 'possible' };
}

/** A report, and the stretches that were searched beyond the passes. */
function reportWith(
  beyond: readonly { readonly place: number; readonly range: Range | typeof unresolved }[] = [],
  twin: boolean | typeof unresolved = false,
): { readonly report: Report; readonly searched: (readonly [number, number])[] } {
  const searched: (readonly [number, number])[] = [];
  const places: Places = {
    isRepeated: () => false,
    hasLaterTwin: () => twin,
    eachSpecific(_scan, from, to, visit) {
      searched.push([from, to]);
      for (const { place, range } of beyond) if (place >= from && place < to) visit(place, range);
    },
  };
  const report = createReport(places, [0, 0], 10);
  report.begin();
  return { report, searched };
}

function shown({ matches, resume }: ReturnType<Report['close']>): unknown {
  return { matches: matches.map(({ rule, start, end }) => `${rule.id} ${String(start)}-${String(end)}`), resume };
}

describe('the report of a scan', () => {
  it('gives matches in their order, and those of one range as they were found', () => {
    const { report } = reportWith();
    report.add(40, 40, specific, matchOf(specific, 40, 47), false);
    report.add(20, 20, generic, matchOf(generic, 20, 25), false);
    report.add(20, 20, specific, matchOf(specific, 20, 24), false);

    expect(shown(report.close(scanOf(false), 0, 100))).toEqual({
      matches: ['specific 20-24', 'generic 20-25', 'specific 40-47'],
      resume: 100,
    });
  });

  it('gives a value once to which several anchors lead', () => {
    const { report } = reportWith();
    report.add(20, 20, specific, matchOf(specific, 20, 30), false);
    report.add(22, 22, specific, matchOf(specific, 20, 30), false);
    report.add(24, 20, specific, matchOf(specific, 20, 30), true);

    expect(shown(report.close(scanOf(false), 0, 100))).toMatchObject({ matches: ['specific 20-30'] });
  });

  it.each([
    ['that spans it', 18, 30, []],
    ['that spans all but the end of a sentence', 20, 29, []],
    ['that is shorter', 20, 28, ['generic 20-30']],
    ['that begins behind it', 21, 31, ['generic 20-30']],
  ])('leaves out a generic value for a specific one %s', (_what, start, end, expected) => {
    const { report } = reportWith();
    report.add(20, 20, generic, matchOf(generic, 20, 30), false);
    report.add(start, start, specific, matchOf(specific, start, end), true);

    expect(shown(report.close(scanOf(false), 0, 100))).toMatchObject({ matches: expected });
  });

  it('looks for specific values where no pass has been, and only there', () => {
    const { report, searched } = reportWith([{ place: 15, range: { start: 15, end: 40 } }]);
    report.add(20, 20, generic, matchOf(generic, 20, 30), false);
    report.add(50, 50, generic, matchOf(generic, 50, 60), false);

    expect(shown(report.close(scanOf(true), 18, 55))).toEqual({ matches: ['generic 50-60'], resume: 55 });
    expect(searched).toEqual([
      [10, 18],
      [55, 60],
    ]);
  });

  it('resumes before a generic value that what is still to come may cover', () => {
    const { report } = reportWith([{ place: 57, range: unresolved }]);
    report.add(20, 20, generic, matchOf(generic, 20, 30), false);
    report.add(50, 50, generic, matchOf(generic, 50, 60), false);
    report.add(52, 52, specific, matchOf(specific, 52, 56), false);

    expect(shown(report.close(scanOf(true), 0, 56))).toEqual({ matches: ['generic 20-30'], resume: 50 });
  });

  it.each<readonly [string, boolean | typeof unresolved, readonly string[], number]>([
    ['is one', true, [], 25],
    ['may be one', unresolved, [], 20],
    ['is none', false, ['specific 20-30'], 25],
  ])(
    'asks whether there is an anchor of the same value where no pass has been, and there %s',
    (_what, twin, matches, resume) => {
      const { report } = reportWith([], twin);
      const loose = { ...specific, startsBefore: true };
      report.add(20, 20, loose, matchOf(loose, 20, 30), false);

      expect(shown(report.close(scanOf(true), 0, 25))).toEqual({ matches, resume });
    },
  );

  it('forgets what was found in the text before', () => {
    const { report } = reportWith();
    report.add(20, 20, specific, matchOf(specific, 20, 30), false);
    report.begin();

    expect(shown(report.close(scanOf(false), 0, 100))).toEqual({ matches: [], resume: 100 });
  });
});
