/** `sluice completion`: the script that completes commands in a shell. */
import { Argument } from 'commander';
import type { RegisterCommand } from '../command.ts';
import { completionScript, type CompletionShell } from '../completion.ts';

const shells = ['bash', 'zsh', 'fish'] as const satisfies readonly CompletionShell[];

export const registerCompletion: RegisterCommand = (host, program) => {
  host.add({
    usage: 'completion',
    summary: 'print a completion script for a shell',
    examples: [
      'completion bash > ~/.local/share/bash-completion/completions/sluice',
      'completion fish > ~/.config/fish/completions/sluice.fish',
    ],
    configure: (command) => void command.addArgument(new Argument('<shell>', 'the shell').choices(shells)),
    action: ({ output, args }) => {
      const shell = shells.find((name) => name === args[0]) ?? 'bash';
      output.raw(completionScript(program, shell));
      return 0;
    },
  });
};
