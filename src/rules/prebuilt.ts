/** The packs that ship as the build has worked them out: read at a start in place of YAML, and of finding anchors. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { fileURLToPath } from 'node:url';
import { packPlan, rememberPlans, type PackedPlan } from '../detect/plan.ts';
import { Packer } from '../detect/packed.ts';
import type { Rule } from '../detect/rule.ts';
import type { LoadedRule } from './pack.ts';
import type { Preset } from './schema.ts';

/*
 * SECURITY: the file ships beside the program's own code and is believed as far as that is: whoever can write the one
 * can write the other. Nothing is kept in a data folder or anywhere else that others may write, so that no file can
 * switch rules off. It is used for packs whose text it was made of and by the code it was made with, both by digest;
 * what fits in neither, or is damaged, is worked out from YAML as if there were no such file: slower, never fewer rules.
 * test/unit/rules/prebuilt.test.ts holds that.
 */

/** Where the build puts it: beside this file; in the source tree there is none. */
export const prebuiltPath = fileURLToPath(new URL('./prebuilt.bin', import.meta.url));

/** Begins the file; the number counts its layouts. */
const magic = Buffer.from('sluice prebuilt rules 1\n');
const digestBytes = 32;
/** Where what is digested begins, and where the text does: the code's digest and the text's length stand between. */
const bodyAt = magic.length + digestBytes;
const textAt = bodyAt + digestBytes + 4;

/** One rule as written down. */
interface PrebuiltRule {
  readonly rule: Rule;
  readonly preset: Preset;
  /** `line:column` in its file. */
  readonly at: string;
  readonly plan: PackedPlan;
}

/** The text of the file: rules by the digests of the packs they are of. */
type PrebuiltText = Readonly<Record<string, readonly PrebuiltRule[]>>;

/** A pack to be written down. */
export interface PackSource {
  readonly text: Uint8Array;
  readonly rules: readonly LoadedRule[];
}

export interface Prebuilt {
  /** The rules of a pack of exactly this text. @param file its path, for places */
  find(text: Uint8Array, file: string): readonly LoadedRule[] | undefined;
}

/** Writes packs down. @param code of {@link codeDigest} */
export function encodePrebuilt(packs: readonly PackSource[], code: Uint8Array): Uint8Array {
  const packer = new Packer();
  const text: Record<string, readonly PrebuiltRule[]> = {};
  for (const pack of packs) {
    text[digestOf(pack.text).toString('hex')] = pack.rules.map(({ rule, preset, place }) => ({
      rule,
      preset,
      at: place.split(':').slice(-2).join(':'),
      plan: packPlan(rule.pattern, packer),
    }));
  }
  const json = Buffer.from(JSON.stringify(text));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const body = Buffer.concat([code, length, json, packer.bytes()]);
  return Buffer.concat([magic, digestOf(body), body]);
}

/** Reads what {@link encodePrebuilt} wrote; undefined where it is damaged, or was made by other code. */
export function decodePrebuilt(file: Uint8Array, code: Uint8Array): Prebuilt | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const body = bytes.subarray(bodyAt);
  if (!bytes.subarray(0, magic.length).equals(magic)) return undefined;
  if (!bytes.subarray(magic.length, bodyAt).equals(digestOf(body))) return undefined;
  if (!body.subarray(0, digestBytes).equals(code)) return undefined;
  const textEnd = textAt + bytes.readUInt32LE(textAt - 4);
  const text: PrebuiltText = JSON.parse(bytes.toString('utf8', textAt, textEnd));
  // A copy: aligned, and the text is let go.
  const numbers = new Uint8Array(bytes.subarray(textEnd));
  rememberPlans(
    Object.values(text).flatMap((rules) => rules.map(({ rule, plan }) => [rule.pattern, plan] as const)),
    numbers,
  );
  return {
    find: (packText, file) =>
      text[digestOf(packText).toString('hex')]?.map(({ rule, preset, at }) => ({
        rule: Object.freeze(rule),
        preset,
        place: `${file}:${at}`,
      })),
  };
}

let shipped: { readonly prebuilt: Prebuilt | undefined } | undefined;

/** What the build has worked out, read once, with the plans of all its patterns; undefined where there is none that fits. */
export function shippedPrebuilt(): Prebuilt | undefined {
  shipped ??= { prebuilt: readPrebuilt() };
  return shipped.prebuilt;
}

function readPrebuilt(): Prebuilt | undefined {
  let file: Buffer;
  let code: Uint8Array;
  try {
    file = readFileSync(prebuiltPath);
    code = codeDigest();
  } catch {
    // Not there, or not readable: all that it holds can be worked out.
    return undefined;
  }
  return decodePrebuilt(file, code);
}

/** The folders with the code that reads packs and plans patterns. */
const codeFolders = ['./', '../detect/', '../detect/regex/'];

/** The digest of that code, as it stands on the disk; also of the order of bytes in a number here. */
export function codeDigest(): Uint8Array {
  const hash = createHash('sha256').update(endianness());
  for (const folder of codeFolders) {
    const url = new URL(folder, import.meta.url);
    for (const name of readdirSync(url).toSorted()) {
      if (!/(?<!\.d)\.[jt]s$/.test(name)) continue;
      hash.update(`${folder}${name}\n`).update(readFileSync(new URL(name, url)));
    }
  }
  return hash.digest();
}

function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
