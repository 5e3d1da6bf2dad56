import { describe, expect, it } from 'vitest';
import { tightened } from '../../../src/config/tighten.ts';

describe("the organisation's value over the one in force", () => {
  it.each<[string, unknown, unknown, unknown]>([
    ['mode', 'observe', 'enforce', 'enforce'],
    ['mode', 'enforce', 'observe', 'enforce'],
    ['unknownHosts', 'tunnel', 'inspect', 'inspect'],
    ['unknownHosts', 'block', 'inspect', 'block'],
    ['preset', 'canary', 'recommended', 'canary'],
    ['preset', 'canary', 'strict', 'strict'],
    ['auth.mode', 'required', 'off', 'required'],
    ['audit.onFailure', 'forward', 'block', 'block'],
    ['network.private', 'allow', 'refuse', 'refuse'],
    ['network.listed', ['10.0.0.0/8'], [], []],
    ['limits.bodyBytes', 10, 20, 10],
    ['limits.bodyBytes', 20, 10, 10],
    ['limits.decodeDepth', 2, 4, 4],
    ['limits.decodeDepth', 4, 2, 4],
    ['detector.onFailure', 'block', 'forward', 'block'],
    ['detector.onFailure', 'forward', 'block', 'block'],
    ['detector.minScore', 0.3, 0.5, 0.3],
    ['detector.minScore', 0.5, 0.3, 0.3],
    ['detector.leastBytes', 8, 4, 4],
    ['detector.timeoutMs', 8000, 4000, 4000],
    ['detector.timeoutMs', 4000, 8000, 8000],
    ['restore.shell', true, false, false],
    ['restore.shell', false, true, false],
    ['restore.mcp', ['a', 'b'], ['b', 'c'], ['b']],
    ['rules', ['a'], ['b', 'a'], ['a', 'b']],
    [
      'policy',
      [{ action: 'mask' }],
      [{ action: 'mask' }, { action: 'block' }],
      [{ action: 'mask' }, { action: 'block' }],
    ],
    ['listen', '127.0.0.1:1', '127.0.0.1:2', '127.0.0.1:2'],
    ['upstream.ca', ['a'], ['b'], ['b']],
  ])('%s: %j and %j make %j', (path, inForce, pinned, expected) => {
    expect(tightened(path, inForce, pinned)).toEqual(expected);
  });
});
