import { describe, expect, it } from 'vitest';
import { programLinks } from '../../../src/mask/program-home.ts';

describe('where a program sends', () => {
  it.each<[string, readonly string[] | 'unknown']>([
    ["open('.env', 'w').write('x')", []],
    ["requests.post('https://a.example/x')", ['a.example']],
    ["requests.post('https://a.example/x'); fetch('http://b.example')", ['a.example', 'b.example']],
    ["x = 'https://a.example/'", ['a.example']],
    ["requests.post('https://' + h)", 'unknown'],
    ['fetch(`https://${h}/x`)', 'unknown'],
    ['socket.connect((h, 80))', 'unknown'],
    ["subprocess.run(['curl', h])", 'unknown'],
  ])('%s', (text, expected) => {
    expect(programLinks(text)).toEqual(expected);
  });
});
