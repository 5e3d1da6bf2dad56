import { execFileSync } from 'node:child_process';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { completionScript } from '../../../src/cli/completion.ts';

const program = () => {
  const sluice = new Command('sluice').option('--json', 'print JSON');
  sluice.command('start').summary("run the proxy's loop").option('--listen <address>', 'where');
  sluice.command('ca').summary('the authority').command('show').summary('print it').option('--deep', 'all of it');
  return sluice;
};

/** What bash offers after these words. */
const offered = (...words: string[]) =>
  execFileSync(
    'bash',
    [
      '-c',
      'eval "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sluice; echo "${COMPREPLY[*]}"',
      completionScript(program(), 'bash'),
      'sluice',
      ...words,
    ],
    { encoding: 'utf8' },
  ).trim();

describe('shell completion', () => {
  it.each([
    [['st'], 'start'],
    [['start', '--l'], '--listen'],
    [['--json', 'ca', 's'], 'show'],
    [['ca', 'show', '--d'], '--deep'],
    [['ca', 'start', '--l'], ''],
  ])('offers in bash after %j', (words, expected) => {
    expect(offered(...words)).toBe(expected);
  });

  it('quotes a summary with an apostrophe for fish', () => {
    expect(completionScript(program(), 'fish')).toContain(String.raw`-f -a start -d 'run the proxy'\''s loop'`);
  });

  it('describes sub-commands for zsh', () => {
    expect(completionScript(program(), 'zsh')).toContain(`'ca') described=('show:print it')`);
  });
});
