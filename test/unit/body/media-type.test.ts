import { describe, expect, it } from 'vitest';
import {
  isFormType,
  isJsonSequenceType,
  isJsonType,
  isReadableCharset,
  parseMediaType,
} from '../../../src/body/media-type.ts';

describe('media types', () => {
  it.each([
    [undefined, '', undefined],
    ['application/json', 'application/json', undefined],
    ['Application/JSON; charset=UTF-8', 'application/json', 'utf-8'],
    ['text/plain;charset="us-ascii"', 'text/plain', 'us-ascii'],
    ['text/plain; charset=utf-8; charset="UTF-16le"', 'text/plain', 'utf-16le'],
    ['text/plain; charset=utf-8; charset=ascii', 'text/plain', 'utf-8'],
    ['text/plain; format=flowed; Charset = latin1', 'text/plain', 'latin1'],
  ])('parses %j', (header, essence, charset) => {
    expect(parseMediaType(header)).toEqual({ essence, charset });
  });

  it.each([
    ['application/json', true, false],
    ['application/vnd.api+json', true, false],
    ['text/json', true, false],
    ['application/x-ndjson', false, true],
    ['application/jsonl', false, true],
    ['text/plain', false, false],
    ['application/jsonp', false, false],
  ])('knows what %s is', (essence, isJson, isSequence) => {
    expect([isJsonType(essence), isJsonSequenceType(essence)]).toEqual([isJson, isSequence]);
  });

  it('reads UTF-8 and its part', () => {
    expect([undefined, 'utf-8', 'ascii', 'utf-16', 'latin1'].map((name) => isReadableCharset(name))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(isFormType('application/x-www-form-urlencoded')).toBe(true);
  });
});
