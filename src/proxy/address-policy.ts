/** Which addresses may be dialled: checked on what DNS answered, so that a name cannot stand for the metadata service. */
import ipaddr from 'ipaddr.js';

export interface AddressRules {
  /** What holds for private addresses that are not listed; loopback counts as private. */
  readonly private: 'allow' | 'refuse';
  /** Addresses and networks (CIDR) that may be reached all the same. */
  readonly listed: readonly string[];
}

type Address = ReturnType<typeof ipaddr.process>;

/** Metadata services outside link-local ranges: Alibaba Cloud's, AWS's on IPv6, Oracle's old one, Azure's wire server. */
const metadataAddresses: ReadonlySet<string> = new Set([
  '100.100.100.200',
  'fd00:ec2::254',
  '192.0.0.192',
  '168.63.129.16',
]);

/** Ranges (as ipaddr.js names them) that no vendor answers from. */
const neverRanges: ReadonlySet<string> = new Set(['unspecified', 'broadcast', 'multicast', 'linkLocal', 'reserved']);

/** IPv6 forms that carry an IPv4 address (RFC 6052, RFC 3056): what counts is the address within. */
function embedded(address: Address): Address {
  if (address.kind() !== 'ipv6') return address;
  const bytes = address.toByteArray();
  const range = address.range();
  if (range === 'rfc6052') return ipaddr.fromByteArray(bytes.slice(12));
  if (range === '6to4') return ipaddr.fromByteArray(bytes.slice(2, 6));
  return address;
}

function parseNetwork(text: string): [Address, number] {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

/** Creates the check; it returns why an address may not be dialled, undefined when it may. */
export function createAddressPolicy(rules: AddressRules): (address: string) => string | undefined {
  const listed = rules.listed.map(parseNetwork);
  return (text) => {
    // A zone index (`fe80::1%eth0`) is no part of the address.
    const plain = text.replace(/%.*$/, '');
    if (!ipaddr.isValid(plain)) return 'it is no address';
    const address = embedded(ipaddr.process(plain));
    const range = address.range();
    if (metadataAddresses.has(address.toString())) return 'it is a metadata address';
    if (range === 'linkLocal') return 'it is a link-local address';
    if (neverRanges.has(range)) return `it is a ${range} address`;
    if (range === 'unicast' || rules.private === 'allow') return undefined;
    const isListed = listed.some(
      ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
    );
    return isListed ? undefined : 'it is a private address that is not listed';
  };
}
