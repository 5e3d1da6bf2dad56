import { describe, expect, it } from 'vitest';
import { createShellReader } from '../../../src/mask/shell.ts';

/** Judges the value at `@` in a command. */
function judge(command: string, value: string): boolean {
  return createShellReader(command.replace('@', 'SLUICE_X')).staysOneLiteral(command.indexOf('@'), value);
}

describe('values in shell commands', () => {
  it.each(['echo @', 'echo "@"', "sh -c 'echo @'", 'curl -u user:@ x', 'cat <<EOF\n@\nEOF'])(
    'lets a plain value stand anywhere: %j',
    (command) => {
      expect(judge(command, 'AbC_/:@%=,.+-019')).toBe(true);
    },
  );

  it.each([
    ['unquoted', 'echo @', 'a b', false],
    ['single quotes', "echo 'x @ y'", 'a"b $c `d` \\ !\n', true],
    ['single quotes and a single quote', "echo '@'", "a'b", false],
    ['after single quotes', "echo 'x' @", 'a b', false],
    ['double quotes', 'echo "@"', "a b'c;", true],
    ['double quotes and a dollar', 'echo "@"', 'a$b', false],
    ['double quotes and a backtick', 'echo "@"', 'a`b', false],
    ['double quotes and an exclamation mark', 'echo "@"', 'a!b', false],
    ['an escaped double quote before', 'echo "\\"@"', 'a b', true],
    ['an escaped quote outside', "echo \\'@", 'a b', false],
    ['a substitution inside double quotes', 'echo "$(cat @)"', 'a b', false],
    ['quotes inside a substitution', `echo "$(printf '@')"`, 'a b', true],
    ['behind a substitution in double quotes', 'echo "$(date) @"', 'a b', true],
    ['backticks', 'echo `cat @`', 'a b', false],
    ['ANSI quotes', "printf $'@'", 'a b', true],
    ['ANSI quotes and a backslash', "printf $'@'", 'a\\b', false],
    ['a comment', 'ls # @', 'a b', true],
    ['a comment and a newline', 'ls # @', 'a\nrm', false],
    ['a hash inside a word', 'echo a#@', 'a b', false],
    ['a quoted here-document', "cat > f <<'EOF'\nX=@\nEOF\n", 'a "$b" `c`', true],
    ['a quoted here-document that the value would close', "cat <<'EOF'\n@\nEOF\n", 'a\nEOF\nrm', false],
    ['an open here-document', 'cat > f <<EOF\nX=@\nEOF\n', 'a "b"', true],
    ['an open here-document and a dollar', 'cat > f <<EOF\nX=@\nEOF\n', 'a$b', false],
    ['a tab-stripping here-document', 'cat <<-END\n\t@\n\tEND\n', 'a b', true],
    ['after a here-document', 'cat <<EOF\nx\nEOF\necho @', 'a b', false],
    ['the second of two here-documents', "cat <<A <<'B'\nx\nA\n@\nB\n", 'a $b', true],
    ['the first of two here-documents', "cat <<A <<'B'\n@\nA\nx\nB\n", 'a $b', false],
    ['behind a quote that closed', "echo 'a'b'@'", 'a b', true],
    ['a here-string', "cat <<< '@'", 'a b', true],
    ['a command read twice', "bash -lc 'echo @'", 'a b', false],
    ['eval', "eval 'echo @'", 'a b', false],
    ['ssh', "ssh host 'echo @'", 'a b', false],
    ['a NUL', "echo '@'", 'a\0b', false],
  ])('%s: %j with %j', (_name, command, value, expected) => {
    expect(judge(command, value)).toBe(expected);
  });
});

describe('a command that reads its text once more', () => {
  it.each([
    "bash -euo pipefail -c 'echo @'",
    "bash --norc -c 'echo @'",
    "bash -o errexit -c 'echo @'",
    "zsh +e -c 'echo @'",
    "kubectl exec p -- bash -euxo pipefail -c 'echo @'",
    "docker exec c /bin/sh -lc 'echo @'",
    "bash <<'EOF'\necho '@'\nEOF",
    "cat <<'EOF' | bash\necho '@'\nEOF",
    "echo 'echo @' | sudo sh",
    "sh <<< 'echo @'",
    "cat > a.sh <<'EOF'\necho @\nEOF\nsh a.sh",
    ". <(echo 'echo @')",
    "trap 'echo @' EXIT",
    "ls; alias x='echo @'; x",
    "tmux send-keys 'echo @' Enter",
    "flock l -c 'echo @'",
    "script -qc 'echo @' x",
    "make X='@'",
    "env -S 'echo @'",
    "nix-shell --run 'echo @'",
    "npm exec -c 'echo @'",
    "gcloud compute ssh x --command 'echo @'",
    "git -c alias.x='!echo @' x",
    "GIT_SSH_COMMAND='echo @' git fetch",
    "pwsh -Command 'echo @'",
    'cmd /c "echo @"',
    "python3 -W ignore -c 'print(1) # @'",
    'node --input-type=module -e "x(\'@\')"',
    'node --eval "x(\'@\')"',
    'deno eval "x(\'@\')"',
    'awk \'BEGIN{system("echo @")}\'',
    "find . -exec bash -euo pipefail -c 'echo @' \\;",
  ])('takes no value that could act in it: %s', (command) => {
    expect(judge(command, 'a b;touch x')).toBe(false);
    expect(judge(command, 'plain-Value_1')).toBe(true);
  });

  it.each([
    "export X='@'",
    "docker run -e K='@' app",
    "echo '@' > .env",
    "cat > .env <<'EOF'\nA=@\nEOF",
    "sed -i 's/a/@/' f",
    "node server.js --key '@'",
    "python3 manage.py --password '@'",
    "echo 'look at what make and script do' '@'",
    "echo '@' | base64",
    "PGPASSWORD='@' psql -h x -c 'select 1'",
    "bash deploy.sh '@'",
  ])('is not taken for one: %s', (command) => {
    expect(judge(command, 'a b;touch x')).toBe(true);
  });

  it.each(['\n', ' ', 'sh ', 'env ', '. ', '-', 'node\n', 'eval', "'"])(
    'is told of 60,000 characters of %j',
    (piece) => {
      expect(judge(`${piece.repeat(60_000 / piece.length)}@`, 'plain')).toBe(true);
    },
  );
});

describe('several values in one command', () => {
  it('are each judged where they stand, in order', () => {
    const command = `echo @ '@' "@" $(echo '@') # @\necho @ <<E '@'\n@\nE\n'@'`;
    const reader = createShellReader(command);
    const judged: boolean[] = [];
    for (let at = command.indexOf('@'); at !== -1; at = command.indexOf('@', at + 1)) {
      judged.push(reader.staysOneLiteral(at, 'a b'));
    }
    expect(judged).toEqual([false, true, true, true, true, false, true, true, true]);
  });
});
