import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../../src/core/bytes.ts';
import { createGather } from '../../../../src/inspect/request/gather.ts';
import { applyEdits } from '../../../../src/mask/restore.ts';
import { listAt, parseJson, textAt } from '../../../helpers/json-at.ts';
import { restorerOf } from '../../../helpers/masked.ts';
import { requestScan, token, type TestScan } from '../../../helpers/request-scan.ts';

const value = token('Ab3/dE+&'.replaceAll(/[^A-Za-z0-9]/g, 'x'));
const protectedValue = 'p4ss&w0rd"of_mine';

/** What a vendor gets of some texts of files. */
function sent(scan: TestScan, texts: readonly string[], meaning: 'prose' | 'tool-input' = 'prose'): readonly string[] {
  const body = createGather(
    { ...scan, meaning: () => meaning },
    { contentType: 'application/json', coding: 'identity' },
  );
  body.push(utf8(JSON.stringify({ texts })));
  const { output } = body.end();
  return listAt(parseJson(Buffer.concat([...output]).toString()), 'texts').map(String);
}

/** What an edit's old text becomes on the way back. */
function returned(scan: TestScan, text: string): string {
  const call = JSON.stringify({ file_path: '/a', old_string: text });
  const { edits } = restorerOf(scan.vault).call(call, 'json', 'Edit', 'file');
  return textAt(parseJson(applyEdits(call, edits)), 'old_string');
}

const spelled = (text: string, spell: (char: string) => string): string => text.replaceAll(/[^A-Za-z0-9]/g, spell);
const hex = (char: string): string => char.charCodeAt(0).toString(16).padStart(2, '0');

describe('a value that a file spells in its own way', () => {
  it.each([
    ['references of HTML', (text: string) => `<a b="${spelled(text, (char) => `&#x${hex(char)};`)}">`],
    ['escapes of programs', (text: string) => `s = "${spelled(text, (char) => `\\x${hex(char)}`)}"`],
    ['escapes of JSON in a program', (text: string) => `s = "${spelled(text, (char) => `\\u00${hex(char)}`)}";`],
    ['backslashes before marks', (text: string) => `x ${text.replaceAll('_', '\\_')} y`],
    ['percent-encoding', (text: string) => `https://h.test/?a=${spelled(text, (char) => `%${hex(char)}`)}&b=1`],
    ['characters that do not show', (text: string) => text.replace('_', '_\u200b')],
    ['escapes in a JSON text', (text: string) => `{"k": "${spelled(text, (char) => `\\u00${hex(char)}`)}"}`],
    ['escapes in JSON in JSON', (text: string) => JSON.stringify({ k: `{"k":"${spelled(text, () => '\\u005f')}"}` })],
    ['several lines of a program', (text: string) => `"${text.slice(0, 14)}" +\n    "${text.slice(14)}"`],
  ])('comes back spelled so: %s', (_what, spell) => {
    const scan = requestScan();
    const file = spell(value);

    const [got = ''] = sent(scan, [file]);

    expect(got).not.toBe(file);
    expect(got).toContain('SLUICE_');
    expect(returned(scan, got)).toBe(file);
    // What the assistant quotes of it in its next request says the same as the first time.
    expect(sent(requestScan(), [file, file])).toEqual([got, got]);
  });

  it('has a placeholder for each spelling, the same in every request', () => {
    const files = [`k: ${value}`, `k: ${value.replace('_', '&#95;')}`, `k: ${value.replace('_', '\\_')}`];
    const scan = requestScan();

    const got = sent(scan, files);

    expect(new Set(got).size).toBe(3);
    expect(got.map((text) => returned(scan, text))).toEqual(files);
    expect(sent(requestScan(), files.slice(1))).toEqual(got.slice(1));
  });

  it('has the one placeholder where any writer of JSON writes it so, in each depth of it', () => {
    const scan = requestScan({ protect: [protectedValue] });
    const files = [`k: ${protectedValue}`, JSON.stringify({ k: protectedValue }), JSON.stringify({ k: 1, v: [value] })];

    const [plain = '', json = ''] = sent(scan, files);

    expect(json).toBe(JSON.stringify({ k: plain.slice(3) }));
    expect(returned(scan, plain)).toBe(files[0]);
    expect(returned(scan, json)).toBe(files[1]);
    // A line of the JSON text, which is none.
    expect(returned(scan, json.slice(1, -1))).toBe(files[1]?.slice(1, -1));
  });

  it('is spelled by the protocol alone in the arguments of a call', () => {
    const scan = requestScan();
    const args = `{"content":"${value.replace('_', '\\u005f')}"}`;

    const [got = ''] = sent(scan, [args], 'tool-input');
    const [plain = ''] = sent(scan, [value]);

    expect(got).toBe(JSON.stringify({ content: plain }));
  });

  it('keeps no colours and line numbers', () => {
    const scan = requestScan();
    const [plain = ''] = sent(scan, [value]);
    const joined = `"${value.slice(0, 14)}" +\n"${value.slice(14)}"`;

    expect(sent(scan, [value.replace('_', '_\u001b[1m')])).toEqual([plain]);
    const [got = ''] = sent(scan, [joined]);
    expect(returned(scan, got)).toBe(joined);
  });
});

describe('a value that stands as numbers', () => {
  const octal = (at: number): string => at.toString(8).padStart(7, '0');
  const text = `KEY=${value}\n`;

  it.each([
    ['in a list', `x = [${Array.from(Buffer.from(text)).join(', ')}]`],
    ['in a list of a JSON text', JSON.stringify({ type: 'Buffer', data: Array.from(Buffer.from(text)) })],
    [
      'in a list of hex digits',
      `<Buffer ${Buffer.from(text)
        .toString('hex')
        .replaceAll(/..(?=.)/g, '$& ')}>`,
    ],
    [
      'in what od prints',
      [0, 16, 32]
        .map(
          (at) =>
            `${octal(at)} ${text
              .slice(at, at + 16)
              .replaceAll(/./gs, (char) => ` ${hex(char)}`)
              .trim()}\n`,
        )
        .join(''),
    ],
  ])('does not leave %s, and comes back so', (_where, file) => {
    const scan = requestScan();

    const [got = ''] = sent(scan, [file]);

    expect(got).not.toBe(file);
    expect(scan.vault.size).toBe(1);
    expect(returned(scan, got)).toBe(file);
    expect(sent(requestScan(), [got])).toEqual([got]);
  });
});
