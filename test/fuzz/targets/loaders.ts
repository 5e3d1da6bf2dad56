/** What reads people's files: whatever stands in them, the answer is a value or an AppError with its place. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseUsers } from '../../../src/app/users.ts';
import { readProject } from '../../../src/config/layers.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { AppError } from '../../../src/core/errors.ts';
import { parseDotenv } from '../../../src/detect/protected-dotenv.ts';
import { sortProtected } from '../../../src/detect/protected.ts';
import { builtinPacks, builtinRulesDir } from '../../../src/rules/load.ts';
import { parsePack } from '../../../src/rules/pack.ts';
import { damaged, natural, oddText, oneOf, several } from '../generate.ts';
import { law, type Target } from '../target.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-fuzz-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

function fileWith(text: string): string {
  const path = join(folder, '.sluice.yaml');
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

/** By the first byte of an input. */
const readers: readonly ((text: string) => unknown)[] = [
  (text) => parsePack(text, 'fuzz.yaml'),
  (text) =>
    loadConfig({ env: {}, cwd: folder, flags: { config: fileWith(text) }, organisationFile: join(folder, 'no') }),
  (text) => readProject(fileWith(text)),
  (text) => loadConfig({ env: {}, cwd: folder, userFile: join(folder, 'no'), organisationFile: fileWith(text) }),
  (text) => sortProtected([{ from: '.env', variables: parseDotenv(text) }]),
  (text) => parseUsers(text, 'users'),
  (text) => loadConfig({ env: environment(text), cwd: folder, userFile: join(folder, 'no') }),
];

/** Variables of ours from lines of a text. */
function environment(text: string): Record<string, string> {
  return Object.fromEntries(
    parseDotenv(text)
      .filter(({ name }) => !/CONFIG|POLICY|_FILE$/.test(name))
      .map(({ name, value }) => [`SLUICE_${name.toUpperCase()}`, value]),
  );
}

const configs = [
  'profile: workstation\nlisten: 127.0.0.1:0\nrelease: stream\nlimits: { gatherBytes: 1024, decodeDepth: 4 }\n',
  'destinations:\n  - { hosts: ["*.example.com"], vendor: x, jurisdiction: CH, action: inspect, release: stream }\n',
  'policy:\n  - when: { category: [secret, regulated], severity: high, not: { host: "*.example" } }\n    action: block\n',
  'protect: { env: ["*_KEY"], dotenv: [".env", ".env.*"] }\npaths:\n  - { match: ["src/**"], action: mask }\n',
  'allow:\n  - { fingerprint: "hmac:a:b", reason: "x", expires: 2027-01-01 }\nrestore: { prose: true, mcp: [git] }\n',
  'rules: [secrets, "./own.yaml"]\nroutes:\n  - { hosts: [a.example], paths: ["/x/**"], action: answer, status: 200 }\n',
  'upstream: { connect: { "a:443": "127.0.0.1:1" }, proxy: "http://user:word@proxy.example:3128" }\n',
  'a: &a [1]\nb: [*a, *a]\n"__proto__": { x: 1 }\n? [complex]\n: !!binary aGk=\n--- \nnext: 1\n',
];
const dotenvs = [
  'KEY="a\\nb"\n',
  "export OTHER='x y' # note\n",
  'LONG="\nfirst\nsecond\n"\n',
  'EMPTY=\n',
  'MODE: observe\n',
];
const users = ['someone:scrypt$32768$8$1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2g\n', '# nobody\n', 'a:b\n'];
const packs = builtinPacks().map((name) => readFileSync(join(builtinRulesDir, `${name}.yaml`), 'utf8'));

export const loaders: Target = {
  name: 'loaders',
  make(random) {
    const reader = natural(random, readers.length);
    const sources = [packs, configs, configs, configs, dotenvs, users, dotenvs][reader] ?? configs;
    const text = Buffer.from(several(random, 3, () => oneOf(random, sources)).join('') + oddText(random, 2));
    const isSound = natural(random, 5) === 0;
    return Buffer.concat([Buffer.of(reader), isSound ? text : damaged(random, damaged(random, text))]);
  },
  check(input) {
    const read = readers[(input[0] ?? 0) % readers.length];
    try {
      read?.(Buffer.from(input.subarray(1)).toString());
    } catch (error: unknown) {
      if (!(error instanceof AppError)) throw error;
      law(error.message !== '' && error.hint !== '', 'an error says nothing');
      law(error.code !== 'ERR_INTERNAL', 'a file makes an internal error');
    }
  },
};
