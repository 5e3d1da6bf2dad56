/** Addresses of this machine with ports of this process: a request to one of them would come back to us. */
import { networkInterfaces } from 'node:os';
import type { HostPort } from './connect-target.ts';

/** Whether an address belongs to this machine; asked anew, because interfaces come and go. */
function isOwnAddress(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, '');
  if (plain.startsWith('127.') || plain === '::1' || plain === '0.0.0.0' || plain === '::') return true;
  return Object.values(networkInterfaces()).some((list) => list?.some((one) => one.address === plain));
}

/** Returns why an address and port may not be dialled, if they are ours. */
export function ownReason(address: string, port: number, own: readonly HostPort[]): string | undefined {
  const isOurs = own.some((place) => place.port === port) && isOwnAddress(address);
  return isOurs ? 'it is this proxy itself' : undefined;
}
