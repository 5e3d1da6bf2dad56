/**
 * The seed of the property tests: the same in every run, so that a change is judged by what it changes. Other seeds
 * are for `npm run fuzz`, and for `SLUICE_PROPERTY_SEED=<number> npx vitest run test/property`.
 */
import fc from 'fast-check';

const seed = Number(process.env['SLUICE_PROPERTY_SEED'] ?? 20_261_121);
fc.configureGlobal({ seed });
