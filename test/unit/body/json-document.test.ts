import { describe, expect, it } from 'vitest';
import { noNumber, readJson, type JsonDocument, type JsonNode } from '../../../src/body/json-document.ts';
import { toPointer } from '../../../src/body/json-path.ts';

const options = { maxDepth: 32, isSequence: false };

function read(text: string): JsonDocument {
  const result = readJson(Buffer.from(text), options);
  if (!result.ok) throw new Error(result.reason);
  return result.document;
}

function find(document: JsonDocument, text: string): JsonNode {
  for (const node of document.nodes()) if (Buffer.from(document.text(node)).toString() === text) return node;
  throw new Error(`no node ${text}`);
}

describe('json document', () => {
  const document = read(
    '{"messages":[{"type":"text","text":"h\\u0069 there"},1,true,{"source":{"data":"abc","n":12345678901,"s":123}}],"a/b~":"z"}',
  );

  it('lists names, strings and long numbers, decoded, with their pointers', () => {
    const listed = [...document.nodes()].map((node) => [
      node.kind,
      Buffer.from(document.text(node)).toString(),
      toPointer(document.path(node)),
    ]);

    expect(listed).toEqual([
      ['name', 'messages', '/messages'],
      ['name', 'type', '/messages/0/type'],
      ['string', 'text', '/messages/0/type'],
      ['name', 'text', '/messages/0/text'],
      ['string', 'hi there', '/messages/0/text'],
      ['name', 'source', '/messages/3/source'],
      ['name', 'data', '/messages/3/source/data'],
      ['string', 'abc', '/messages/3/source/data'],
      ['name', 'n', '/messages/3/source/n'],
      ['number', '12345678901', '/messages/3/source/n'],
      ['name', 's', '/messages/3/source/s'],
      ['name', 'a/b~', '/a~1b~0'],
      ['string', 'z', '/a~1b~0'],
    ]);
  });

  it('knows the strings beside and above a node', () => {
    const data = find(document, 'abc');

    expect(document.sibling(find(document, 'hi there'), 'type', 1)).toBe('text');
    expect(document.sibling(data, 'data', 1)).toBe('abc');
    expect(document.sibling(data, 'a/b~', 4)).toBe('z');
    expect(document.sibling(data, 'type', 2)).toBeUndefined();
    expect(document.sibling(data, 'n', 1)).toBeUndefined();
    expect(document.sibling(data, 'x', 9)).toBeUndefined();
  });

  it('does not believe a name that stands twice with different values', () => {
    const twice = read('{"type":"image","data":"abc","type":"text","role":"a","role":"a"}');

    expect(twice.sibling(find(twice, 'abc'), 'type', 1)).toBeUndefined();
    expect(twice.sibling(find(twice, 'abc'), 'role', 1)).toBe('a');
  });

  it('reads names that are escaped', () => {
    const escaped = read('{"\\u0074ype":"image","data":"abc"}');

    expect(escaped.sibling(find(escaped, 'abc'), 'type', 1)).toBe('image');
    expect(escaped.valueName(find(escaped, 'image'))).toBe('type');
  });

  it.each([
    ['{"a":"x"}', 'a'],
    ['{"a":["x"]}', 'a'],
    ['{"a":[["x"]]}', undefined],
    ['["x"]', undefined],
    ['{"name":"DB_PASSWORD","value":"x"}', 'DB_PASSWORD'],
    ['{"key":"a","description":{"b":["c",{"key":"d"}]},"enabled":true,"value":"x"}', 'a'],
    ['{"key":"a","id":"b","value":"x"}', 'a'],
    ['{"id":"b","value":"x"}', 'b'],
    ['{"value":"x","name":"late"}', 'value'],
    ['{"password":{"value":"x"}}', 'password'],
    ['{"password":{"type":"string","defaultValue":"x"}}', 'string password'],
    ['{"password":[{"value":"x"}]}', 'value'],
    ['{"headers":[{"name":"h1","value":["x"]}]}', 'h1'],
    [`{"name":"far",${'"n":1,'.repeat(8)}"value":"x"}`, 'value'],
    [`{"name":"near",${'"n":1,'.repeat(7)}"value":"x"}`, 'near'],
    [`{"name":"${'long'.repeat(40)}","value":"x"}`, 'value'],
    ['{"n\\u0061me":"escaped","v\\u0061lue":"x"}', 'escaped'],
  ])('knows what the value in %s is called', (text, expected) => {
    const named = read(text);
    const node = find(named, 'x');

    expect(named.valueName(node)).toBe(expected);
    expect(named.nameNumber(node) === noNumber || !text.includes('"value"')).toBe(true);
  });

  it('finds the node at an offset', () => {
    const text = '{"name":["value",12345678]}';
    const small = read(text);

    expect(small.nodeAt(text.indexOf('alue'))?.kind).toBe('string');
    expect(small.nodeAt(text.indexOf('ame'))?.kind).toBe('name');
    expect(small.nodeAt(text.indexOf('345'))?.kind).toBe('number');
    expect(small.nodeAt(text.indexOf('[', 3))).toBeUndefined();
  });

  it('says why a text is no JSON', () => {
    expect(readJson(Buffer.from('{"a":}'), options)).toEqual({
      ok: false,
      isLimit: false,
      reason: 'the body is not JSON: a value is missing (byte 5)',
    });
  });

  it('grows with the text', () => {
    const many = read(JSON.stringify(Array.from({ length: 5000 }, (_, index) => ({ v: `x${String(index)}` }))));
    const last = find(many, 'x4999');

    expect(toPointer(many.path(last))).toBe('/4999/v');
  });

  it('refuses more values than it can hold', () => {
    const text = Buffer.from(`[${'"a",'.repeat(4 * 1024 * 1024)}1]`);

    expect(readJson(text, options)).toMatchObject({ ok: false, isLimit: true });
  });
});
