/** Known values in base64 or hex: the run around an occurrence as a view, so that it stays valid when the value goes. */
import { base64View, hexView } from '../../body/views.ts';
import type { Hit, ViewHits } from './hits.ts';

const isBase64 = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_')
  isBase64[char.charCodeAt(0)] = 1;

const noLayers: readonly string[] = [];

/** The view of a value that stands as hex digits. */
export function knownHexView(text: Uint8Array, hit: Hit): ViewHits {
  const view = hexView(text, hit);
  return { view, inner: { text: view.text, hits: [{ ...hit, ...whole(view.text), layers: noLayers }], views: [] } };
}

function whole(text: Uint8Array): { start: number; end: number } {
  return { start: 0, end: text.length };
}

/** Every occurrence of a hit's value in a decoded run. */
function occurrences(text: Uint8Array, hit: Hit): readonly Hit[] {
  const found: Hit[] = [];
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.length);
  for (let at = bytes.indexOf(hit.value); at !== -1; at = bytes.indexOf(hit.value, at + hit.value.length)) {
    found.push({ ...hit, start: at, end: at + hit.value.length, layers: noLayers });
  }
  return found;
}

/**
 * The base64 run around an occurrence, decoded at the alignment in which the value shows: other text of the same
 * alphabet (a path, a prefix) may stand right before it. Empty when it shows in none.
 */
export function knownBase64Views(text: Uint8Array, hit: Hit): readonly ViewHits[] {
  let start = hit.start;
  while (start > 0 && isBase64[text[start - 1] ?? 0] === 1) start -= 1;
  let end = hit.end;
  while (end < text.length && isBase64[text[end] ?? 0] === 1) end += 1;
  while (end < text.length && text[end] === 0x3d) end += 1;
  for (let phase = 0; phase < 4; phase += 1) {
    const view = base64View(text, { start: start + phase, end });
    const hits = occurrences(view.text, hit);
    if (hits.length > 0) return [{ view, inner: { text: view.text, hits, views: [] } }];
  }
  return [];
}
