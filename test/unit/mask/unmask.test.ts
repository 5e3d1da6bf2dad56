import { describe, expect, it } from 'vitest';
import { unmask } from '../../../src/mask/unmask.ts';
import { masked, placeholders } from '../../helpers/masked.ts';

describe('unmasking a file', () => {
  it('puts values back, escaped where the file is JSON', () => {
    const { vault, p } = masked('a"b');

    expect(unmask(`KEY=${p}\n`, vault, placeholders)).toEqual({
      text: 'KEY=a"b\n',
      counts: { restored: 1, heldBack: 0, unresolved: 0 },
    });
    expect(unmask(`{"key": "${p}"}`, vault, placeholders).text).toBe('{"key": "a\\"b"}');
  });

  it('also puts them into URLs: the file is where they came from', () => {
    const { vault, p } = masked('plainvalue');
    expect(unmask(`https://h.example/?k=${p}`, vault, placeholders).text).toBe('https://h.example/?k=plainvalue');
  });
});
