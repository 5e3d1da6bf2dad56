/** Shell completion scripts, generated from the program's own commands. */
import type { Command } from 'commander';

export type CompletionShell = 'bash' | 'zsh' | 'fish';

/** One place in the command line and what may follow it. */
interface Node {
  /** The words after `sluice`, joined by blanks; empty for the program itself. */
  readonly path: string;
  readonly words: readonly { readonly word: string; readonly summary: string }[];
}

function nodesOf(command: Command, path = ''): Node[] {
  const children = command.commands.map((child) => ({ word: child.name(), summary: child.summary() }));
  const flags = command.options.filter(({ hidden }) => !hidden);
  const options = flags.map((option) => ({ word: option.long ?? option.short ?? '', summary: option.description }));
  const below = command.commands.flatMap((child) =>
    nodesOf(child, path === '' ? child.name() : `${path} ${child.name()}`),
  );
  return [{ path, words: [...children, ...options] }, ...below];
}

/** Quotes for POSIX shells and fish alike: no summary can end the string. */
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function bash(nodes: readonly Node[]): string {
  const cases = nodes.map(
    ({ path, words }) => `    ${quote(path)}) words=${quote(words.map(({ word }) => word).join(' '))} ;;`,
  );
  return `# bash completion for sluice: source it, or put it into /etc/bash_completion.d
_sluice() {
  local path='' words='' word known=${quote(` ${nodes.map(({ path }) => path.replaceAll(' ', '/')).join(' ')} `)}
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      --) return ;;
      -*) ;;
      *) [[ "$known" == *" \${path:+\${path// //}/}$word "* ]] && path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _sluice sluice
`;
}

function zsh(nodes: readonly Node[]): string {
  const cases = nodes.map(({ path, words }) => {
    const described = words.map(({ word, summary }) => quote(`${word.replaceAll(':', '\\:')}:${summary}`)).join(' ');
    return `    ${quote(path)}) described=(${described}) ;;`;
  });
  return `#compdef sluice
# zsh completion for sluice: put it into a folder of $fpath as _sluice
_sluice() {
  local path_='' word known=${quote(` ${nodes.map(({ path }) => path.replaceAll(' ', '/')).join(' ')} `)}
  local -a described
  for word in "\${words[@]:1:$((CURRENT - 2))}"; do
    case "$word" in
      --) _files; return ;;
      -*) ;;
      *) [[ "$known" == *" \${path_:+\${path_// //}/}$word "* ]] && path_="\${path_:+$path_ }$word" ;;
    esac
  done
  case "$path_" in
${cases.join('\n')}
  esac
  _describe 'sluice' described || _files
}
compdef _sluice sluice
`;
}

function fish(nodes: readonly Node[]): string {
  const lines = nodes.flatMap(({ path, words }) => {
    const condition =
      path === ''
        ? '__fish_use_subcommand'
        : path
            .split(' ')
            .map((word) => `__fish_seen_subcommand_from ${word}`)
            .join('; and ');
    return words.map(({ word, summary }) => {
      const what = word.startsWith('--')
        ? `-l ${word.slice(2)}`
        : word.startsWith('-')
          ? `-s ${word.slice(1)}`
          : `-f -a ${word}`;
      return `complete -c sluice -n ${quote(condition)} ${what} -d ${quote(summary)}`;
    });
  });
  return `# fish completion for sluice: put it into ~/.config/fish/completions/sluice.fish\n${lines.join('\n')}\n`;
}

/** Writes the completion script of a program for a shell. */
export function completionScript(program: Command, shell: CompletionShell): string {
  const nodes = nodesOf(program);
  switch (shell) {
    case 'bash':
      return bash(nodes);
    case 'zsh':
      return zsh(nodes);
    case 'fish':
      return fish(nodes);
  }
}
