/** Writes down the packs that ship for fast starts, after the code is built: `node dist/rules/prebuild.js`. */
import { renameSync, writeFileSync } from 'node:fs';
import { builtinTexts } from './load.ts';
import { parsePack } from './pack.ts';
import { codeDigest, encodePrebuilt, prebuiltPath, shippedPrebuilt } from './prebuilt.ts';

const packs = builtinTexts();
const shipped = shippedPrebuilt();
// The same packs, read by the same code: nothing to do.
if (shipped === undefined || packs.some(({ text, file }) => shipped.find(text, file) === undefined)) {
  const bytes = encodePrebuilt(
    packs.map(({ text, file }) => ({ text, rules: parsePack(text.toString(), file) })),
    codeDigest(),
  );
  // Whole or not at all: several processes may build at once.
  const draft = `${prebuiltPath}.${String(process.pid)}`;
  writeFileSync(draft, bytes);
  renameSync(draft, prebuiltPath);
}
