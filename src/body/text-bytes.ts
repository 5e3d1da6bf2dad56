/** Tells text from data. */
import { isUtf8 } from 'node:buffer';
import { wideOrder } from './wide-text.ts';

/** Whether a byte may stand in text: no control character but tab, line feed, carriage return, and what begins a colour. */
export function isTextByte(byte: number): boolean {
  return byte >= 0x20 ? byte !== 0x7f : byte === 0x09 || byte === 0x0a || byte === 0x0d || byte === 0x1b;
}

/** Whether bytes are UTF-8 without control characters but those of plain or coloured text, or UTF-16 of such. */
export function isText(bytes: Uint8Array): boolean {
  return (isUtf8(bytes) && bytes.every(isTextByte)) || wideOrder(bytes) !== undefined;
}
