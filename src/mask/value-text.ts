/** A value's bytes as text, for putting it back. */

/** Whether bytes hold a lone surrogate as its three bytes (`ED A0..BF xx`), as JSON escapes can name one. */
function hasSurrogateBytes(value: Uint8Array): boolean {
  for (let at = value.indexOf(0xed); at !== -1; at = value.indexOf(0xed, at + 1)) {
    if ((value[at + 1] ?? 0) >= 0xa0) return true;
  }
  return false;
}

/** Decodes a value exactly: a byte order mark stays, and so do lone surrogates that came from JSON escapes. */
export function valueText(value: Uint8Array): string {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (!hasSurrogateBytes(value)) return bytes.toString('utf8');
  let text = '';
  let from = 0;
  for (let at = value.indexOf(0xed); at !== -1; at = value.indexOf(0xed, at + 1)) {
    const second = value[at + 1] ?? 0;
    if (second < 0xa0) continue;
    text += bytes.toString('utf8', from, at);
    text += String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | ((value[at + 2] ?? 0) & 0x3f));
    from = at + 3;
  }
  return text + bytes.toString('utf8', from);
}
