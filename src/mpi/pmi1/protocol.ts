/** PMI-1 (PROTOCOL.md 14.3), as MPICH and its kin speak it: each rank has a connection, as a descriptor that it finds open, or else to a port of its node's own. */
import { randomBytes, randomInt } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { BprocError } from '../../errors.ts';
import { LoopbackPeers } from '../../linux/index.ts';
import type { JobHome, Protocol, ProtocolServer, RankGone, RankOutfit } from '../node-home.ts';
import { formatLine, LineReader, parseLine } from './line.ts';
import { Pmi1Node, Pmi1Rank } from './server.ts';

/** Name of the protocol. */
export const PMI1 = 'pmi1';

/** The lowest that a process can be given. */
const FD = 4;
/** Node 20 fills shorter names of sockets up with NULs, which count, and later ones do not. */
const NAME_LENGTH = 107;
const SECRET_BYTES = 16;
const LOOPBACK = '127.0.0.1';

/** The protocol's servers. */
export const pmi1: Protocol = { name: PMI1, serve: (home) => new Pmi1Server(home) };

class Pmi1Server implements ProtocolServer {
  readonly #home: JobHome;
  readonly #node: Pmi1Node;
  readonly #ranks = new Map<number, Pmi1Rank>();
  readonly #sockets = new Set<Socket>();
  /** Who may come, by what it shows. */
  readonly #expected = new Map<string, number>();
  readonly #peers = new LoopbackPeers();
  #door: Promise<Door> | undefined;

  constructor(home: JobHome) {
    this.#home = home;
    this.#node = new Pmi1Node(home);
  }

  async outfit(rank: number): Promise<RankOutfit> {
    this.#door ??= this.#open();
    const door = await this.#door;
    const { size, parent } = this.#home.job;
    const spawned: Record<string, string> = parent === undefined ? {} : { PMI_SPAWNED: '1' };
    if ('socket' in door) {
      const first = randomBytes(SECRET_BYTES);
      this.#expected.set(first.toString('latin1'), rank);
      const env = { PMI_FD: String(FD), PMI_RANK: String(rank), PMI_SIZE: String(size), ...spawned };
      return { env, descriptors: [{ fd: FD, socket: door.socket, first }] };
    }
    const id = randomInt(1, 2 ** 31);
    this.#expected.set(String(id), rank);
    return { env: { PMI_PORT: `${LOOPBACK}:${door.port}`, PMI_ID: String(id), ...spawned } };
  }

  rankEnded({ rank, code }: RankGone): string | undefined {
    // what ends badly is seen by whoever has launched it
    if (code !== 0 || this.#ranks.get(rank)?.phase !== 'initialized') return undefined;
    return 'it has ended without MPI_Finalize';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const door = await this.#door?.catch(() => undefined);
    door?.server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #open(): Promise<Door> {
    const isNamed = this.#home.hasDescriptors;
    const server = createServer((socket) => this.#greet(socket, isNamed));
    const socket = `bproc-pmi-${randomBytes(NAME_LENGTH).toString('hex')}`.slice(0, NAME_LENGTH);
    const where = isNamed ? { path: `\0${socket}` } : { host: LOOPBACK, port: 0 };
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) => reject(BprocError.from(cause)));
      server.listen(where, resolve);
    });
    const address = server.address();
    return typeof address === 'object' && address !== null ? { server, port: address.port } : { server, socket };
  }

  #greet(socket: Socket, isNamed: boolean): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket)).on('error', () => socket.destroy());
    if (isNamed) this.#greetBySecret(socket);
    else void this.#greetByPort(socket);
  }

  #greetBySecret(socket: Socket): void {
    const look = (): void => {
      const secret: unknown = socket.read(SECRET_BYTES);
      if (!Buffer.isBuffer(secret)) return;
      socket.off('readable', look);
      this.#admit(socket, secret.toString('latin1'), secret.length === SECRET_BYTES);
    };
    socket.on('readable', look);
  }

  /** Whoever comes says which rank it is by a number that only that one knows, and is of the job's user or root. */
  async #greetByPort(socket: Socket): Promise<void> {
    const { localPort = 0, remotePort = 0 } = socket;
    const uid = await this.#peers.uidOf(localPort, remotePort, 'IPv4').catch(() => undefined);
    if (uid !== this.#home.uid && uid !== 0) return void socket.destroy();
    const reader = new LineReader();
    const look = (bytes: Buffer): void => {
      try {
        const [line] = reader.push(bytes);
        if (line === undefined) return;
        socket.off('data', look);
        const fields = parseLine(line);
        const id = fields.get('cmd') === 'initack' ? (fields.get('pmiid') ?? '') : '';
        const rank = this.#admit(socket, id, true);
        if (rank === undefined) return;
        const { size } = this.#home.job;
        const said = [{ cmd: 'initack' }, { cmd: 'set', size }, { cmd: 'set', rank }, { cmd: 'set', debug: 0 }];
        socket.write(said.map(formatLine).join(''));
      } catch {
        socket.destroy();
      }
    };
    socket.on('data', look);
  }

  #admit(socket: Socket, key: string, isWhole: boolean): number | undefined {
    const rank = isWhole ? this.#expected.get(key) : undefined;
    if (rank === undefined) {
      socket.destroy();
      return undefined;
    }
    this.#expected.delete(key);
    const side = new Pmi1Rank(this.#node, rank, (text) => void socket.write(text, 'latin1'));
    this.#ranks.set(rank, side);
    socket.on('data', (bytes: Buffer) => {
      try {
        side.hear(bytes);
      } catch (error) {
        socket.destroy();
        this.#home.abort(rank, 1, `it speaks no PMI-1: ${BprocError.from(error).message}`);
      }
    });
    return rank;
  }
}

type Door = { readonly server: Server; readonly socket: string } | { readonly server: Server; readonly port: number };
