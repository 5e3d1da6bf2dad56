/** What programs, logs and listings put around the lines of a file. */

/** Each line as it is shown, its number counted from 1. */
type Line = (line: string, number: number) => string;

const eachLine =
  (dress: Line, between = '\n') =>
  (text: string): string =>
    text
      .split('\n')
      .map((line, index) => dress(line, index + 1))
      .join(between);

/** A text whose lines stand there whole, each in a dress of its own. */
export const dresses: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  crlf: (text) => text.replaceAll('\n', '\r\n'),
  'literal \\n': (text) => text.replaceAll('\n', String.raw`\n`),
  'literal \\\\n': (text) => text.replaceAll('\n', String.raw`\\n`),
  'literal \\r\\n': (text) => text.replaceAll('\n', String.raw`\r\n`),
  'literal \\u000a': (text) => text.replaceAll('\n', String.raw`\u000a`),
  'blanks for line ends': (text) => text.replaceAll('\n', ' '),
  'no line ends': (text) => text.replaceAll('\n', ''),
  'empty lines': (text) => text.replaceAll('\n', '\n\n'),
  '<br>': (text) => text.replaceAll('\n', '<br>'),
  '&#10;': (text) => text.replaceAll('\n', '&#10;'),
  'html lines': eachLine((line) => `<span class="line">${line}</span>`),
  'list of strings': eachLine((line) => `  "${line}",`),
  'list of strings with line ends': eachLine((line) => String.raw`  '${line}\n',`),
  'concatenation behind': eachLine((line) => String.raw`  "${line}\n" +`),
  'concatenation before': eachLine((line) => String.raw`      + "${line}\r\n"`),
  'strings of C': eachLine((line) => String.raw`"${line}\n" \ `.trimEnd()),
  'JSON array': (text) => JSON.stringify(text.split('\n')),
  'JSON array in JSON': (text) => JSON.stringify(JSON.stringify(text.split('\n').map((line) => `${line}\n`))),
  'JSON over lines': (text) => JSON.stringify({ source: text.split('\n').map((line) => `${line}\n`) }, null, 1),
  'cat -n': eachLine((line, number) => `${String(number).padStart(6)}\t${line}`),
  'cat -A': eachLine((line) => `${line}$`),
  'N: ': eachLine((line, number) => `${String(number)}: ${line}`),
  'N→': eachLine((line, number) => `${String(number).padStart(6)}→${line}`),
  'grep -n': eachLine((line, number) => `deploy/keys/id.pem:${String(number)}:${line}`),
  'grep -rn with a long path': eachLine(
    (line, number) => `/home/dev/projects/shop/deploy/production/keys/id.pem:${String(number)}:${line}`,
  ),
  'rg -C': eachLine((line, number) => `${String(number)}-${line}`),
  'git blame': eachLine(
    (line, number) => `^1a2b3c4d (Ann Other 2026-01-02 10:11:12 +0100 ${String(number).padStart(2)}) ${line}`,
  ),
  bat: eachLine((line, number) => `   ${String(number)} │ ${line}`),
  'two numbers and a sign': eachLine((line, number) => `  ${String(number)}   ${String(number)} + ${line}`),
  diff: eachLine((line) => `+${line}`),
  'diff of what was removed': eachLine((line) => `-${line}`),
  'coloured diff': eachLine((line) => `\u001b[32m+\u001b[m\u001b[32m${line}\u001b[m`),
  'coloured, spelled out': eachLine((line) => String.raw`\u001b[32m${line}\u001b[0m`, String.raw`\n`),
  'docker compose logs': eachLine((line) => `web-1  | ${line}`),
  timestamps: eachLine((line, number) => `2026-05-01T10:00:${String(10 + number)}.1234567Z ${line}`),
  syslog: eachLine((line, number) => `May  1 10:00:${String(10 + number)} host app[4711]: ${line}`),
  '// ': eachLine((line) => `// ${line}`),
  ' * ': eachLine((line) => ` * ${line}`),
  '> ': eachLine((line) => `> ${line}`),
  '> N. ': eachLine((line, number) => `> ${String(number)}. ${line}`),
  'L12: ': eachLine((line, number) => `L${String(number)}: ${line}`),
  '[12] ': eachLine((line, number) => `[${String(number)}] ${line}`),
  bullets: eachLine((line) => `- ${line}`),
  'two tabs': eachLine((line) => `\t\t${line}`),
  'forty blanks': eachLine((line) => `${' '.repeat(40)}${line}`),
  'a table': eachLine((line, number) => `| ${String(number)} | ${line} |`),
};
