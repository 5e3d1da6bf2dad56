/** The checks of regulated data: who they are about, place by place. */
import type { Check } from './check.ts';
import { deviceChecks } from './devices.ts';
import { africanChecks } from './identity-africa.ts';
import { americanChecks } from './identity-americas.ts';
import { asianChecks } from './identity-asia.ts';
import { easternChecks } from './identity-europe-east.ts';
import { northernChecks } from './identity-europe-north.ts';
import { westernChecks } from './identity-europe-west.ts';
import { addressChecks } from './network-addresses.ts';
import { numberChecks } from './numbers.ts';
import { vatChecks } from './vat.ts';

/** Numbers and addresses, and what stands beside them. */
export const regulatedChecks: readonly Check[] = [
  ...numberChecks,
  ...addressChecks,
  ...northernChecks,
  ...westernChecks,
  ...easternChecks,
  ...americanChecks,
  ...asianChecks,
  ...africanChecks,
  ...vatChecks,
  ...deviceChecks,
];
