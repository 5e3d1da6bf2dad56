/** Which addresses a detector may have: checked on what DNS answered, since a name may lead anywhere. */
import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { createAddressPolicy } from '../../proxy/address-policy.ts';

type LookupDone = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

const allowed = createAddressPolicy({ private: 'allow', listed: [] });
const beyond = createAddressPolicy({ private: 'refuse', listed: [] });

/** Why an address may not be a detector's; undefined when it may. @param isSecret whether the connection is encrypted */
export function addressProblem(address: string, isSecret: boolean): string | undefined {
  const problem = allowed(address);
  if (problem !== undefined) return problem;
  // What is refused only for being private is near enough to go without encryption.
  return isSecret || beyond(address) !== undefined ? undefined : 'it is beyond private networks, and not https';
}

/** A lookup that fails for a name with an address that may not be a detector's. */
export function checkedLookup(isSecret: boolean) {
  return (host: string, options: LookupOptions, done: LookupDone): void => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) {
        done(error ?? new Error('it has no address'), []);
        return;
      }
      const problem = addresses.map(({ address }) => addressProblem(address, isSecret)).find(Boolean);
      if (problem !== undefined) done(new Error(problem), []);
      else if (options.all === true) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}
