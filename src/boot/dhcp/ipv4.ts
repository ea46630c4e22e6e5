/** Addresses of IPv4: as people write them, as the four bytes of a packet, and as the numbers that ranges are made of. */
import { isIPv4 } from 'node:net';
import { BprocError } from '../../errors.ts';

/** No address, as in the field of a packet that holds none. */
export const NO_ADDRESS = '0.0.0.0';

/** All machines of the wire that a packet is sent on. */
export const EVERYBODY = '255.255.255.255';

const DOT = 0x2e;
const ZERO = 0x30;

/** A network: its first address, as a number, and how many bits of it all its addresses share. */
export interface Subnet {
  readonly base: number;
  readonly bits: number;
}

/** @throws BprocError EINVAL for what is no address of IPv4; `what` says what it was to be. */
export function numberOf(address: string, what = 'an address'): number {
  if (!isIPv4(address)) throw new BprocError('EINVAL', `${what} is ${JSON.stringify(address)}: write it as 10.0.0.1`);
  return packed(address);
}

/** The number of what is known to be an address. */
export function packed(address: string): number {
  let number = 0;
  let part = 0;
  for (let at = 0; at < address.length; at++) {
    const code = address.charCodeAt(at);
    if (code === DOT) {
      number = number * 256 + part;
      part = 0;
    } else part = part * 10 + (code - ZERO);
  }
  return number * 256 + part;
}

export function addressOf(number: number): string {
  return `${number >>> 24}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;
}

export function addressAt(bytes: Uint8Array, at: number): string {
  return `${bytes[at] ?? 0}.${bytes[at + 1] ?? 0}.${bytes[at + 2] ?? 0}.${bytes[at + 3] ?? 0}`;
}

/** `addresses` one after another, as options hold lists of them. */
export function bytesOf(...addresses: readonly string[]): Uint8Array {
  const bytes = new Uint8Array(4 * addresses.length);
  const view = new DataView(bytes.buffer);
  for (const [index, address] of addresses.entries()) view.setUint32(4 * index, packed(address));
  return bytes;
}

/** @throws BprocError EINVAL for what is no network, as `10.77.0.0/24` is. */
export function parseSubnet(text: string): Subnet {
  const [address = '', bits = '', ...rest] = text.split('/');
  const count = Number(bits);
  const isCount = /^\d{1,2}$/.test(bits) && count >= 1 && count <= 30;
  if (!isIPv4(address) || !isCount || rest.length > 0) {
    throw new BprocError('EINVAL', `${JSON.stringify(text)} is no network: write it as 10.0.0.0/24 (1 to 30 bits)`);
  }
  const subnet = { base: (numberOf(address) & maskOf(count)) >>> 0, bits: count };
  if (subnet.base !== numberOf(address)) {
    throw new BprocError(
      'EINVAL',
      `${text} is an address in a network: ${addressOf(subnet.base)}/${count} is the network`,
    );
  }
  return subnet;
}

export function maskOf(bits: number): number {
  return (0xffffffff << (32 - bits)) >>> 0;
}

/** The last address of a network: it means all its machines. */
export function broadcastOf({ base, bits }: Subnet): number {
  return (base | ~maskOf(bits)) >>> 0;
}

export function isIn({ base, bits }: Subnet, address: number): boolean {
  return (address & maskOf(bits)) >>> 0 === base;
}
