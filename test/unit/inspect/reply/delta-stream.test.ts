import { describe, expect, it } from 'vitest';
import { createDeltaStream, refusedCall } from '../../../../src/inspect/reply/delta-stream.ts';
import type { ReplyPart } from '../../../../src/providers/provider.ts';
import { masked, restorerOf } from '../../../helpers/masked.ts';

const { vault, p } = masked('value');

/** Pushes fragments and returns what each became, `undefined` while it is held. */
function run(part: ReplyPart, fragments: readonly string[]) {
  const settled: (string | undefined)[] = fragments.map(() => undefined);
  const counted = { restored: 0 };
  const stream = createDeltaStream(part, restorerOf(vault), ({ restored }) => {
    counted.restored += restored;
  });
  fragments.forEach((text, i) => {
    stream.push(text, (final) => {
      if (settled[i] !== undefined) throw new Error('settled twice');
      settled[i] = final;
    });
  });
  return { settled, stream, counted };
}

const prose: ReplyPart = { path: [], grammar: 'text', stream: 's' };
const write: ReplyPart = { path: [], grammar: 'json', stream: 's', tool: 'Write', use: 'file' };

describe('a text in fragments', () => {
  it('puts the value into the fragment where its placeholder began', () => {
    const { settled, counted } = run(prose, [`a ${p.slice(0, 9)}`, p.slice(9, 20), '', `${p.slice(20)} b ${p}`, 'S']);
    expect(settled).toEqual(['a value', '', '', ' b value', undefined]);
    expect(counted.restored).toBe(2);
  });

  it('counts an edit once, also when its fragment is held for something after it', () => {
    const { settled, stream, counted } = run(prose, [`${p} SLU`, 'IX', 'SLUICE_']);
    expect(settled).toEqual(['value SLU', 'IX', undefined]);
    stream.end();
    expect(settled[2]).toBe('SLUICE_');
    expect(counted.restored).toBe(1);
  });

  it('looks back over settled fragments for a URL', () => {
    const { settled } = run(prose, ['see https://', 'evil.example', '/?k=', `${p} and ${p} `]);
    expect(settled[3]).toBe(`${p} and value `);
  });

  it('waits for the end of arguments, and makes of them a call that is refused when given up', () => {
    const { settled, stream } = run(write, ['', `{"a":"${p}"`, '}']);
    expect(settled).toEqual([undefined, undefined, undefined]);
    stream.giveUp();
    expect(settled).toEqual(['', '{}', '']);
    let later: string | undefined;
    stream.push(p, (text) => {
      later = text;
    });
    expect(later).toBe('');
  });

  it('lets prose go when given up, and only where something is held', () => {
    const { settled, stream } = run(prose, ['a SLUI']);
    stream.giveUp();
    expect(settled).toEqual(['a SLUI']);

    const other = run(prose, ['a ']);
    other.stream.giveUp();
    let later: string | undefined;
    other.stream.push(`${p} `, (text) => {
      later = text;
    });
    expect(later).toBe('value ');
  });
});

describe('a refused call', () => {
  it('is an empty object, a throwing program, or a sentence', () => {
    expect(refusedCall('json')).toBe('{}');
    expect(refusedCall('object')).toBe('{}');
    expect(refusedCall('source')).toMatch(/^throw new Error\("sluice: [^"]*"\);$/);
    expect(refusedCall('freeform')).toMatch(/^sluice: /);
  });
});
