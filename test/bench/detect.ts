/** Measures the matcher with all rules: ordinary program text and floods, CPU time. `npx tsx test/bench/detect.ts` */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createMatcher } from '../../src/detect/matcher.ts';
import { loadRules } from '../../src/rules/load.ts';

const rounds = 7;
const floods: Readonly<Record<string, string>> = {
  assignments: 'password=',
  armour: '-----BEGIN ',
  'web tokens': '-eyJ',
  'quoted run': `token = '${'a'.repeat(40)}`,
  digits: '4111111111111111',
  'digit groups': '4111 ',
  urls: 'https://a:',
  base64: 'QUJDREVGR0hJSktMTU5PUA',
  hex: '0123456789abcdef',
};

/** About so many bytes of the JavaScript that is installed here. */
function programText(bytes: number): Uint8Array {
  const parts: Buffer[] = [];
  let size = 0;
  const files = readdirSync('node_modules', { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.[cm]?js$/.test(name),
  );
  for (const file of files.toSorted()) {
    if (size >= bytes) break;
    const path = join('node_modules', file);
    if (!statSync(path).isFile()) continue;
    const content = readFileSync(path);
    parts.push(content);
    size += content.length;
  }
  return new Uint8Array(Buffer.concat(parts));
}

const matcher = createMatcher(loadRules(['secrets', 'regulated/*']));

/** The best of several rounds, in megabytes (10^6 bytes) per second of CPU time. */
function speedOf(text: Uint8Array): number {
  const speeds = Array.from({ length: rounds }, () => {
    const before = process.cpuUsage();
    matcher.scan(text, 0, true);
    const { user, system } = process.cpuUsage(before);
    return text.length / (user + system);
  });
  return Math.max(...speeds);
}

const report = { 'program text': speedOf(programText(8e6)) };
const flooded = Object.entries(floods).map(([name, piece]) => [
  name,
  speedOf(new TextEncoder().encode(piece.repeat(Math.ceil(3e5 / piece.length)))),
]);
for (const [name, speed] of [...Object.entries(report), ...flooded]) {
  process.stdout.write(`${String(name).padEnd(14)} ${Number(speed).toFixed(1).padStart(8)} MB/s\n`);
}
