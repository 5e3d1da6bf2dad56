/** Runs a named check on a value that stands between two texts. */
import { utf8 } from '../../src/core/bytes.ts';
import { checkNamed } from '../../src/detect/checks/registry.ts';

/** Whether the check holds for the value there. */
export function holds(name: string, value: string, before = '', after = ''): boolean {
  const start = utf8(before).length;
  const end = start + utf8(value).length;
  return checkNamed(name, 'test').test({ text: utf8(before + value + after), start, end, value });
}

/** The value with its last letter or digit made another of its kind. */
export function changed(value: string): string {
  const at = value.search(/[A-Za-z0-9][^A-Za-z0-9]*$/);
  const char = value[at] ?? '';
  const other = /\d/.test(char) ? String((Number(char) + 1) % 10) : char === 'A' || char === 'a' ? 'C' : 'A';
  return value.slice(0, at) + other + value.slice(at + 1);
}
