/** The accepting side of TLS: PROTOCOL.md 8.5. */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { createServer } from 'node:tls';
import type { Clock } from '../clock.ts';
import type { BprocError } from '../errors.ts';
import type { TlsAddress } from './address.ts';
import type { HandshakeCounts, HandshakeLimits } from './handshake-gate.ts';
import { HandshakeGate } from './handshake-gate.ts';
import { type CertificateFacts, certificateFacts } from './peer-certificate.ts';
import { type Listener, listen } from './sockets.ts';
import { TLS_SETTINGS, type TlsMaterial } from './tls-client.ts';
import { certificateError } from './tls-errors.ts';

/** Who is at the other end of an accepted connection, as far as TLS can say. */
export interface TlsPeer {
  /** Undefined where it has shown no certificate. */
  readonly certificate: CertificateFacts | undefined;
  /** Why the certificate that it has shown proves nothing. */
  readonly trouble: BprocError | undefined;
}

/** How a TLS listener works. */
export interface TlsListenOptions {
  readonly material: TlsMaterial;
  readonly clock: Clock;
  readonly limits?: HandshakeLimits;
}

/** A listener whose connections are TLS. */
export interface TlsListener extends Listener {
  /** Shows this certificate from now on. */
  renew(material: TlsMaterial): void;
  /** Connections that have not shown who they are. */
  readonly counts: HandshakeCounts;
}

/** What is read of a connection before its handshake begins: the first packet that comes. */
const READ_AHEAD_BYTES = 1;

/**
 * Listens on an address and hands over every connection that has shaken hands, whoever is at its other end: a peer
 * without a certificate is handed over as such.
 *
 * @throws BprocError EADDRINUSE, EACCES and others as the kernel says them.
 */
export async function listenTls(
  address: TlsAddress,
  { material, clock, limits = {} }: TlsListenOptions,
  accept: (socket: TLSSocket, peer: TlsPeer) => void,
): Promise<TlsListener> {
  const sockets = new Map<string, Socket>();
  const server = createServer({
    ...serverOptions(material),
    requestCert: true,
    // what is wrong with a certificate is told to its owner in words
    rejectUnauthorized: false,
    handshakeTimeout: limits.timeoutMs ?? 5000,
  });
  const gate = new HandshakeGate(limits, clock, (socket) => {
    const key = placeOf(socket);
    sockets.set(key, socket);
    socket.once('close', () => sockets.delete(key));
    // the documented way to give a TLS server a connection that somebody else has accepted
    server.emit('connection', socket);
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    const below = sockets.get(placeOf(socket));
    if (below !== undefined) gate.done(below);
    accept(socket, peerOf(socket, clock));
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  const listener = await listen(address, (socket) => gate.admit(socket), { readAheadBytes: READ_AHEAD_BYTES });
  return {
    address: listener.address,
    get counts() {
      return gate.counts;
    },
    renew: (fresh) => server.setSecureContext(serverOptions(fresh)),
    [Symbol.asyncDispose]: async () => {
      gate.close();
      await listener[Symbol.asyncDispose]();
    },
  };
}

function serverOptions({ authority, certificate = '', key = '' }: TlsMaterial) {
  // the CA is shown too: who comes for the first time compares it with what its token says
  return { ca: authority, cert: certificate + authority, key, ...TLS_SETTINGS };
}

function placeOf({ remoteAddress, remotePort, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localPort}`;
}

function peerOf(socket: TLSSocket, clock: Clock): TlsPeer {
  const shown = socket.getPeerX509Certificate();
  if (shown === undefined) return { certificate: undefined, trouble: undefined };
  const certificate = certificateFacts(shown);
  if (socket.authorized) return { certificate, trouble: undefined };
  return { certificate, trouble: certificateError(String(socket.authorizationError), certificate, clock.wallTime()) };
}
