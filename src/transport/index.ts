/** Duplex in, Duplex out: how roles reach each other. */

export type { Address } from './address.ts';
export { formatAddress, MAX_SOCKET_PATH, parseAddress } from './address.ts';
export { Connection } from './connection.ts';
export { failureOf, reasonOf } from './failure.ts';
export type { Link, LinkHandler } from './link.ts';
export { memoryPair } from './memory.ts';
export { sendOrFail } from './send.ts';
export type { Listener } from './sockets.ts';
export { dial, listen } from './sockets.ts';
