/**
 * Says of most phone numbers at once whether they are in use, from the patterns that libphonenumber-js holds: it compiles
 * them anew for every number and every country it tries.
 */
import { createRequire } from 'node:module';
import type { CountryCode, MetadataJson } from 'libphonenumber-js/min';
import { isValidPhoneNumber } from './phone-numbers.ts';

/** The library's table, read with the first number: no start waits for it. */
const load = createRequire(import.meta.url);
let table: MetadataJson | undefined;

function metadata(): MetadataJson {
  if (table !== undefined) return table;
  const loaded: MetadataJson = load('libphonenumber-js/min/metadata');
  return (table = loaded);
}

/** What a number's plan holds: places 0–3, 5, 7, 8, 10 and 11 of a country in the library's metadata, version 4. */
interface Plan {
  readonly callingCode: string;
  /** What is dialled before the calling code of another country. */
  readonly abroad: RegExp;
  readonly general: RegExp;
  readonly types: readonly { readonly pattern: RegExp; readonly lengths: readonly number[] }[];
  /** What tells the country from others of the same calling code. */
  readonly leading: RegExp | undefined;
  /** What is dialled before a national number. */
  readonly trunk: RegExp | undefined;
  /** Whether what is dialled before a number says how to rewrite it. */
  readonly isRewritten: boolean;
}

const plans = new Map<CountryCode, Plan>();

function planOf(country: CountryCode): Plan | undefined {
  const known = plans.get(country);
  if (known !== undefined) return known;
  const raw: readonly unknown[] | undefined = metadata().countries[country];
  if (raw === undefined) return undefined;
  const lengths = numbersOf(raw[3]);
  const types: readonly unknown[] = Array.isArray(raw[11]) ? raw[11] : [];
  const trunk = textOf(raw[7]) ?? textOf(raw[5]);
  const leading = textOf(raw[10]);
  const plan = {
    callingCode: textOf(raw[0]) ?? '',
    abroad: new RegExp(`^(?:${textOf(raw[1]) ?? ''})`),
    general: whole(textOf(raw[2]) ?? ''),
    types: types.flatMap((type) => {
      const pattern = Array.isArray(type) ? textOf(type[0]) : undefined;
      const own = Array.isArray(type) && Array.isArray(type[1]) ? numbersOf(type[1]) : lengths;
      return pattern === undefined ? [] : [{ pattern: whole(pattern), lengths: own }];
    }),
    leading: leading === undefined ? undefined : new RegExp(`^(?:${leading})`),
    trunk: trunk === undefined ? undefined : new RegExp(`^(?:${trunk})`),
    isRewritten: textOf(raw[8]) !== undefined || trunk?.includes('(') === true,
  };
  plans.set(country, plan);
  return plan;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numbersOf(value: unknown): readonly number[] {
  return Array.isArray(value) ? value.map(Number) : [];
}

function whole(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}

function hasType({ general, types }: Plan, national: string): boolean {
  if (!general.test(national)) return false;
  return types.some(({ pattern, lengths }) => lengths.includes(national.length) && pattern.test(national));
}

/** Whether a national number is in use in one of the countries of a calling code; that of `region` where none is its own. */
function isInUse(national: string, countries: readonly CountryCode[], region: CountryCode): boolean {
  if (national.length < 2 || national.length > 17) return false;
  const [only] = countries;
  const own = countries.length === 1 ? only : countries.find((country) => isOf(country, national));
  const plan = planOf(own ?? region);
  if (plan === undefined) return false;
  return plan.types.length > 0 ? hasType(plan, national) : plan.general.test(national);
}

function isOf(country: CountryCode, national: string): boolean {
  const plan = planOf(country);
  if (plan === undefined) return false;
  return plan.leading === undefined ? hasType(plan, national) : plan.leading.test(national);
}

/** Whether a number with `+` is in use; undefined where it takes the library to say. */
function isForeignInUse(digits: string): boolean | undefined {
  if (digits.startsWith('0')) return false;
  for (let length = 1; length <= 3; length++) {
    const countries = metadata().country_calling_codes[digits.slice(0, length)];
    const [main] = countries ?? [];
    if (countries === undefined || main === undefined) continue;
    const national = digits.slice(length);
    const plan = planOf(main);
    if (plan === undefined) return undefined;
    const trunk = plan.trunk?.exec(national)?.[0];
    if (trunk === undefined) return isInUse(national, countries, main);
    return plan.isRewritten ? undefined : isNone([national, national.slice(trunk.length)], countries, main);
  }
  return undefined;
}

/** Whether a number as it is dialled within a country is in use; undefined where it takes the library to say. */
function isNationalInUse(digits: string, region: CountryCode): boolean | undefined {
  const plan = planOf(region);
  const countries = metadata().country_calling_codes[plan?.callingCode ?? ''];
  if (plan === undefined || countries === undefined || plan.abroad.test(digits)) return undefined;
  // It may begin with the calling code, and what is left with what is dialled before a number.
  const readings = digits.startsWith(plan.callingCode) ? [digits, digits.slice(plan.callingCode.length)] : [digits];
  const trunks = readings.map((reading) => plan.trunk?.exec(reading)?.[0]);
  if (readings.length === 1 && trunks[0] === undefined) return isInUse(digits, countries, region);
  if (plan.isRewritten && trunks.some((trunk) => trunk !== undefined)) return undefined;
  const all = readings.flatMap((reading, index) => [reading, reading.slice(trunks[index]?.length ?? 0)]);
  return isNone(all, countries, region);
}

/** False where none of the readings of a number is in use, else undefined: which of them counts is the library's to say. */
function isNone(
  readings: readonly string[],
  countries: readonly CountryCode[],
  region: CountryCode,
): false | undefined {
  return readings.some((reading) => isInUse(reading, countries, region)) ? undefined : false;
}

/** Digits and what separates them, of which the library reads nothing but the digits. */
const plain = /^\+?[\d ().-]+$/;

/** Whether a number is in use: with `+` anywhere, else in a country. As `isValidPhoneNumber` of the library. */
export function isPhoneNumber(value: string, region?: CountryCode): boolean {
  const digits = value.replaceAll(/\D/g, '');
  const isForeign = value.startsWith('+');
  let answer: boolean | undefined;
  if (plain.test(value) && digits.length >= 3) {
    if (isForeign) answer = isForeignInUse(digits);
    else if (region !== undefined) answer = isNationalInUse(digits, region);
  }
  return answer ?? isValidPhoneNumber(value, region);
}
