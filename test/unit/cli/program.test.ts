import { describe, expect, it } from 'vitest';
import { runProgram } from '../../helpers/command-line.ts';

const everyCommand = 'start run env status stop ca config scan unmask rules log allow doctor demo completion'.split(
  ' ',
);

describe('the program', () => {
  it('lists every command in its help, in order', async () => {
    const { stdout, code } = await runProgram(['--help']);
    const listed = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name).filter((name) => name !== 'help');
    expect(code).toBe(0);
    expect(listed).toEqual(everyCommand);
  });

  it.each(everyCommand)('finds %s behind the global options that stand before it', async (name) => {
    const { stdout, code } = await runProgram(['--home', 'log', '--no-color', name, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: sluice ${name}`);
  });

  it('suggests the nearest command for one that does not exist', async () => {
    const { stderr, code } = await runProgram(['staus']);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean status?');
  });

  it.each([['\u001b[2J'], ['scan', '--\u001b[2J'], ['scan', 'no\u001b[2Jfile'], ['status', '--home', '/no\u001b[2J']])(
    'says nothing that a terminal obeys: %j',
    async (...argv) => {
      const { stdout, stderr } = await runProgram(argv);
      expect(stdout + stderr).toContain('\\u001b[2J');
      expect(stdout + stderr).not.toContain('\u001b');
    },
  );

  it.each([['--version'], ['-V'], ['--home', 'x', '--version']])('prints its version for %s', async (...argv) => {
    const { stdout, code } = await runProgram(argv);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
