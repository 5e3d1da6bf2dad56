/** Numbers of the Americas: those that their registers and libraries publish as examples. */
import { describe, expect, it } from 'vitest';
import { changed, holds } from '../../../helpers/check-holds.ts';

describe('published numbers', () => {
  it.each([
    ['us-aba', '111000025'],
    ['us-npi', '1234567893'],
    ['us-dea', 'BB1388568'],
    ['ca-sin', '123-456-782'],
    ['br-cpf', '390.533.447-05'],
    ['br-cnpj', '16.727.230/0001-97'],
    ['br-cnpj', '12.ABC.345/01DE-35'],
    ['mx-curp', 'BOXW310820HNERXN09'],
    ['mx-rfc', 'GODE561231GR8'],
    ['ar-cuit', '20-05536168-2'],
    ['cl-rut', '12.531.909-2'],
    ['co-nit', '213.123.432-1'],
    ['pe-ruc', '20512333797'],
    ['do-cedula', '00113918205'],
    ['uy-cedula', '1.234.567-2'],
    ['ec-cedula', '1714307103'],
    ['mx-clabe', '032180000118359719'],
    ['ar-cbu', '2850590940090418135201'],
    ['ve-rif', 'V-11470283-4'],
  ])('%s holds for %s and not once its last character is another', (name, value) => {
    expect(holds(name, value)).toBe(true);
    expect(holds(name, changed(value))).toBe(false);
  });
});

describe('what no office gives out', () => {
  it.each([
    ['us-ssn', '536-90-4399', true],
    ['us-ssn', '666-90-4399', false],
    ['us-ssn', '936-90-4399', false],
    ['us-ssn', '536-00-4399', false],
    ['us-ssn', '078-05-1120', false],
    ['us-itin', '912-90-3456', true],
    ['us-itin', '912-93-3456', false],
    ['us-ein', '04-2103594', true],
    ['us-ein', '07-2103594', false],
    ['us-aba', '421042111', false],
    ['br-cpf', '111.111.111-11', false],
    ['br-cnpj', '00.000.000/0000-00', false],
    ['ca-sin', '046-454-286', false],
    ['mx-curp', 'BOXW311320HNERXN09', false],
    ['ec-cedula', '9914307103', false],
    ['br-pis', '12056412545', true],
    ['br-pis', '12056412546', false],
    ['br-cnh', '02650306461', true],
    ['br-cnh', '02650306462', false],
    ['br-titulo', '106644440302', true],
    ['br-titulo', '106644440303', false],
    ['br-cns', '100000000060018', true],
    ['br-cns', '100000000060019', false],
    ['ec-ruc', '1714307103001', true],
    ['ec-ruc', '1714307103000', false],
    ['ec-ruc', '1794635796001', true],
    ['ec-ruc', '1794635797001', false],
    ['ec-ruc', '1769347860001', true],
    ['ec-ruc', '1769347870001', false],
    ['ar-cuit', '33-13641445-9', true],
    ['ca-ohip', '1234567897', true],
    ['ca-ohip', '1234567898', false],
  ])('%s of %s: %s', (name, value, expected) => {
    expect(holds(name, value)).toBe(expected);
  });
});
