/** Captures of real clients and servers, as `tcpdump -w` left them: their UDP datagrams over IPv4 and Ethernet. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A datagram that was captured. */
export interface Captured {
  readonly atMs: number;
  readonly from: { readonly address: string; readonly port: number };
  readonly to: { readonly address: string; readonly port: number };
  readonly bytes: Uint8Array;
}

const DIRECTORY = join(import.meta.dirname, '../fixtures/pcap');
const MAGIC = 0xa1b2c3d4;
const FILE_HEAD = 24;
const RECORD_HEAD = 16;
const ETHERNET_HEAD = 14;
const UDP_HEAD = 8;

/** Names of the captures that there are. */
export function captures(): readonly string[] {
  return readdirSync(DIRECTORY)
    .filter((name) => name.endsWith('.pcap'))
    .map((name) => name.slice(0, -'.pcap'.length));
}

export function readCapture(name: string): readonly Captured[] {
  const file = readFileSync(join(DIRECTORY, `${name}.pcap`));
  if (file.readUInt32LE(0) !== MAGIC) throw new Error(`${name} is no capture of this byte order`);
  const found: Captured[] = [];
  for (let at = FILE_HEAD; at + RECORD_HEAD <= file.length; ) {
    const length = file.readUInt32LE(at + 8);
    const atMs = file.readUInt32LE(at) * 1000 + file.readUInt32LE(at + 4) / 1000;
    const start = at + RECORD_HEAD;
    const datagram = udpOf(file.subarray(start, start + length));
    if (datagram !== undefined) found.push({ atMs, ...datagram });
    at = start + length;
  }
  return found;
}

/** Those from or to one of `ports`. */
export function datagramsOf(name: string, ...ports: readonly number[]): readonly Captured[] {
  return readCapture(name).filter(({ from, to }) => ports.includes(from.port) || ports.includes(to.port));
}

function udpOf(frame: Buffer): Omit<Captured, 'atMs'> | undefined {
  const isIp = frame.length > ETHERNET_HEAD + 20 && frame.readUInt16BE(12) === 0x0800;
  if (!isIp || frame[ETHERNET_HEAD + 9] !== 17) return undefined;
  const udp = ETHERNET_HEAD + (frame.readUInt8(ETHERNET_HEAD) & 15) * 4;
  const address = (at: number): string => [...frame.subarray(at, at + 4)].join('.');
  const end = udp + frame.readUInt16BE(udp + 4);
  return {
    from: { address: address(ETHERNET_HEAD + 12), port: frame.readUInt16BE(udp) },
    to: { address: address(ETHERNET_HEAD + 16), port: frame.readUInt16BE(udp + 2) },
    bytes: new Uint8Array(frame.subarray(udp + UDP_HEAD, end)),
  };
}
