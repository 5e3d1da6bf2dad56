/** The fast answer is that of the library, for numbers of every plan and for anything else. */
import fc from 'fast-check';
import { getCountries, getExampleNumber, isValidPhoneNumber, type CountryCode } from 'libphonenumber-js/min';
import examples from 'libphonenumber-js/mobile/examples';
import { describe, expect, it } from 'vitest';
import { isPhoneNumber } from '../../../../src/detect/checks/phone-plans.ts';

const countries = getCountries();
const numbers = countries.flatMap((country) => getExampleNumber(country, examples) ?? []);
const digits = (most: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^[0-9]{1,${String(most)}}$`));

/** A number that exists with some of its last digits changed: most of what is in use and just beside it. */
const near = fc.tuple(fc.constantFrom(...numbers), digits(7), fc.boolean()).map(([number, tail, isForeign]) => {
  const written = isForeign ? number.number : number.formatNational().replaceAll(/[^\d()+. -]/g, '');
  return { country: number.country, value: written.slice(0, Math.max(4, written.length - tail.length)) + tail };
});

function agrees(value: string, country?: CountryCode): void {
  expect([value, country, isPhoneNumber(value, country)]).toEqual([value, country, isValidPhoneNumber(value, country)]);
}

describe('phone numbers', () => {
  it('are those of the library near numbers that exist', () => {
    fc.assert(
      fc.property(near, ({ value, country }) => {
        agrees(value, country);
      }),
      { numRuns: 3000 },
    );
  });

  it('are those of the library with any digits', () => {
    fc.assert(
      fc.property(
        digits(15),
        fc.constantFrom(...countries),
        fc.constantFrom('', '+', '00', '0'),
        (value, country, lead) => {
          agrees(lead + value, country);
          if (lead === '+') agrees(lead + value);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it.each(countries.map((country) => [country]))('are those of the library for the example of %s', (country) => {
    const example = getExampleNumber(country, examples);
    const values = [example?.number ?? '', example?.nationalNumber ?? '', example?.formatNational() ?? ''];

    expect(values.map((value) => isPhoneNumber(value, country))).toEqual(
      values.map((value) => isValidPhoneNumber(value, country)),
    );
  });
});
