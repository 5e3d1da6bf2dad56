/** Numbers of Asia and Oceania: those that their registers and libraries publish as examples. */
import { describe, expect, it } from 'vitest';
import { changed, holds } from '../../../helpers/check-holds.ts';

describe('published numbers', () => {
  it.each([
    ['cn-resident-id', '11010519491231002X'],
    ['cn-resident-id', '360426199101010071'],
    ['cn-uscc', '91110000600037341L'],
    ['hk-hkid', 'A123456(3)'],
    ['tw-id', 'A123456789'],
    ['in-aadhaar', '234123412346'],
    ['in-gstin', '27AAPFU0939F1ZV'],
    ['in-epic', 'WKH1186253'],
    ['sg-nric', 'S1234567D'],
    ['sg-uen', '00192200M'],
    ['sg-uen', '197401143C'],
    ['sg-uen', 'T01FC6132D'],
    ['th-id', '1-2345-45678-78-1'],
    ['ph-tin', '000-123-456'],
    ['jp-my-number', '123456789018'],
    ['jp-company', '5835678256246'],
    ['kr-rrn', '971013-1019901'],
    ['kr-brn', '116-82-00276'],
    ['au-tfn', '123 456 782'],
    ['au-abn', '83 914 571 673'],
    ['au-acn', '004 085 616'],
    ['nz-ird', '49091850'],
    ['nz-nhi', 'ZAC5361'],
  ])('%s holds for %s and not once its last character is another', (name, value) => {
    expect(holds(name, value)).toBe(true);
    expect(holds(name, changed(value))).toBe(false);
  });
});

describe('what no register gives out', () => {
  it.each([
    ['cn-resident-id', '00010519491231002X', false],
    ['cn-resident-id', '11010519491331002X', false],
    ['in-aadhaar', '222222222222', false],
    ['my-nric', '770305-02-1234', true],
    ['my-nric', '771305-02-1234', false],
    ['my-nric', '770305-17-1234', false],
    ['id-nik', '3171011708450001', true],
    ['id-nik', '9971011708450001', false],
    ['id-npwp', '01.312.166.0-091.000', true],
    ['id-npwp', '01.312.166.1-091.000', false],
    ['vn-cccd', '001085012345', true],
    ['vn-cccd', '099085012345', false],
    ['kr-rrn', '960121-1234567', false],
    ['kr-rrn', '220121-3234567', true],
    ['kr-rrn', '990230-4234567', false],
    ['au-medicare', '2123456701', true],
    ['au-medicare', '2123456711', false],
    ['jp-my-number', '000000000000', false],
    ['nz-ird', '9125568', false],
  ])('%s of %s: %s', (name, value, expected) => {
    expect(holds(name, value)).toBe(expected);
  });
});
