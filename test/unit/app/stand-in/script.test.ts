import { describe, expect, it } from 'vitest';
import { createScript, shownValue } from '../../../../src/app/stand-in/script.ts';
import type { Conversation } from '../../../../src/app/stand-in/conversation.ts';

const claudeTools = new Set(['Read', 'Edit', 'Write', 'Bash']);

function conversation(fields: Partial<Conversation>): Conversation {
  return { model: 'm', isStream: true, wantsJson: false, tools: claudeTools, texts: [], results: 0, ...fields };
}

const script = createScript([
  { says: 'Reading.', deed: { act: 'read', path: '/p/a.env' } },
  { says: 'Editing.', deed: { act: 'edit', path: '/p/a.env', old: 'KEY={{KEY}}', new: 'KEY={{KEY}} # seen' } },
  { says: 'KEY is {{KEY}}.' },
]);

describe('the scripted model', () => {
  it('first reads, with the tool the client offers', () => {
    expect(script(conversation({}))).toEqual({
      text: 'Reading.',
      call: { kind: 'function', name: 'Read', input: { file_path: '/p/a.env' } },
    });
  });

  it('then edits the line with the value it was shown, placeholder or not', () => {
    const answer = script(conversation({ results: 1, texts: ['look', '1\tPORT=1\n2\tKEY=SLUICE_SECRET_x\n'] }));

    expect(answer.call).toEqual({
      kind: 'function',
      name: 'Edit',
      input: { file_path: '/p/a.env', old_string: 'KEY=SLUICE_SECRET_x', new_string: 'KEY=SLUICE_SECRET_x # seen' },
    });
  });

  it.each([2, 3, 9])('ends with words, and says no more after %i results', (results) => {
    expect(script(conversation({ results, texts: ['KEY=v'] }))).toEqual({ text: 'KEY is v.' });
  });

  it('makes what depends on a value never shown fail visibly', () => {
    expect(script(conversation({ results: 2 })).text).toBe('KEY is (KEY was not shown).');
  });

  it('answers a side request that offers no tools with words', () => {
    expect(script(conversation({ tools: new Set() }))).toEqual({ text: 'Done.' });
  });

  it("answers a router's question with JSON", () => {
    expect(JSON.parse(script(conversation({ wantsJson: true })).text)).toMatchObject({ complexity_score: 10 });
  });

  it('says so when it knows none of the tools', () => {
    expect(script(conversation({ tools: new Set(['other']) })).text).toContain('known');
  });
});

describe('the value shown', () => {
  it.each([
    { texts: ['KEY=a'], value: 'a' },
    { texts: ['KEY=a', 'KEY=b'], value: 'b' },
    { texts: ['"KEY=a"'], value: 'a' },
    { texts: ['MY_KEY=a'], value: undefined },
    { texts: ['    12\tKEY=a # note'], value: 'a' },
    { texts: [], value: undefined },
  ])('is $value in $texts', ({ texts, value }) => {
    expect(shownValue(texts, 'KEY')).toBe(value);
  });
});
