import { describe, expect, it } from 'vitest';
import { exceptionText, withException } from '../../../src/config/edit.ts';

const entry = { fingerprint: 'hmac:k1:abc', reason: 'a "public": test key' };
const item = '- fingerprint: "hmac:k1:abc"\n';

describe('adding an exception', () => {
  it.each([
    ['an empty file', ''],
    ['a file without a list', '# mine\nmode: observe # for now\n'],
    ['a file without a last line break', 'mode: observe'],
    [
      'a list in block style',
      'allow: # why\n  # the first\n  - rule: x # one\n    reason: because\n# the end\nmode: observe\n',
    ],
    ['a list without indentation', 'allow:\n- rule: x\n  reason: because\n'],
    ['a list at the end without a line break', 'allow:\n  - rule: x\n    reason: because'],
  ])('to %s keeps every line as it is', (_, text) => {
    const edited = withException(text, 'config.yaml', entry);

    expect(edited).toContain(item);
    for (const line of text.split('\n')) expect(edited.split('\n')).toContain(line);
    expect(withException(edited, 'config.yaml', { ...entry, fingerprint: 'hmac:k1:def' })).toContain('hmac:k1:def');
  });

  it.each(['allow: []\nmode: observe # for now\n', 'allow: [{ rule: x, reason: because }] # c\n'])(
    'to %j keeps comments',
    (text) => {
      const edited = withException(text, 'config.yaml', entry);

      expect(edited).toContain('hmac:k1:abc');
      expect(edited).toContain(/# .*/.exec(text)?.[0]);
    },
  );

  it('refuses a file that is not valid', () => {
    expect(() => withException('mode: off', 'config.yaml', entry)).toThrow(/config\.yaml:1:7/);
  });

  it('shows the entry by itself', () => {
    expect(exceptionText(entry)).toBe(
      'allow:\n  - fingerprint: "hmac:k1:abc"\n    reason: "a \\"public\\": test key"\n',
    );
  });
});
