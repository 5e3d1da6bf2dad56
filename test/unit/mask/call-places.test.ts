import { describe, expect, it } from 'vitest';
import { callPlaces, freeformPlace } from '../../../src/mask/call-places.ts';
import type { Setting } from '../../../src/mask/stays-home.ts';

/** The settings of the strings that are no names. */
function settings(args: unknown, setting: Setting, isInside = false): readonly string[] {
  const text = JSON.stringify(args);
  return callPlaces(text, setting, isInside)
    .filter(({ end }) => text[end + 1] !== ':')
    .map((place) => place.setting);
}

describe('the places of a call', () => {
  it('are what the tool is, where that is known', () => {
    for (const setting of ['file', 'shell', 'agent', 'network'] as const) {
      expect(settings({ a: 'x', b: ['y'] }, setting)).toEqual([setting, setting]);
    }
  });

  it('are what their members are for, where the tool is not known', () => {
    const args = { content: 'a', path: 'b', command: 'c', code: 'd', text: 'e' };
    expect(settings(args, 'unknown')).toEqual(['file', 'file', 'shell', 'file', 'network']);
  });

  it('are those of a sender where somebody is addressed, or a file is a URL', () => {
    expect(settings({ to: 'x', content: 'a' }, 'unknown')).toEqual(['network', 'network']);
    expect(settings({ path: 'https://a.example/', content: 'a' }, 'file')).toEqual(['network', 'network']);
    expect(settings({ path: '/a', content: 'https://a.example/' }, 'file')).toEqual(['file', 'file']);
    expect(settings({ path: 'https://a.example/' }, 'file', true)).toEqual(['file']);
  });

  it('of the words of a command are judged together', () => {
    const text = JSON.stringify({ command: 'nc', args: ['a', "it's"] });
    const [, , , place] = callPlaces(text, 'shell', false);
    expect(place?.leadsTo?.({ start: 0, end: 1 })).toBe('unknown');
  });

  it('are one for a freeform argument, which an unknown tool does not get', () => {
    expect(freeformPlace('abc', 'file')).toMatchObject({ start: 0, end: 3, setting: 'file' });
    expect(freeformPlace('abc', 'unknown').setting).toBe('network');
    expect(freeformPlace('nc a b', 'shell').leadsTo?.({ start: 3, end: 4 })).toBe('unknown');
  });
});
