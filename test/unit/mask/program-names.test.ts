import { describe, expect, it } from 'vitest';
import { interpreterNames, namedOneOf, shellNames } from '../../../src/mask/program-names.ts';

describe('program names', () => {
  it.each(['sh', 'bash', '/usr/bin/zsh', 'fish', 'tcsh', 'csh', 'pwsh', 'powershell', 'cmd', 'cmd.exe'])(
    'take %s for a shell',
    (name) => {
      expect(namedOneOf(shellNames).test(name)).toBe(true);
    },
  );

  it.each(['python', '/opt/python3.12', 'node', 'nodejs', 'perl', 'lua5.4', 'Rscript', 'julia', 'pwsh'])(
    'take %s for an interpreter',
    (name) => {
      expect(namedOneOf(interpreterNames).test(name)).toBe(true);
    },
  );

  it.each(['crash', 'bash.txt', 'nodes', 'cmdline', 'pythonic', 'sh/x', ''])('take %j for neither', (name) => {
    expect(namedOneOf(shellNames).test(name)).toBe(false);
    expect(namedOneOf(interpreterNames).test(name)).toBe(false);
  });
});
