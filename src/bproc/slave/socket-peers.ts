/**
 * Slaves of several programs or machines to each other: by TLS where the master is reached by that, and where it is on this
 * machine by unix sockets of their user's alone. PROTOCOL.md 10.4.
 */
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { Cancel, Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import { makeOwnDirectory } from '../../linux/index.ts';
import type { Address, Link, Listener, TlsAddress, TlsListener, TlsPeer } from '../../transport/index.ts';
import { Connection, formatAddress, listen, listenTls, MAX_SOCKET_PATH } from '../../transport/index.ts';
import { connectorTo } from '../connector.ts';
import type { Membership } from '../join/index.ts';
import type { AcceptPeer, PeerNetwork } from './peer-network.ts';

/** Bytes that may wait for another slave before nothing more is read from it. */
const UNREAD_LIMIT = 4 * 1024 * 1024;
/** Others that shake hands: a master sends one at a time here, or a few. */
const HANDSHAKES = { silent: 64, waiting: 64, atOnce: 8 } as const;

/** What it works with. */
export interface SocketPeersParts {
  readonly clock: Clock;
  /** Shows who this slave is, where it is a member of a cluster. */
  readonly membership: Membership | undefined;
  /** Where to listen by TLS. @default any port of the address by which the master is reached */
  readonly at?: TlsAddress | undefined;
  /** Where a socket may be that a killed slave leaves to the next one. @default a directory of its own */
  readonly stateDir?: string | undefined;
}

const SOCKET = 'peers.sock';

/** The network of a slave that has a machine, or a part of one, for itself. */
export class SocketPeers implements PeerNetwork {
  readonly #parts: SocketPeersParts;
  /** Where to listen, by the way to the master. */
  #place: TlsAddress | 'unix' | undefined;
  #listener: { readonly place: string; readonly listener: Listener; readonly end: () => Promise<void> } | undefined;
  #listening: Promise<unknown> = Promise.resolve();
  #isOpen = true;

  constructor(parts: SocketPeersParts) {
    this.#parts = parts;
  }

  /** The master is reached this way now. */
  reached(address: Address | undefined, connection: Duplex): void {
    if (address === undefined) this.#place = undefined;
    else if (address.kind !== 'tls') this.#place = 'unix';
    else {
      const host = 'localAddress' in connection ? String(connection.localAddress) : '';
      this.#place = this.#parts.at ?? { kind: 'tls', host: host.replace(/^::ffff:/, ''), port: 0 };
    }
  }

  listen(accept: AcceptPeer): Promise<string> {
    const listening = this.#listening.then(() => this.#listen(accept));
    this.#listening = listening.catch(() => {});
    return listening;
  }

  connect(address: string, node: number, tell: (outcome: Link | BprocError) => void): Cancel {
    const { membership, clock } = this.#parts;
    const keeper = membership === undefined ? undefined : { trustFor: async () => membership.trustInPeer(node) };
    try {
      return connectorTo([address], clock, { keeper, isTaken: () => true })('', tell);
    } catch (error) {
      return clock.after(0, () => tell(BprocError.from(error)));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOpen = false;
    await this.#listening;
    await this.#close();
  }

  async #listen(accept: AcceptPeer): Promise<string> {
    const place = this.#place;
    if (!this.#isOpen || place === undefined) throw new BprocError('ENOSYS', 'there is no way for peers to come');
    const text = place === 'unix' ? place : formatAddress(place);
    if (this.#listener?.place !== text) {
      await this.#close();
      const made = place === 'unix' ? await this.#listenUnix(accept) : await this.#listenTls(place, accept);
      this.#listener = { place: text, ...made };
    }
    return formatAddress(this.#listener.listener.address);
  }

  async #listenUnix(accept: AcceptPeer): Promise<{ listener: Listener; end: () => Promise<void> }> {
    const { stateDir } = this.#parts;
    const kept = stateDir === undefined ? undefined : join(resolve(stateDir), SOCKET);
    const isFit = kept !== undefined && Buffer.byteLength(kept) <= MAX_SOCKET_PATH;
    const directory = isFit ? undefined : makeOwnDirectory('peers', MAX_SOCKET_PATH - SOCKET.length - 1);
    const path = directory === undefined ? (kept ?? '') : join(directory, SOCKET);
    const remove = (): Promise<void> => rm(directory ?? path, { recursive: true, force: true });
    try {
      const listener = await listen({ kind: 'unix', path }, (socket) => {
        accept(this.#connection(socket, 'unix'), undefined);
      });
      return { listener, end: remove };
    } catch (error) {
      await remove();
      throw error;
    }
  }

  async #listenTls(place: TlsAddress, accept: AcceptPeer): Promise<{ listener: Listener; end: () => Promise<void> }> {
    const { membership, clock } = this.#parts;
    const material = membership?.material;
    if (membership === undefined || material === undefined) throw new BprocError('EPERM', 'there is no certificate');
    const listener: TlsListener = await listenTls(place, { material, clock, limits: HANDSHAKES }, (socket, peer) => {
      this.#acceptTls(membership, socket, peer, accept);
    });
    const unsubscribe = membership.onChange((fresh) => listener.renew(fresh));
    return { listener, end: async () => unsubscribe() };
  }

  #acceptTls(membership: Membership, socket: TLSSocket, { certificate, trouble }: TlsPeer, accept: AcceptPeer): void {
    const connection = this.#connection(socket, `tls ${socket.remoteAddress}:${socket.remotePort}`);
    try {
      if (certificate === undefined) throw new BprocError('EPERM', 'slaves show each other their certificates');
      if (trouble !== undefined) throw trouble;
      accept(connection, membership.nodeOf(certificate));
    } catch (error) {
      connection.close(BprocError.from(error, 'EPERM'));
    }
  }

  #connection(duplex: Duplex, peer: string): Connection {
    return new Connection(duplex, this.#parts.clock, peer, { unreadLimitBytes: UNREAD_LIMIT });
  }

  async #close(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    if (listener === undefined) return;
    // what is accepted is closed by whoever serves it: waiting for that here would be waiting for ever
    void listener.listener[Symbol.asyncDispose]();
    await listener.end();
  }
}
