/** Tells whether a value is made of words only, as identifiers and prose are. */
import { wordLikeness } from './randomness.ts';

/** Whether a value is only words, possibly joined: `access_token`, `primary-button`, `userPasswordField`. */
export function isWords(padded: string): boolean {
  const value = padded.replaceAll(/^[*_~`]+|[*_~`]+$|={1,2}$/g, '');
  if (!/^[A-Za-z][A-Za-z]*\d{0,4}(?:[-_ .:/](?:[A-Za-z]+\d{0,4}|\d{1,3}))*$/.test(value)) return false;
  return wordLikeness(value) >= 0.5;
}
