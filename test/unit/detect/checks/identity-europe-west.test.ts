/** Numbers of the west: those that their registers and libraries publish as examples. */
import { describe, expect, it } from 'vitest';
import { changed, holds } from '../../../helpers/check-holds.ts';

describe('published numbers', () => {
  it.each([
    ['de-steuer-id', '36574261809'],
    ['de-document', 'L01X00T44'],
    ['de-rentenversicherung', '15 070649 C 103'],
    ['de-krankenversicherung', 'A123456780'],
    ['de-ust-id', 'DE136695976'],
    ['ch-uid', 'CHE-109.740.078'],
    ['ch-ahv', '756.9217.0769.85'],
    ['fr-nir', '2 95 10 99 126 111 93'],
    ['fr-spi', '3023217600053'],
    ['fr-siret', '73282932000074'],
    ['es-dni', '54362315K'],
    ['es-nie', 'X2482300W'],
    ['es-nuss', '281234567840'],
    ['it-codice-fiscale', 'RCCMNL83S18D969H'],
    ['it-partita-iva', '00743110157'],
    ['nl-bsn', '111222333'],
    ['be-rijksregister', '85.07.30-033.28'],
    ['pt-nif', '501964843'],
    ['pt-cartao-cidadao', '00000000 0 ZZ4'],
    ['lu-matricule', '1893120105732'],
  ])('%s holds for %s and not once its last character is another', (name, value) => {
    expect(holds(name, value)).toBe(true);
    expect(holds(name, changed(value))).toBe(false);
  });
});

describe('what no register gives out', () => {
  it.each([
    ['de-steuer-id', '11112345678', false],
    ['de-steuer-id', '02345678901', false],
    ['it-codice-fiscale', 'testNormalReturn', false],
    ['it-codice-fiscale', 'rccmnl83s18d969h', true],
    ['de-document', 'T22000129', true],
    ['de-arztnummer', '123456601', true],
    ['de-arztnummer', '123456901', false],
    ['at-svnr', '1237 010180', true],
    ['at-svnr', '2237 010180', false],
    ['at-svnr', '1237 320180', false],
    ['fr-nir', '2 95 13 99 126 111 93', false],
    ['fr-nir', '1 85 05 2A 006 084 91', false],
    ['fr-spi', '0000000000000', false],
    ['es-cif', 'J99216582', true],
    ['es-cif', 'J99216583', false],
    ['it-partita-iva', '00000000000', false],
    ['nl-bsn', '000000000', false],
    ['be-rijksregister', '00.01.01-001.05', true],
  ])('%s of %s: %s', (name, value, expected) => {
    expect(holds(name, value)).toBe(expected);
  });
});
