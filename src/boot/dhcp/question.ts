/** What the engine of DHCP gets and gives: datagrams, with where they come from and go to. */
import type { Machine } from '../machine.ts';
import type { Lease } from './leases.ts';
import type { DhcpPacket } from './packet.ts';

/** Which of its two ports: `dhcp` is 67, `pxe` is 4011, where firmware asks a proxy a second time. */
export type DhcpPort = 'dhcp' | 'pxe';

/** A datagram that came. */
export interface Arrived {
  readonly bytes: Uint8Array;
  /** Who sent it. */
  readonly address: string;
  readonly port: number;
  readonly at: DhcpPort;
}

/** A datagram that is to go. */
export interface Answer {
  readonly bytes: Uint8Array;
  readonly to: { readonly address: string; readonly port: number };
  /** The server's address from which, and its port. */
  readonly from: string;
  readonly at: DhcpPort;
  /** What has to be kept before it may go. */
  readonly keep?: Lease;
}

/** A datagram that is a question of a machine. */
export interface Question {
  readonly arrived: Arrived;
  readonly packet: DhcpPacket;
  readonly machine: Machine;
}
