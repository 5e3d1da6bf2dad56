/** What a detector's labels come to, as rules: they are judged, masked and recorded like any other. */
import { createHash } from 'node:crypto';
import type { DetectorConfig } from '../../config/detector.ts';
import type { Config } from '../../config/schema.ts';
import type { Rule } from '../../detect/rule.ts';
import type { AnswerMemory } from '../../inspect/detector/answer-memory.ts';
import { detectorPack, type DetectorParts } from '../../inspect/detector/asking.ts';

/** The rule of each label; ids are `detector/<label>`. */
function rulesOf({ entities }: DetectorConfig): ReadonlyMap<string, Rule> {
  return new Map(
    Object.entries(entities).map(([label, { kind, action, severity, regimes }]) => [
      label,
      {
        id: `${detectorPack}/${label.toLowerCase().replaceAll('_', '-')}`,
        title: `${label} as the detector sees it`,
        pack: detectorPack,
        category: 'regulated',
        severity,
        regimes,
        keywords: [],
        // No pattern finds it: the matcher is never given these.
        pattern: '',
        context: { words: [], within: 0 },
        require: [],
        confirm: [],
        kind,
        action,
        isGeneric: false,
      },
    ]),
  );
}

/** The rules that a configuration's detector stands for; none where it names no detector. */
export function detectorRules({ detector }: Pick<Config, 'detector'>): readonly Rule[] {
  return detector === undefined ? [] : [...rulesOf(detector).values()];
}

/** A digest of what decides the answers: with another one, nothing that was said before counts. */
export function detectorDigest(config: DetectorConfig): string {
  return createHash('sha256').update(JSON.stringify(config)).digest('hex');
}

/** The detector as inspection knows it. */
export function detectorParts(config: DetectorConfig, memory: AnswerMemory): DetectorParts {
  const { onFailure, leastBytes, mostBytes } = config;
  return { rules: rulesOf(config), memory, onFailure, leastBytes, mostBytes };
}
