import { describe, expect, it } from 'vitest';
import { scriptPlaces } from '../../../src/mask/script-places.ts';
import type { Setting } from '../../../src/mask/stays-home.ts';

const known: Readonly<Record<string, Setting>> = { w: 'file', sh: 'shell', net: 'network' };

function settings(text: string): readonly string[] {
  return scriptPlaces(text, (tool) => known[tool] ?? 'unknown').map(({ setting }) => setting);
}

describe('the literals of a program', () => {
  it.each<[string, readonly string[]]>([
    ['tools.w("a"); tools.sh("b"); tools.net("c")', ['file', 'shell', 'network']],
    ['"a"; tools.w("b")', ['file', 'file']],
    ['"a"; tools.sh("b"); "c"', ['shell', 'shell', 'shell']],
    ['"a"; tools.net("b")', ['network', 'network']],
    ['"*** Begin Patch"; tools.sh("b")', ['file', 'shell']],
    ['tools.w(tools.net("a"), "b")', ['network', 'file']],
    ['tools.other({content: "a", text: "b"})', ['file', 'network']],
    ['tools.w({path: "https://a.example/", content: "b"})', ['network', 'network']],
    ['const t = tools; "a"', ['network']],
    ['fetch("a")', ['network']],
  ])('%s', (text, expected) => {
    expect(settings(text)).toEqual(expected);
  });

  it('outside calls lead where the program does, when it runs commands', () => {
    const [place] = scriptPlaces('"a"; tools.sh("curl https://a.example/")', (tool) => known[tool] ?? 'unknown');
    expect(place?.leadsTo?.({ start: 0, end: 1 })).toEqual(['a.example']);
  });
});
