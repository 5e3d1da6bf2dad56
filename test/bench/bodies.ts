/** Request bodies as assistants send them, made of the source text that is installed here: the same bytes every time. */
import { readFileSync } from 'node:fs';
import { randomFrom, type Random } from '../../src/rules/examples.ts';

/** Program text of many kinds: the compiler that this project is built with, at the version that its lock file says. */
const source = readFileSync('node_modules/typescript/lib/typescript.js', 'utf8');

function between(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least));
}

/** Sizes of files and command output: many small ones, few large ones. */
function size(random: Random, least: number, most: number): number {
  return Math.floor(least * (most / least) ** random());
}

function excerpt(random: Random, length: number): string {
  const start = between(random, 0, source.length - length);
  return source.slice(start, start + length);
}

/** As a client shows a file: a number before each line. */
function numbered(text: string): string {
  return text
    .split('\n')
    .map((line, index) => `${String(index + 1).padStart(6)}\t${line}`)
    .join('\n');
}

function words(random: Random, length: number): string {
  return excerpt(random, length).replaceAll(/[^A-Za-z ,.\n]+/g, ' ');
}

function noise(random: Random, bytes: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: bytes }, () => random() * 256));
}

function id(random: Random, prefix: string): string {
  return prefix + noise(random, 18).toString('base64url');
}

function tool(random: Random, index: number): unknown {
  const names = ['file_path', 'command', 'description', 'timeout', 'pattern', 'limit', 'offset', 'run_in_background'];
  const properties = Object.fromEntries(
    names
      .slice(0, between(random, 2, names.length))
      .map((name) => [name, { type: 'string', description: words(random, size(random, 20, 300)) }]),
  );
  return {
    name: `tool_${String(index)}`,
    description: words(random, size(random, 300, 4000)),
    input_schema: {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      properties,
      required: ['file_path'],
      additionalProperties: false,
    },
  };
}

const toolUses: readonly ((random: Random) => object)[] = [
  () => ({ name: 'Read', input: { file_path: '/home/dev/project/src/checker.ts', offset: 120, limit: 400 } }),
  () => ({
    name: 'Bash',
    input: { command: 'npx vitest run test/unit 2>&1 | tail -40', description: 'Run the tests' },
  }),
  () => ({ name: 'Grep', input: { pattern: 'createProgram', path: 'src', output_mode: 'content', '-n': true } }),
  (random) => ({
    name: 'Edit',
    input: {
      file_path: '/home/dev/project/src/checker.ts',
      old_string: excerpt(random, size(random, 80, 2000)),
      new_string: excerpt(random, size(random, 80, 3000)),
      replace_all: false,
    },
  }),
];

function output(random: Random): string {
  const text = excerpt(random, size(random, 300, 50_000));
  const kind = random();
  if (kind < 0.5) return numbered(text);
  if (kind > 0.9) {
    const lines = text.split('\n').map((line, index) => ({ file: 'src/checker.ts', line: index, text: line }));
    return JSON.stringify({ matches: lines, total: lines.length });
  }
  return text;
}

function turn(random: Random): readonly unknown[] {
  const call = { id: id(random, 'toolu_'), ...toolUses[between(random, 0, toolUses.length)]?.(random) };
  const thinking = {
    type: 'thinking',
    thinking: words(random, size(random, 100, 2000)),
    signature: noise(random, between(random, 200, 1200)).toString('base64'),
  };
  return [
    {
      role: 'assistant',
      content: [
        ...(random() < 0.5 ? [thinking] : []),
        { type: 'text', text: words(random, size(random, 40, 800)) },
        { type: 'tool_use', ...call },
      ],
    },
    {
      role: 'user',
      content: [
        {
          type: 'tool_result',
          tool_use_id: call.id,
          content: [{ type: 'text', text: output(random) }],
          is_error: false,
        },
      ],
    },
  ];
}

/** A long session of a coding agent: thousands of short strings, hundreds of longer ones, an image, signatures. */
export function agentBody(bytes: number): Buffer {
  const random = randomFrom(11);
  const image = { type: 'base64', media_type: 'image/png', data: noise(random, bytes / 16).toString('base64') };
  const head = {
    model: 'claude-sonnet-4-5',
    max_tokens: 32_000,
    stream: true,
    system: [
      { type: 'text', text: words(random, 200) },
      { type: 'text', text: words(random, 6000), cache_control: { type: 'ephemeral' } },
    ],
    metadata: { user_id: id(random, 'user_') },
    tools: Array.from({ length: 25 }, (_, index) => tool(random, index)),
  };
  const messages: unknown[] = [
    {
      role: 'user',
      content: [
        { type: 'text', text: words(random, 600) },
        { type: 'image', source: image },
      ],
    },
  ];
  for (let size = JSON.stringify({ ...head, messages }).length; size < bytes;) {
    const more = turn(random);
    messages.push(...more);
    size += Buffer.byteLength(JSON.stringify(more));
  }
  return Buffer.from(JSON.stringify({ ...head, messages }));
}

/** One huge text. */
export function textBody(bytes: number): Buffer {
  const content = source.slice(2_000_000, 2_000_000 + Math.floor(bytes * 0.97));
  return Buffer.from(JSON.stringify({ model: 'claude-sonnet-4-5', messages: [{ role: 'user', content }] }));
}
