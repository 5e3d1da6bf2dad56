/** Numbers of the east: those that their registers and libraries publish as examples. */
import { describe, expect, it } from 'vitest';
import { changed, holds } from '../../../helpers/check-holds.ts';

describe('published numbers', () => {
  it.each([
    ['pl-pesel', '44051401359'],
    ['pl-nip', '8567346215'],
    ['pl-regon', '192598184'],
    ['cz-rodne-cislo', '710319/2745'],
    ['ro-cnp', '1630615123457'],
    ['bg-egn', '7523169263'],
    ['hr-oib', '33392005961'],
    ['jmbg', '0101006500006'],
    ['gr-amka', '01013099997'],
    ['gr-afm', '094259216'],
    ['ru-inn', '1234567894'],
    ['ru-inn', '123456789047'],
    ['ru-snils', '112-233-445 95'],
    ['ru-ogrn', '1022200525819'],
    ['ua-rntrc', '1759013776'],
    ['pl-dowod', 'ABA300000'],
    ['hu-taj', '111111110'],
  ])('%s holds for %s and not once its last character is another', (name, value) => {
    expect(holds(name, value)).toBe(true);
    expect(holds(name, changed(value))).toBe(false);
  });
});

describe('what no register gives out', () => {
  it.each([
    ['pl-pesel', '44053401359', false],
    ['cz-rodne-cislo', '711319/2745', false],
    ['ro-cnp', '1631315123457', false],
    ['gr-afm', '000000000', false],
    ['ru-inn', '0000000000', false],
    ['ru-snils', '000-000-001 01', false],
    ['hu-adoazonosito', '8000000008', true],
    ['hu-adoazonosito', '8000000018', false],
  ])('%s of %s: %s', (name, value, expected) => {
    expect(holds(name, value)).toBe(expected);
  });
});
