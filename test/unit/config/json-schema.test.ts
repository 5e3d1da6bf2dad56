import { describe, expect, it } from 'vitest';
import { configJsonSchema, knownKeys, scalars, toSchemaNode } from '../../../src/config/json-schema.ts';
import { profiles } from '../../../src/config/profiles.ts';
import { configSchema, fileSchema } from '../../../src/config/schema.ts';

const node = toSchemaNode(fileSchema);

describe('the JSON Schema of the configuration', () => {
  it.each([
    [['limits'], ['gatherBytes', 'bodyBytes']],
    [
      ['destinations', 3],
      ['hosts', 'accounts', 'framing'],
    ],
    [
      ['policy', 0, 'when'],
      ['severity', 'not', 'count'],
    ],
    [['policy', 0, 'when', 'not'], ['severity']],
    [
      ['policy', 0, 'when', 'count'],
      ['atLeast', 'per'],
    ],
  ])('knows the keys at %j', (path, keys) => {
    expect(knownKeys(node, path)).toEqual(expect.arrayContaining(keys));
  });

  it('knows none where there is no object', () => {
    expect(knownKeys(node, ['mode'])).toEqual([]);
    expect(knownKeys(node, ['gone', 'deeper'])).toEqual([]);
  });

  it('describes every setting, for editors', () => {
    const silent = scalars(node).filter(([, { description }]) => description === undefined);

    expect(silent.map(([path]) => path.join('.'))).toEqual([]);
    expect(configJsonSchema()).toMatchObject({ title: 'Sluice configuration', additionalProperties: false });
  });

  it.each(Object.values(profiles))('fits the defaults of $profile', (profile) => {
    expect(configSchema.parse(profile)).toEqual(profile);
    expect(fileSchema.parse(profile)).toEqual(profile);
  });
});
