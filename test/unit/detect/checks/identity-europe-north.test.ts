/** Numbers of the north: those that their registers and libraries publish as examples. */
import { describe, expect, it } from 'vitest';
import { changed, holds } from '../../../helpers/check-holds.ts';

describe('published numbers', () => {
  it.each([
    ['uk-nhs', '943 476 5919'],
    ['uk-nhs', '401-023-2137'],
    ['uk-utr', '1955839661'],
    ['ie-pps', '6433435F'],
    ['se-personnummer', '880320-0016'],
    ['se-personnummer', '19880320-0016'],
    ['se-orgnr', '556703-7485'],
    ['no-fodselsnummer', '15108695088'],
    ['no-orgnr', '988 077 917'],
    ['dk-cvr', '13585628'],
    ['fi-hetu', '131052-308T'],
    ['fi-hetu', '010594Y9032'],
    ['fi-ytunnus', '2077474-0'],
    ['baltic-id', '37605030299'],
    ['lv-personas-kods', '161175-19997'],
  ])('%s holds for %s and not once its last character is another', (name, value) => {
    expect(holds(name, value)).toBe(true);
    expect(holds(name, changed(value))).toBe(false);
  });
});

describe('what no register gives out', () => {
  it.each([
    ['uk-nhs', '0000000000', false],
    ['uk-nino', 'AA 12 34 56 B', true],
    ['uk-nino', 'BG123456A', false],
    ['uk-nino', 'DQ123456A', false],
    ['uk-driving-licence', 'MORGA657054SM9IJ', true],
    ['uk-driving-licence', 'MORGA613054SM9IJ', false],
    ['se-personnummer', '881320-0016', false],
    ['se-personnummer', '880380-0013', true],
    ['se-orgnr', '880320-0016', false],
    ['se-orgnr', '121212-1212', false],
    ['dk-cpr', '211062-5629', true],
    ['dk-cpr', '321062-5629', false],
    ['lv-personas-kods', '32000012345', true],
    ['is-kennitala', '450401-3150', true],
    ['is-kennitala', '450401-3151', false],
    ['fi-hetu', '311190-1111', false],
  ])('%s of %s: %s', (name, value, expected) => {
    expect(holds(name, value)).toBe(expected);
  });
});
