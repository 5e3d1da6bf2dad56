/** A rule for tests that are about something else than packs. */
import type { Rule } from '../../src/detect/rule.ts';

/** A specific rule for a secret that is masked, with a pattern and nothing else asked for. */
export function plainRule(id: string, pattern: string, changes: Partial<Rule> = {}): Rule {
  return {
    id,
    title: id,
    pack: 'test',
    category: 'secret',
    severity: 'high',
    regimes: [],
    keywords: [],
    pattern,
    context: { words: [], within: 0 },
    require: [],
    confirm: [],
    kind: id.toUpperCase().replaceAll('-', '_'),
    action: 'mask',
    isGeneric: false,
    ...changes,
  };
}
