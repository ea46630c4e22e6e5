/**
 * Boot: from a powered-off machine without a disk to a node, served from inside a program.
 *
 * @packageDocumentation
 */
export { BprocError } from '../errors.ts';
export type { DhcpEvent, DhcpEventKind } from './dhcp/events.ts';
export type { DhcpNetworkOptions } from './dhcp/network.ts';
export type { DhcpLease, DhcpOptions, DhcpServer } from './dhcp/start.ts';
export { startDhcp } from './dhcp/start.ts';
export type {
  Architecture,
  BootDecision,
  BootImage,
  BootPolicy,
  BootTarget,
  Firmware,
  Machine,
  Relay,
} from './machine.ts';
