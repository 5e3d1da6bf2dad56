import { describe, expect, it } from 'vitest';
import { Interned } from '../../../../src/body/interned.ts';
import { readJson, type JsonDocument } from '../../../../src/body/json-document.ts';
import type { Screen } from '../../../../src/detect/match.ts';
import { CleanTexts } from '../../../../src/inspect/request/clean-texts.ts';
import { eachUnread, nodeText } from '../../../../src/inspect/request/unread-nodes.ts';

function documentOf(value: unknown): JsonDocument {
  const read = readJson(Buffer.from(JSON.stringify(value)), { maxDepth: 8, isSequence: false, names: new Interned() });
  if (!read.ok) throw new Error(read.reason);
  return read.document;
}

/** A screen with room for so many texts, to which those with an `x` are suspect; and what it was shown. */
function fakeScreen(room: number): { readonly screen: Screen; readonly shown: string[] } {
  let texts: string[] = [];
  const shown: string[] = [];
  const screen: Screen = {
    begin() {
      texts = [];
    },
    add(text) {
      if (texts.length === room) return false;
      texts.push(Buffer.from(text).toString());
      shown.push(Buffer.from(text).toString());
      return true;
    },
    run: () => Uint8Array.from(texts, (text) => Number(text.includes('x'))),
  };
  return { screen, shown };
}

/** Reads a document; every text that is read, with a mark where the matcher may find something. */
function readAll(
  document: JsonDocument,
  screen: Screen | undefined,
  isClean = true,
  clean = new CleanTexts(),
): string[] {
  const texts: string[] = [];
  eachUnread(document, {
    clean,
    screen,
    shown: (text, name) => (name === undefined ? text : Buffer.concat([Buffer.from(`${name}=`), text])),
    read: ({ text, name, isMatched }) => {
      texts.push(`${name ?? ''}:${Buffer.from(text).toString().slice(0, 8)}${isMatched ? '!' : ''}`);
      return isClean;
    },
  });
  return texts;
}

const mixed = {
  first: 'a fox',
  second: 'a dog',
  third: ['one dog', 'one fox'],
  fourth: 12345678,
  long: 'a dog '.repeat(11),
  fifth: 'dog '.repeat(200),
};

describe('going through the texts of JSON', () => {
  it.each([1, 2, 3, 100])('reads all in their order, and says which are suspect, with room for %i', (room) => {
    expect(readAll(documentOf(mixed), fakeScreen(room).screen)).toEqual([
      ':first',
      'first:a fox!',
      ':second',
      'second:a dog',
      ':third',
      'third:one dog',
      'third:one fox!',
      ':fourth',
      'fourth:12345678',
      ':long',
      // Too long to be looked at together with others.
      'long:a dog a !',
      ':fifth',
      ':dog dog !',
    ]);
  });

  it.each([
    ['no screen', undefined],
    ['a screen without room', fakeScreen(0).screen],
  ])('suspects every text with %s', (_what, screen) => {
    const texts = readAll(documentOf(mixed), screen);

    expect(texts).toHaveLength(13);
    expect(texts.every((text) => text.endsWith('!'))).toBe(true);
  });

  it('shows each text as the matcher sees it, and equal ones once', () => {
    const { screen, shown } = fakeScreen(100);
    const document = documentOf([{ role: 'user' }, { role: 'user' }, { role: 'tool' }, { type: 'user' }]);

    expect(readAll(document, screen)).toEqual([':role', 'role:user', 'role:tool', ':type', 'type:user']);
    expect(shown).toEqual(['role', 'role=user', 'role=tool', 'type', 'type=user']);
  });

  it('reads equal texts each time where they hold something', () => {
    const document = documentOf([{ role: 'user' }, { role: 'user' }]);

    expect(readAll(document, fakeScreen(100).screen, false)).toEqual([':role', 'role:user', ':role', 'role:user']);
  });

  it('reads nothing again that is known to hold nothing', () => {
    const clean = new CleanTexts();
    const document = documentOf({ role: 'user' });

    expect(readAll(document, fakeScreen(100).screen, true, clean)).toHaveLength(2);
    expect(readAll(document, fakeScreen(100).screen, true, clean)).toEqual([]);
  });

  it('lets only so many texts wait', () => {
    const count = 20_000;
    const document = documentOf(Array.from({ length: count }, () => 'z'.repeat(600)));

    expect(readAll(document, fakeScreen(10).screen)).toHaveLength(count);
  });

  it('takes a single text as one that is suspect', () => {
    const document = documentOf({ role: 'user' });
    const node = document.node(2);
    if (node === undefined) throw new Error('the value is missing');

    expect(nodeText(document, node)).toMatchObject({ name: 'role', isMatched: true });
  });
});
