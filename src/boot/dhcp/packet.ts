/** A packet of DHCP (RFC 2131), which is one of BOOTP with options. */
import { BprocError } from '../../errors.ts';
import { addressAt, packed } from './ipv4.ts';
import { fill, IN_FILE, IN_SNAME, OptionArea, OptionReader, sizeOf } from './option-areas.ts';
import { OPTION, type Options } from './options.ts';

/** A packet, decoded. */
export interface DhcpPacket {
  /** 1 from a client, 2 from a server. */
  readonly op: number;
  /** What kind of hardware address: 1 is Ethernet's. */
  readonly hardware: number;
  /** How many of the 16 bytes of `clientHardware` count. */
  readonly hardwareBytes: number;
  readonly hops: number;
  /** Which exchange it belongs to. */
  readonly xid: number;
  /** Since when the client tries, in seconds. */
  readonly secs: number;
  /** The highest bit: it cannot be reached at an address that it does not have yet. */
  readonly flags: number;
  /** The address that the client has and answers at. */
  readonly ciaddr: string;
  /** The one that it is given. */
  readonly yiaddr: string;
  /** The server from which it boots next. */
  readonly siaddr: string;
  /** The relay's. */
  readonly giaddr: string;
  readonly clientHardware: Uint8Array;
  /** Name of the server; empty also where the field holds options. */
  readonly sname: string;
  /** Name of the file to boot; empty also where the field holds options. */
  readonly file: string;
  readonly options: Options;
}

const SNAME = 44;
const FILE = 108;
const COOKIE_AT = 236;
const OPTIONS = 240;
const COOKIE = 0x63825363;
const LONGEST_HARDWARE = 16;
/** Relays of old drop what is shorter. */
const SHORTEST = 300;
/** What every client takes, without the 28 bytes of IP and UDP before it. */
const EVERY_CLIENT_TAKES = 548;
/** More than any wire of a cluster carries in one piece. */
const LONGEST = 9216;
/** What is left of a frame of Ethernet for the packet. */
const FRAME = 1472;
const IP_AND_UDP = 28;
/** For the option that says where the others are, and the end. */
const LEAST_ROOM = 4;

/** @throws BprocError EPROTO for what is no packet of DHCP. */
export function decodePacket(bytes: Uint8Array): DhcpPacket {
  if (bytes.length < OPTIONS) throw malformed(`of ${bytes.length} bytes; the shortest has ${OPTIONS}`);
  if (bytes.length > LONGEST) throw malformed(`of ${bytes.length} bytes; the longest has ${LONGEST}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(COOKIE_AT) !== COOKIE) throw malformed('without the mark of DHCP');
  const hardwareBytes = view.getUint8(2);
  if (hardwareBytes > LONGEST_HARDWARE) throw malformed(`with a hardware address of ${hardwareBytes} bytes`);
  const reader = new OptionReader();
  reader.area(bytes.subarray(OPTIONS));
  const overload = reader.byte(OPTION.overload) ?? 0;
  if ((overload & IN_FILE) !== 0) reader.area(bytes.subarray(FILE, COOKIE_AT));
  if ((overload & IN_SNAME) !== 0) reader.area(bytes.subarray(SNAME, FILE));
  const options = reader.options();
  options.delete(OPTION.overload);
  return {
    op: view.getUint8(0),
    hardware: view.getUint8(1),
    hardwareBytes,
    hops: view.getUint8(3),
    xid: view.getUint32(4),
    secs: view.getUint16(8),
    flags: view.getUint16(10),
    ciaddr: addressAt(bytes, 12),
    yiaddr: addressAt(bytes, 16),
    siaddr: addressAt(bytes, 20),
    giaddr: addressAt(bytes, 24),
    clientHardware: bytes.slice(28, SNAME),
    sname: (overload & IN_SNAME) === 0 ? field(bytes, SNAME, FILE) : '',
    file: (overload & IN_FILE) === 0 ? field(bytes, FILE, COOKIE_AT) : '',
    options,
  };
}

/**
 * A packet as it goes over the wire: message type and server first, the relay's option last as RFC 3046 wants it, and
 * options in the fields `file` and `sname`, where these are empty, once the rest is full.
 *
 * @param mostBytes what the receiver takes ({@link mostBytesFor}).
 * @throws BprocError E2BIG for more than that, or a name longer than its field.
 */
export function encodePacket(packet: DhcpPacket, mostBytes = EVERY_CLIENT_TAKES): Uint8Array {
  const bytes = new Uint8Array(Math.max(mostBytes, SHORTEST));
  writeHead(bytes, packet);
  const { last, rest } = inOrder(packet.options);
  const reserved = last === undefined ? 0 : sizeOf(last);
  const room = mostBytes - OPTIONS - reserved;
  if (room < LEAST_ROOM) throw new BprocError('E2BIG', 'what the relay adds leaves no room in the answer');
  const main = new Uint8Array(room);
  const wanted = [...rest.values()].reduce((sum, value) => sum + sizeOf(value), 1);
  const areas = [new OptionArea(main)];
  if (wanted > main.length) {
    const overload = (packet.file === '' ? IN_FILE : 0) | (packet.sname === '' ? IN_SNAME : 0);
    if (overload !== 0) areas[0]?.put(OPTION.overload, Uint8Array.of(overload));
    if ((overload & IN_FILE) !== 0) areas.push(new OptionArea(bytes.subarray(FILE, COOKIE_AT)));
    if ((overload & IN_SNAME) !== 0) areas.push(new OptionArea(bytes.subarray(SNAME, FILE)));
  }
  fill(areas, rest);
  const used = areas.map((area) => area.close())[0] ?? 0;
  bytes.set(main.subarray(0, used), OPTIONS);
  const end = OPTIONS + used - 1 + reserved;
  if (last !== undefined) {
    const tail = new OptionArea(bytes.subarray(OPTIONS + used - 1, end + 1));
    fill([tail], new Map([[OPTION.relayAgent, last]]));
    tail.close();
  }
  return bytes.subarray(0, Math.max(end + 1, SHORTEST));
}

/** How long an answer to `packet` may be: what it says it takes (option 57, with IP's and UDP's), within a frame of Ethernet. */
export function mostBytesFor(packet: DhcpPacket): number {
  const said = packet.options.get(OPTION.maxBytes);
  const most = said?.length === 2 ? (((said[0] ?? 0) << 8) | (said[1] ?? 0)) - IP_AND_UDP : 0;
  return Math.min(Math.max(most, EVERY_CLIENT_TAKES), FRAME);
}

function writeHead(bytes: Uint8Array, packet: DhcpPacket): void {
  const view = new DataView(bytes.buffer);
  view.setUint8(0, packet.op);
  view.setUint8(1, packet.hardware);
  view.setUint8(2, packet.hardwareBytes);
  view.setUint8(3, packet.hops);
  view.setUint32(4, packet.xid);
  view.setUint16(8, packet.secs);
  view.setUint16(10, packet.flags);
  view.setUint32(12, packed(packet.ciaddr));
  view.setUint32(16, packed(packet.yiaddr));
  view.setUint32(20, packed(packet.siaddr));
  view.setUint32(24, packed(packet.giaddr));
  bytes.set(packet.clientHardware, 28);
  name(bytes, packet.sname, SNAME, FILE);
  name(bytes, packet.file, FILE, COOKIE_AT);
  view.setUint32(COOKIE_AT, COOKIE);
}

function inOrder(options: Options): { readonly last: Uint8Array | undefined; readonly rest: Options } {
  const rest = new Map<number, Uint8Array>();
  for (const first of [OPTION.messageType, OPTION.serverId]) {
    const value = options.get(first);
    if (value !== undefined) rest.set(first, value);
  }
  for (const [code, value] of options) if (code !== OPTION.relayAgent) rest.set(code, value);
  return { last: options.get(OPTION.relayAgent), rest };
}

/** A field of text: up to its first zero. */
function field(bytes: Uint8Array, start: number, end: number): string {
  const zero = bytes.indexOf(0, start);
  return Buffer.from(bytes.subarray(start, zero < 0 || zero > end ? end : zero)).toString('latin1');
}

function name(bytes: Uint8Array, text: string, start: number, end: number): void {
  const value = Buffer.from(text, 'latin1');
  // a zero ends it
  if (value.length >= end - start) throw new BprocError('E2BIG', `${JSON.stringify(text)} is too long for its field`);
  bytes.set(value, start);
}

function malformed(what: string): BprocError {
  return new BprocError('EPROTO', `a packet ${what}`);
}
