/** Duplex in, Duplex out: how roles reach each other. */

export type { Address, TlsAddress } from './address.ts';
export { formatAddress, MAX_SOCKET_PATH, parseAddress } from './address.ts';
export { Connection } from './connection.ts';
export { failureOf, reasonOf } from './failure.ts';
export type { HandshakeLimits } from './handshake-gate.ts';
export type { Link, LinkHandler } from './link.ts';
export { memoryPair } from './memory.ts';
export { type CertificateFacts, certificateFacts, KEY_USE, keyHash } from './peer-certificate.ts';
export { sendOrFail } from './send.ts';
export type { Listener } from './sockets.ts';
export { dial, listen } from './sockets.ts';
export { dialTls, secureContext, shownAuthority, type TlsMaterial, type TlsTrust } from './tls-client.ts';
export { listenTls, type TlsListener, type TlsPeer } from './tls-server.ts';
