import { expect, it } from 'vitest';
import { schemaMeaning } from '../../../src/providers/json-schema.ts';

it.each([
  [['description'], 'prose'],
  [['properties', 'description', 'type'], 'structural'],
  [['properties', 'description', 'description'], 'prose'],
  [['properties', 'a', 'default'], 'prose'],
  [['properties', 'a', 'examples', 0], 'prose'],
  [['properties', 'a', 'enum', 0], 'structural'],
  [['$defs', 'title', 'const'], 'structural'],
  [['required', 0], 'structural'],
])('the string at %j of a schema is %s', (path, expected) => {
  expect(schemaMeaning(['tools', 0, ...path], 2)).toBe(expected);
});
