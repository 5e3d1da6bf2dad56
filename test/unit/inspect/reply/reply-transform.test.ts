import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { concat, utf8 } from '../../../../src/core/bytes.ts';
import { createReplyTransform, framingOf, type ReplyTransform } from '../../../../src/inspect/reply/reply-transform.ts';
import { anthropic } from '../../../../src/providers/anthropic.ts';
import { gemini } from '../../../../src/providers/gemini.ts';
import { generic } from '../../../../src/providers/generic.ts';
import { openaiResponses } from '../../../../src/providers/openai-responses.ts';
import type { Provider } from '../../../../src/providers/provider.ts';
import { masked, placeholders } from '../../../helpers/masked.ts';
import { at, textAt } from '../../../helpers/json-at.ts';
import { cut, eventsOf } from '../../../helpers/vendor-stream.ts';

const { vault, p } = masked('the "real" value', 'GITHUB_TOKEN');
const damaged = 'SLUICE_GITHUB_TOKEN_abcdefghijklmnop';

function transform(provider: Provider, contentType = 'text/event-stream', heldBytes = 100_000): ReplyTransform {
  return createReplyTransform({ provider, vault, placeholders, contentType, limits: { heldBytes } });
}

/** Pushes text and returns what comes out at once. */
function push(target: ReplyTransform, text: string): string {
  return Buffer.from(concat(target.push(utf8(text)).output)).toString();
}

function end(target: ReplyTransform): string {
  return Buffer.from(concat(target.end().output)).toString();
}

const sse = (data: object): string => `data: ${JSON.stringify(data)}\n\n`;
const text = (delta: string, index = 0): string =>
  sse({ type: 'content_block_delta', index, delta: { type: 'text_delta', text: delta } });
const json = (delta: string, index = 0): string =>
  sse({ type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: delta } });
const tool = (name: string, index = 0): string =>
  sse({ type: 'content_block_start', index, content_block: { type: 'tool_use', id: 't', name, input: {} } });
const stop = (index = 0): string => sse({ type: 'content_block_stop', index });

describe('a streamed reply', () => {
  it('lets each event go at once while nothing is in flight', () => {
    const target = transform(anthropic);
    for (const event of [text('Hello'), text(' world, this is'), ': ping\n\n', 'data: [DONE]\n\n', text(' fine')]) {
      expect(push(target, event)).toBe(event);
      expect(target.isHolding).toBe(false);
    }
  });

  it('holds events from the beginning of a placeholder until it is whole, and those behind them', () => {
    const target = transform(anthropic);
    expect(push(target, text(`a ${p.slice(0, 3)}`))).toBe('');
    expect(target.isHolding).toBe(true);
    expect(push(target, ': ping\n\n')).toBe('');
    expect(push(target, text(p.slice(3, 20)))).toBe('');

    const out = push(target, text(`${p.slice(20)} b`));

    expect(out).toBe(`${text('a the "real" value')}: ping\n\n${text('')}${text(' b')}`);
    expect(target.counts).toEqual({ restored: 1, heldBack: 0, unresolved: 0 });
  });

  it('releases the very bytes when it turns out to be none', () => {
    const target = transform(anthropic);
    const first =
      'data: {"type":"content_block_delta",  "index":0, "delta":{"type":"text_delta","text":"a \\u0053LUI"}}\n\n';
    expect(push(target, first)).toBe('');
    expect(push(target, text('CIDE'))).toBe(first + text('CIDE'));
  });

  it('settles what is held when the block ends, and when the reply does', () => {
    const target = transform(anthropic);
    push(target, text('a SLUI'));
    expect(push(target, stop())).toBe(text('a SLUI') + stop());
    push(target, text('b SLUI', 1));
    expect(end(target)).toBe(text('b SLUI', 1));
  });

  it('leaves thinking and its signature alone', () => {
    const target = transform(anthropic);
    for (const delta of [
      { type: 'thinking_delta', thinking: `think ${p}` },
      { type: 'signature_delta', signature: p },
    ]) {
      const event = sse({ type: 'content_block_delta', index: 0, delta });
      expect(push(target, event)).toBe(event);
    }
    expect(target.counts.restored).toBe(0);
  });

  it('keeps the values from tools that the vendor runs itself', () => {
    const target = transform(anthropic);
    const start = sse({
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'server_tool_use', id: 't', name: 'web_search', input: {} },
    });
    const events = start + json(`{"query":"${p}"}`) + stop();
    expect(push(target, events)).toBe(events);
    expect(target.counts).toEqual({ restored: 0, heldBack: 1, unresolved: 0 });
  });

  it('rewrites an event whose data stands on several lines, and keeps its other lines', () => {
    const target = transform(anthropic);
    const event = (value: string): string =>
      `: c\r\nid: 1\r\nevent: content_block_delta\r\ndata: {"type":"content_block_delta","index":0,\r\ndata: "delta":{"type":"text_delta","text":${JSON.stringify(value)}}}\r\nretry: 5\r\n\r\n`;
    expect(push(target, event(`x ${p} y`))).toBe(event('x the "real" value y'));
  });
});

describe('the arguments of a call', () => {
  it('are held until they are whole', () => {
    const target = transform(anthropic);
    expect(push(target, tool('Write'))).toBe(tool('Write'));
    expect(push(target, json('{"content":"plain '))).toBe('');
    expect(push(target, json('text"}'))).toBe('');
    expect(push(target, stop())).toBe(json('{"content":"plain ') + json('text"}') + stop());
  });

  it('become empty when a placeholder in them cannot be resolved', () => {
    const target = transform(anthropic);
    const out = push(target, tool('Write') + json('{"content":"') + json(damaged) + json('"}') + stop());

    const deltas = eventsOf(out).flatMap((event) => {
      const piece = at(event, 'delta', 'partial_json');
      return piece === undefined ? [] : [piece];
    });
    expect(deltas).toEqual(['{}', '', '']);
    expect(target.counts.unresolved).toBe(1);
  });

  it('stay as they are when the damaged placeholder stood in the request', () => {
    const target = createReplyTransform({
      provider: anthropic,
      vault,
      placeholders,
      contentType: 'text/event-stream',
      limits: { heldBytes: 1000 },
      stoodInRequest: (near) => near === damaged,
    });
    const events = tool('Write') + json(`{"content":"${damaged}"}`) + stop();
    expect(push(target, events)).toBe(events);
  });

  it('become empty in the aggregate events too', () => {
    const target = transform(openaiResponses);
    const args = JSON.stringify({ cmd: damaged });
    const item = { type: 'function_call', name: 'exec_command', call_id: 'c', arguments: args };
    const out = push(
      target,
      [
        { type: 'response.output_item.added', output_index: 0, item: { ...item, arguments: '' } },
        { type: 'response.function_call_arguments.delta', output_index: 0, delta: args },
        { type: 'response.function_call_arguments.done', output_index: 0, arguments: args },
        { type: 'response.output_item.done', output_index: 0, item },
        { type: 'response.completed', response: { object: 'response', output: [item] } },
      ]
        .map(sse)
        .join(''),
    );

    const [, delta, done, itemDone, completed] = eventsOf(out);
    expect(delta).toMatchObject({ delta: '{}' });
    expect(done).toMatchObject({ arguments: '{}' });
    expect(itemDone).toMatchObject({ item: { arguments: '{}' } });
    expect(completed).toMatchObject({ response: { output: [{ arguments: '{}' }] } });
    expect(target.counts.unresolved).toBe(1);
  });

  it('become a program that throws where they are program text', () => {
    const target = transform(openaiResponses);
    const input = `await tools.exec_command({"cmd":"echo ${damaged}"})`;
    const item = { type: 'custom_tool_call', name: 'exec', call_id: 'c', input };

    const [event] = eventsOf(push(target, sse({ type: 'response.output_item.done', output_index: 0, item })));

    const program = textAt(event, 'item', 'input');
    expect(program).not.toContain(damaged);
    expect(() => runInNewContext(program) as unknown).toThrow('sluice: the call held a placeholder');
  });

  it('become empty where they stand as an object', () => {
    const target = transform(gemini);
    const chunk = (args: object): object => ({
      candidates: [{ content: { parts: [{ functionCall: { name: 'write_file', args } }] }, finishReason: 'STOP' }],
    });
    expect(eventsOf(push(target, sse(chunk({ content: damaged }))))).toEqual([chunk({})]);
  });

  it('get values in code mode, in deltas and in what repeats them', () => {
    const target = transform(openaiResponses);
    const input = `const r = await tools.apply_patch("*** Begin Patch\\n+K=${p}\\n"); text(r);`;
    const item = { type: 'custom_tool_call', name: 'exec', call_id: 'c', input };
    const out = eventsOf(
      push(
        target,
        [
          { type: 'response.output_item.added', output_index: 0, item: { ...item, input: '' } },
          { type: 'response.custom_tool_call_input.delta', output_index: 0, delta: input.slice(0, 60) },
          { type: 'response.custom_tool_call_input.delta', output_index: 0, delta: input.slice(60) },
          { type: 'response.custom_tool_call_input.done', output_index: 0, input },
          { type: 'response.output_item.done', output_index: 0, item },
        ]
          .map(sse)
          .join(''),
      ),
    );

    const expected = input.replace(p, 'the \\"real\\" value');
    expect(textAt(out[1], 'delta') + textAt(out[2], 'delta')).toBe(expected);
    expect(out[3]).toMatchObject({ input: expected });
    expect(out[4]).toMatchObject({ item: { input: expected } });
    expect(target.counts).toEqual({ restored: 1, heldBack: 0, unresolved: 0 });
  });
});

describe('limits', () => {
  it('turn a call of which too much would be held into one that is refused, and count that', () => {
    const target = transform(anthropic, 'text/event-stream', 2000);
    let out = push(target, tool('Write'));
    for (let i = 0; i < 40; i++) out += push(target, json(`${'x'.repeat(100)}${p}`));
    out += push(target, stop());

    const written = eventsOf(out).map((event) => textAt(event, 'delta', 'partial_json'));
    expect(written.join('')).toBe('{}');
    expect(out).not.toContain(p);
    expect(target.counts).toEqual({ restored: 0, heldBack: 0, unresolved: 1 });
    expect(push(target, text(p, 1) + stop(1))).toContain('the \\"real\\" value');
  });

  it('let an event go that is too long by itself, and what follows, up to a placeholder: there the reply ends', () => {
    const target = transform(anthropic, 'text/event-stream', 2000);
    const long = text('x'.repeat(3000));
    const last = text(p);

    expect(push(target, text('a SLUI') + long.slice(0, 2500))).toBe(text('a SLUI') + long.slice(0, 2500));
    expect(push(target, long.slice(2500) + text('S'))).toBe(long.slice(2500) + text('S'));
    const { output, stop: reason } = target.push(Buffer.from(last));

    expect(Buffer.concat([...output]).toString()).toBe(last.slice(0, last.indexOf(p)));
    expect(reason).toMatchObject({ kind: 'limit' });
    expect(target.counts.unresolved).toBe(1);
  });

  it('let a whole reply go that is too long, and count nothing where it holds no placeholder', () => {
    const target = transform(generic, 'application/json', 2000);
    const body = JSON.stringify({ data: 'x'.repeat(3000), last: 'SLUI' });

    expect(push(target, body) + end(target)).toBe(body);
    expect(target.counts.unresolved).toBe(0);
  });

  it('decide the same for one chunk and for many', () => {
    const long = text(`${p} ${'x'.repeat(3000)}`) + text(p);
    const once = transform(anthropic, 'text/event-stream', 2000);
    const bits = transform(anthropic, 'text/event-stream', 2000);
    expect(push(once, long) + end(once)).toBe(
      cut(long, [1])
        .map((piece) => push(bits, piece))
        .join('') + end(bits),
    );
  });
});

describe('a whole reply', () => {
  it('is restored when it has ended, its other bytes as they were', () => {
    const target = transform(anthropic, 'application/json');
    const body = (value: string): string =>
      `{ "type": "message",\n "content": [{"type":"text", "text": ${JSON.stringify(value)}}], "n": 12345678901234567890 }\n`;
    expect(push(target, body(`x ${p}`)) + end(target)).toBe(body('x the "real" value'));
  });

  it('of a vendor that is not known is read string by string', () => {
    const target = transform(generic, 'application/json');
    expect(push(target, `{"a":["${p}"]}`)).toBe('{"a":["the \\"real\\" value"]}');
  });

  it.each([
    ['application/octet-stream', `{"a":"${p}"}`],
    ['application/json', `{"a":"${p}`],
    ['application/json', `nothing ${p}`],
    ['text/html', p],
  ])('passes as it is when it is not read: %s %s', (contentType, body) => {
    const target = transform(generic, contentType);
    expect(push(target, body) + end(target)).toBe(body);
  });
});

describe('the framing of a reply', () => {
  it.each([
    ['text/event-stream', 'sse'],
    ['Text/Event-Stream; charset=utf-8', 'sse'],
    ['application/json', 'json'],
    ['application/problem+json', 'json'],
    ['application/x-ndjson', 'json'],
    ['text/plain', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('of %s is %s', (type, expected) => {
    expect(framingOf(type)).toBe(expected);
  });
});
