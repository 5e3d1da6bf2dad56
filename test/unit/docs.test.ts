import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sections, withSection } from '../helpers/docs.ts';

describe('the reference tables', () => {
  it.each(sections)('$file has a fresh section "$name" (npm run docs)', async ({ name, file, content }) => {
    const document = readFileSync(file, 'utf8');
    expect(document).toBe(await withSection(document, name, content()));
  });
});
