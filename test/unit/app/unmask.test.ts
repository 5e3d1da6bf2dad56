import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createEngine, createEngineState } from '../../../src/app/engine.ts';
import { createUnmasker } from '../../../src/app/unmask.ts';
import { loadConfig } from '../../../src/config/load.ts';

const nowhere = '/nonexistent/sluice';
const loaded = loadConfig({
  env: {},
  cwd: '/',
  userFile: `${nowhere}/sluice.yaml`,
  organisationFile: `${nowhere}/policy.yaml`,
});
const engine = createEngine(loaded, [], createEngineState(Buffer.alloc(32, 3)));
const placeholders = engine.parts.placeholdersFor(undefined);
const value = `a "quoted" value ${randomBytes(6).toString('hex')}`;
const known = { bytes: Buffer.from(value), rule: 'protected-value', isProtected: true };
const placeholder = placeholders.make('SECRET', known.bytes);
const unknown = placeholders.make('SECRET', Buffer.from('a value that is not at hand'));

const unmask = createUnmasker(engine, [known], []);
const outcome = (text: string | Uint8Array): readonly [string, number, number] => {
  const result = unmask(Buffer.from(text));
  return [Buffer.from(result.text).toString('latin1'), result.restored, result.unresolved];
};

describe('unmasking files', () => {
  it.each([
    ['a placeholder', `x ${placeholder} y`, `x ${value} y`, 1, 0],
    ['one in JSON, escaped', `{"a": "${placeholder}"}`, `{"a": ${JSON.stringify(value)}}`, 1, 0],
    ['a damaged one that can mean but one value', `x ${placeholder.toLowerCase()} y`, `x ${value} y`, 1, 0],
    ['one whose value is not at hand', `x ${unknown} y`, `x ${unknown} y`, 0, 1],
    ['a text with neither', 'x y', 'x y', 0, 0],
  ])('puts back %s', (_what, text, expected, restored, unresolved) => {
    expect(outcome(text)).toEqual([expected, restored, unresolved]);
  });

  it('leaves what is not UTF-8 as it is, and says what stands in it', () => {
    const bytes = Buffer.concat([Buffer.of(0xff), Buffer.from(placeholder)]);

    expect(outcome(bytes)).toEqual([bytes.toString('latin1'), 0, 1]);
  });

  it('counts what it cannot resolve where no value is at hand', () => {
    expect(createUnmasker(engine, [], [])(Buffer.from(placeholder))).toMatchObject({ restored: 0, unresolved: 1 });
  });
});
