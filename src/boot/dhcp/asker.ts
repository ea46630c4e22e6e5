/** Who a packet of DHCP is from: what firmware says of itself (RFC 4578, iPXE's options) and what its relay adds (RFC 3046). */
import type { Architecture, Firmware, Machine, Relay } from '../machine.ts';
import { addressAt, NO_ADDRESS } from './ipv4.ts';
import { OPTION, type Options, subOptions, textOf } from './options.ts';
import type { DhcpPacket } from './packet.ts';

const ETHERNET = 1;
const MAC_BYTES = 6;
const UUID_BYTES = 17;

/** Processor architectures as IANA numbers them (option 93). EDK2 for x86-64 says 7 or 9. */
const ARCHITECTURES: readonly (readonly [Architecture, ...numbers: number[]])[] = [
  ['bios', 0, 0x14],
  ['x86', 6, 0x0f],
  ['x64', 7, 9, 0x10, 0x11],
  ['arm32', 0x0a, 0x12, 0x15, 0x17],
  ['arm64', 0x0b, 0x13, 0x16, 0x18],
  ['riscv64', 0x1b, 0x1c],
];
const BY_NUMBER = new Map(
  ARCHITECTURES.flatMap(([name, ...numbers]) => numbers.map((number) => [number, name] as const)),
);

/** Suboptions of a relay's option. */
const CIRCUIT = 1;
const REMOTE = 2;
const LINK = 5;
const SERVER_OVERRIDE = 11;

/** @returns undefined for what is no machine: without an Ethernet address, or with one that cannot be one machine's. */
export function machineOf({ packet, ip }: { readonly packet: DhcpPacket; readonly ip: string }): Machine | undefined {
  const mac = macOf(packet);
  if (mac === undefined) return undefined;
  const { options } = packet;
  const uuid = uuidOf(options.get(OPTION.uuid));
  const relay = relayOf(packet);
  const vendorClass = options.get(OPTION.vendorClass);
  const from = packet.ciaddr === NO_ADDRESS ? ip : packet.ciaddr;
  return {
    mac,
    ...(uuid === undefined ? {} : { uuid }),
    architecture: architectureOf(options.get(OPTION.architecture)),
    firmware: firmwareOf(options),
    ...(relay === undefined ? {} : { relay }),
    ...(vendorClass === undefined ? {} : { vendorClass: textOf(vendorClass) }),
    ...(from === NO_ADDRESS || packet.giaddr !== NO_ADDRESS ? {} : { ip: from }),
  };
}

/** The network that a relay speaks for: its own, or the one that it names beside that (RFC 3527). */
export function linkOf({ giaddr, options }: DhcpPacket): string {
  const link = subOptions(options.get(OPTION.relayAgent) ?? new Uint8Array()).get(LINK);
  return link?.length === 4 ? addressAt(link, 0) : giaddr;
}

/** The relay's address, where it stands in for the server towards its clients (RFC 5107). */
export function overrideOf({ options }: DhcpPacket): string | undefined {
  const override = subOptions(options.get(OPTION.relayAgent) ?? new Uint8Array()).get(SERVER_OVERRIDE);
  return override?.length === 4 ? addressAt(override, 0) : undefined;
}

function macOf({ hardware, hardwareBytes, clientHardware }: DhcpPacket): string | undefined {
  if (hardware !== ETHERNET || hardwareBytes !== MAC_BYTES) return undefined;
  const bytes = clientHardware.subarray(0, MAC_BYTES);
  // the lowest bit of the first byte marks addresses of groups
  if (((bytes[0] ?? 1) & 1) === 1 || bytes.every((byte) => byte === 0)) return undefined;
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** Firmware writes the first three fields of a UUID backwards; boards without one write only zeros or ones. */
function uuidOf(bytes: Uint8Array | undefined): string | undefined {
  if (bytes?.length !== UUID_BYTES || bytes[0] !== 0) return undefined;
  const said = bytes.subarray(1);
  if (said.every((byte) => byte === said[0])) return undefined;
  const order = [3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15];
  return order.map((at) => (at < 0 ? '-' : (said[at] ?? 0).toString(16).padStart(2, '0'))).join('');
}

function architectureOf(bytes: Uint8Array | undefined): Architecture {
  for (let at = 0; bytes !== undefined && at + 1 < bytes.length; at += 2) {
    const known = BY_NUMBER.get(((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
    if (known !== undefined) return known;
  }
  return 'unknown';
}

function firmwareOf(options: Options): Firmware {
  const userClass = options.get(OPTION.userClass);
  if (options.has(OPTION.ipxe) || (userClass !== undefined && textOf(userClass).includes('iPXE'))) return 'ipxe';
  const vendorClass = textOf(options.get(OPTION.vendorClass) ?? new Uint8Array());
  if (vendorClass.startsWith('HTTPClient')) return 'http';
  return vendorClass.startsWith('PXEClient') ? 'pxe' : 'os';
}

function relayOf({ giaddr, options }: DhcpPacket): Relay | undefined {
  if (giaddr === NO_ADDRESS) return undefined;
  const parts = subOptions(options.get(OPTION.relayAgent) ?? new Uint8Array());
  const hex = (code: number): string | undefined => {
    const value = parts.get(code);
    return value === undefined ? undefined : Buffer.from(value).toString('hex');
  };
  const [circuitId, remoteId] = [hex(CIRCUIT), hex(REMOTE)];
  return {
    address: giaddr,
    ...(circuitId === undefined ? {} : { circuitId }),
    ...(remoteId === undefined ? {} : { remoteId }),
  };
}
