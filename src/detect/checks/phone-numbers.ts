/** The port of libphonenumber, loaded with the first number that it is asked about. */
import { createRequire } from 'node:module';
import type { CountryCode, isValidPhoneNumber as IsValidPhoneNumber } from 'libphonenumber-js/min';

/** Its ninety modules take as long to load as all of this program's: no start waits for them. */
const load = createRequire(import.meta.url);
let port: { readonly isValidPhoneNumber: typeof IsValidPhoneNumber } | undefined;

/** Whether a number exists in a country's plan; in that of its own prefix where no country is given. */
export function isValidPhoneNumber(value: string, region?: CountryCode): boolean {
  port ??= loadPort();
  return port.isValidPhoneNumber(value, region);
}

function loadPort(): NonNullable<typeof port> {
  const loaded: NonNullable<typeof port> = load('libphonenumber-js/min');
  return loaded;
}
