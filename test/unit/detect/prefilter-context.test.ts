import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/detect/context-words.ts';
import { wordKeysOf, type GatedRule } from '../../../src/detect/context-gate.ts';
import { createContextTable } from '../../../src/detect/prefilter-context.ts';
import type { ClusterTable } from '../../../src/detect/cluster-tables.ts';

function gated(...words: readonly string[]): GatedRule {
  const context = { words: words.map(fold), within: 40, isAloneEnough: false };
  return { context: words.length === 0 ? undefined : context, reach: 20, lead: 0, startsBefore: false };
}

const rules = [gated(), gated('tax', 'fiscal'), gated('taxi', 'id')];
const lists = [[{ rule: 1, offset: 0 }], [{ rule: 0, offset: 0 }], [{ rule: 2, offset: 3 }]];
const cluster: ClusterTable = {
  kind: 'digit',
  firstList: 0,
  count: 3,
  classOf: new Uint8Array(256),
  classes: 1,
  masks: new Uint32Array(4),
  vectors: 1,
  shapes: new Uint8Array(1),
};
const table = createContextTable(cluster, lists, rules);

/** The entries whose words may begin as the text does. */
function entriesFor(text: string): number {
  const [key = -1] = wordKeysOf(gated(text)) ?? [];
  return table.rows[(table.keys[key] ?? 0) * 4] ?? 0;
}

describe('the table of context words', () => {
  it.each([
    ['tax', 0b101],
    ['TAX', 0b101],
    ['fiscal', 0b001],
    ['idx', 0b100],
    ['id:', 0b100],
    ['pin', 0],
  ])('knows by its first letters who waits for %s', (word, entries) => {
    expect(entriesFor(word)).toBe(entries);
  });

  it('names the entries that no word tells, and those whose value begins before the cluster', () => {
    expect([...table.always]).toEqual([0b010, 0, 0, 0]);
    expect([...table.shifted]).toEqual([0b100, 0, 0, 0]);
  });
});
