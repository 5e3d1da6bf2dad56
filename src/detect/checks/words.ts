/** Tells whether a value is made of words only, as identifiers and prose are. */
import { remembered } from './remembered.ts';
import { wordOdds } from './word-odds.ts';

/** Words, each with a number behind it or without: `access_token`, `button 2`, `userField1`. */
const words = /^[A-Za-z]+\d{0,4}(?:[-_ .:/](?:[A-Za-z]+\d{0,4}|\d{1,3}))*$/;
/** A name of three parts and more, in whose parts a number may stand too: `crypto_scrypt208sha256_verify`. */
const longName = /^[a-z]+(?:_[a-z]+(?:\d{1,4}[a-z]{2,})?\d{0,4}){2,}$/;

/** Of values of 20 letters drawn at random one in 700 comes to more; of identifiers one in 80, run together of abbreviations, to less. */
const leastOdds = -4;

/** Whether a value is only words, possibly joined: `access_token`, `primary-button`, `userPasswordField`. */
export const isWords = remembered((padded: string): boolean => {
  const value = padded.replaceAll(/^[*_~`.]+|[*_~`.,:;]+$|={1,2}$/g, '');
  return (words.test(value) || longName.test(value)) && wordOdds(value) >= leastOdds;
});
