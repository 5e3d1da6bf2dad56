import { describe, expect, it } from 'vitest';
import { isAddressee, isContent, isRemotePath, memberUse } from '../../../src/mask/call-members.ts';

describe('what a member is for', () => {
  it.each([
    [['content'], 'content'],
    [['edits', 'newtext'], 'content'],
    [['filepath'], 'path'],
    [['command'], 'command'],
    [['code'], 'program'],
    [['content', 'anything'], 'content'],
    [['text'], 'other'],
    [['url'], 'other'],
    [['content', 'body'], 'other'],
    [['to', 'content'], 'other'],
    [[], 'other'],
  ] as const)('%j is %s', (names, use) => {
    expect(memberUse(names)).toBe(use);
  });

  it('tells who is addressed from what is written', () => {
    expect(['url', 'to', 'repo', 'channel'].every(isAddressee)).toBe(true);
    expect(['content', 'path', 'text'].some(isAddressee)).toBe(false);
    expect(['content', 'newstring', 'pattern'].every(isContent)).toBe(true);
    expect(['filepath', 'path', 'url'].some(isContent)).toBe(false);
  });
});

describe('a path', () => {
  it.each(['https://a.example/', ' HTTP:a', 's3://b/x', '//a/b', '\\\\a\\b', 'file://a.example/b', 'data:x'])(
    'leads away: %s',
    (path) => {
      expect(isRemotePath(path)).toBe(true);
    },
  );

  it.each(['/a/b', 'a/b', './a', '~/a', 'C:\\a', 'c:/a', 'file:///a', 'file:/a', 'file://localhost/a', 'a:b', ''])(
    'is of this machine: %s',
    (path) => {
      expect(isRemotePath(path)).toBe(false);
    },
  );
});
