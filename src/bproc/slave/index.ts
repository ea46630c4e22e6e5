/** A compute node's agent. */

export type { EngineName } from './engine.ts';
export { bestEngine } from './engine.ts';
export { Gateway } from './gateway.ts';
export { guestRules } from './guests.ts';
export { createImages } from './images.ts';
export type { PowerOrder, SlaveEvents } from './parts.ts';
export { MemoryPeers, type PeerNetwork } from './peer-network.ts';
export { Slave } from './slave.ts';
export type { SlaveOptions } from './start-slave.ts';
export { startSlave } from './start-slave.ts';
