/** `sluice demo`: what the client sent, what the vendor received, what came back, and the decision. */
import { runDemo, type DemoResult } from '../../app/demo.ts';
import type { RegisterCommand } from '../command.ts';
import { explainDecision } from '../decision-text.ts';
import { readVersion } from '../version.ts';
import type { Output, Style } from '../output.ts';

/** Every secret line of a text in one style, placeholders in another. */
function highlight(output: Output, text: string, planted: readonly string[], style: Style): string {
  const secretLines = new Set(planted.flatMap((value) => value.split('\n')));
  return text
    .split('\n')
    .map((line) => {
      const marked = [...secretLines].reduce((at, secret) => at.replaceAll(secret, output.style(style, secret)), line);
      return `    ${marked.replaceAll(/SLUICE_[A-Z0-9_]+_[a-z2-7]{16}/g, (found) => output.style('green', found))}`;
    })
    .join('\n');
}

function print(output: Output, result: DemoResult): void {
  const { sent, received, said, edit, planted, decision, events } = result;
  const title = (text: string): void => output.line(`\n${output.style('bold', text)}`);
  title('1. What the client sent (the file in a tool result)');
  output.line(highlight(output, sent, planted, 'red'));
  title('2. What the vendor received');
  output.line(highlight(output, received, planted, 'red'));
  title(`3. What the client got back (${events} stream events)`);
  output.line(highlight(output, said, planted, 'cyan'));
  output.line(`    Edit  - ${highlight(output, edit.oldText, planted, 'cyan').trim()}`);
  output.line(`          + ${highlight(output, edit.newText, planted, 'cyan').trim()}`);
  title('4. The decision, as the record holds it');
  for (const line of explainDecision(decision, true, output)) output.line(`    ${line}`);
}

export const registerDemo: RegisterCommand = (host) => {
  host.add({
    usage: 'demo',
    summary: 'see it work, with no account and no network',
    examples: ['demo', 'demo --json'],
    action: async ({ output }) => {
      const result = await runDemo(readVersion().version);
      // The planted values are worth nothing, and showing them is the point.
      if (output.isJson) output.document({ demo: result });
      else print(output, result);
      const hasLeaked = result.planted.some((value) =>
        value.split('\n').some((line) => line.length > 8 && result.received.includes(line)),
      );
      return hasLeaked ? 1 : 0;
    },
  });
};
