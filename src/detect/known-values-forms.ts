/** The forms in which a value can stand in text: JSON escapes once and twice, base64, hex, percent-encoding. */
import { fromUtf8, utf8 } from '../core/bytes.ts';

/** A form as a literal to look for. */
export interface Form {
  readonly bytes: Uint8Array;
  /** Layers, outermost first; empty for the value as it is. */
  readonly encoding: readonly string[];
  /** Bytes before and after the literal that hold the value's first and last bits (base64: shared characters). */
  readonly before: number;
  readonly after: number;
}

/** Shorter values have encodings so short that they would be found by chance. */
const encodedFrom = 6;

/** One level of JSON escaping, in the spellings that encoders use. */
function jsonEscapes(text: string): ReadonlySet<string> {
  const plain = JSON.stringify(text).slice(1, -1);
  const code = (char: string, isUpper: boolean): string => {
    const hex = char.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${isUpper ? hex.toUpperCase() : hex}`;
  };
  const forms = new Set([plain, plain.replaceAll('/', '\\/')]);
  for (const isUpper of [false, true]) {
    // ASCII only (Python's default), without and with PHP's slashes; Go's and .NET's encoders escape for HTML as well.
    const ascii = plain.replaceAll(/[^\u0020-\u007e]/g, (char) => code(char, isUpper));
    const html = plain.replaceAll(/[<>&\u2028\u2029]/g, (char) => code(char, isUpper));
    const all = ascii.replaceAll(/[<>&'+`]/g, (char) => code(char, isUpper));
    // A quote inside a value, as \u0022 (.NET).
    const quotes = all.replaceAll('\\"', code('"', isUpper));
    for (const form of [ascii, ascii.replaceAll('/', '\\/'), html, all, quotes]) forms.add(form);
  }
  return forms;
}

/** Every byte percent-encoded. */
function percentAll(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase().replaceAll(/../g, '%$&');
}

/** Percent-encodings: what must be encoded (in the styles of URL, RFC 3986 and forms), and every byte. */
function percentForms(text: string, bytes: Uint8Array): ReadonlySet<string> {
  const forms = new Set<string>();
  const lower = (form: string): string => form.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  const component = encodeURIComponent(text);
  const strict = component.replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const path = component.replaceAll(/%(2F|3A|40|24|26|2B|2C|3B|3D)/g, (code) => decodeURIComponent(code));
  for (const form of [component, strict, path, encodeURI(text)]) forms.add(form);
  // A set may grow while it is walked; what is added here changes no more.
  for (const form of forms) forms.add(form.replaceAll('%20', '+'));
  forms.add(percentAll(bytes));
  for (const form of forms) forms.add(lower(form));
  return forms;
}

/**
 * Base64 at each of the three alignments. Of the characters that hold bits of the neighbours too only the place is
 * known: they stand in `before` and `after`.
 */
function base64Forms(bytes: Uint8Array): readonly Form[] {
  return [0, 1, 2].map((lead) => {
    const shifted = Buffer.concat([Buffer.alloc(lead), bytes]);
    const text = shifted.toString('base64').replace(/=+$/, '');
    const first = Math.ceil((lead * 8) / 6);
    const last = Math.floor((shifted.length * 8) / 6);
    const before = lead === 0 ? 0 : 1;
    return {
      bytes: utf8(text.slice(first, last)),
      encoding: ['base64'],
      before,
      after: text.length > last ? 1 : 0,
    };
  });
}

function urlSafe(form: Form): Form {
  const text = fromUtf8(form.bytes).replaceAll('+', '-').replaceAll('/', '_');
  return { ...form, bytes: utf8(text), encoding: ['base64url'] };
}

/** Lists the forms of a value, each text once: the first name it has counts. */
export function formsOf(value: Uint8Array): readonly Form[] {
  const plain: Form = { bytes: value, encoding: [], before: 0, after: 0 };
  const forms = new Map<string, Form>();
  const add = (form: Form): void => {
    const key = Buffer.from(form.bytes).toString('latin1');
    if (form.bytes.length > 0 && !forms.has(key)) forms.set(key, form);
  };
  const addText = (text: string, encoding: readonly string[]): void => {
    add({ bytes: utf8(text), encoding, before: 0, after: 0 });
  };

  add(plain);
  const text = fromUtf8(value);
  // Most tokens have nothing to escape: a fifth of the time. Bytes that are not text have no escapes of text.
  if (/^[\w.~-]+$/.test(text)) {
    const full = percentAll(value);
    addText(full, ['percent']);
    addText(full.toLowerCase(), ['percent']);
  } else if (Buffer.from(utf8(text)).equals(value)) {
    for (const once of jsonEscapes(text)) {
      addText(once, ['json']);
      for (const twice of jsonEscapes(once)) addText(twice, ['json', 'json']);
    }
    for (const form of percentForms(text, value)) addText(form, ['percent']);
  }
  if (value.length < encodedFrom) return [...forms.values()];
  for (const form of base64Forms(value)) {
    add(form);
    add(urlSafe(form));
  }
  const hex = Buffer.from(value).toString('hex');
  addText(hex, ['hex']);
  addText(hex.toUpperCase(), ['hex']);
  return [...forms.values()];
}
