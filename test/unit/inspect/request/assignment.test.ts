import { describe, expect, it } from 'vitest';
import { Assignments } from '../../../../src/inspect/request/assignment.ts';

function written(assignments: Assignments, name: string, value: string, isNumber = false): string | undefined {
  const assignment = assignments.of(name, Buffer.from(value), isNumber);
  if (assignment === undefined) return undefined;
  const { text, start } = assignment;
  expect(Buffer.from(text).toString('utf8', start, start + Buffer.byteLength(value))).toBe(value);
  return Buffer.from(text).toString();
}

describe('assignments', () => {
  it('put a value behind its name, quoted unless it is a number', () => {
    const assignments = new Assignments();

    expect(written(assignments, 'password', 'value')).toBe('"password": "value"');
    expect(written(assignments, 'größe', '12345678', true)).toBe('"größe": 12345678');
    expect(written(assignments, 'password', 'v')).toBe('"password": "v"');
    expect(written(assignments, '', 'nameless')).toBe('"": "nameless"');
  });

  it('take any name of a length, and a value that has grown', () => {
    const assignments = new Assignments();

    expect(written(assignments, '漢'.repeat(128), 'v'.repeat(512))).toContain('漢": "vvv');
    expect(written(assignments, 'password', 'v'.repeat(5000))).toHaveLength(5014);
  });

  it.each(['a"b', 'a\\b', 'x'.repeat(129)])('are not made of the name %s', (name) => {
    expect(written(new Assignments(), name, 'value')).toBeUndefined();
  });
});
