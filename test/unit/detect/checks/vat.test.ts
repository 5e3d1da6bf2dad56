/** VAT numbers: those that libraries publish as examples. */
import { describe, expect, it } from 'vitest';
import { changed, holds } from '../../../helpers/check-holds.ts';

describe('published numbers', () => {
  it.each([
    ['eu-vat', 'ATU13585627'],
    ['eu-vat', 'BE0428759497'],
    ['eu-vat', 'DE136695976'],
    ['eu-vat', 'DK13585628'],
    ['eu-vat', 'EL094259216'],
    ['eu-vat', 'ESJ99216582'],
    ['eu-vat', 'FI20774740'],
    ['eu-vat', 'FR40303265045'],
    ['eu-vat', 'GB980780684'],
    ['eu-vat', 'HR33392005961'],
    ['eu-vat', 'IE6433435F'],
    ['eu-vat', 'IT00743110157'],
    ['eu-vat', 'LU15027442'],
    ['eu-vat', 'PL8567346215'],
    ['eu-vat', 'PT501964843'],
    ['eu-vat', 'SE123456789701'],
    ['eu-vat', 'SI50223054'],
    ['eu-vat', 'BG175074752'],
    ['eu-vat', 'CY10259033P'],
    ['eu-vat', 'CZ25123891'],
    ['eu-vat', 'EE100931558'],
    ['eu-vat', 'HU12892312'],
    ['eu-vat', 'LT119511515'],
    ['eu-vat', 'LT100001919017'],
    ['eu-vat', 'LV40003521600'],
    ['eu-vat', 'MT11679112'],
    ['eu-vat', 'RO18547290'],
    ['eu-vat', 'SK2022749619'],
  ])('%s holds for %s and not once its last character is another', (name, value) => {
    expect(holds(name, value)).toBe(true);
    expect(holds(name, changed(value))).toBe(false);
  });
});

describe('other forms', () => {
  it.each([
    ['eu-vat', 'NL004495445B01', true],
    ['eu-vat', 'NL004495446B01', false],
    ['eu-vat', 'FR23334175221', true],
    ['eu-vat', 'ES54362315K', true],
    ['eu-vat', 'ESX2482300W', true],
    ['eu-vat-form', 'BE 0428.759.497', true],
    ['eu-vat-form', 'BE 0428.759', false],
    ['eu-vat-form', 'BE0428759497', false],
  ])('%s of %s: %s', (name, value, expected) => {
    expect(holds(name, value)).toBe(expected);
  });
});
