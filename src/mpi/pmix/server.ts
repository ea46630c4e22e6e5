/** The PMIx server of one job on one node: its ranks find it on the node's loopback, and nobody else is let in. PROTOCOL.md 14.4. */
import { createServer, type Server, type Socket } from 'node:net';
import { BprocError } from '../../errors.ts';
import type { LoopbackPeers } from '../../linux/index.ts';
import type { JobNode } from '../job.ts';
import { nodeOfJob } from '../job.ts';
import type { JobHome, ProtocolServer, RankGone, RankOutfit } from '../node-home.ts';
import type { Collectives } from './collectives.ts';
import { ClientConnection, type ConnectionHost } from './connection.ts';
import type { Desk } from './desk.ts';
import { environment } from './environment.ts';
import { Events } from './events.ts';
import { readEvent } from './far.ts';
import { answerFar } from './gets.ts';
import type { Greeting } from './greeting.ts';
import { JobInfos } from './job-info.ts';
import { KEY, RANGE, STATUS } from './numbers.ts';
import { value } from './packer.ts';
import { PublishedNames } from './published.ts';
import { PutItems } from './put.ts';

/** For how long a client may take to say who it is. */
const GREETING_MS = 10_000;
/** Connections beside those of ranks: of whoever has not said yet who it is. */
const MOST_STRANGERS = 64;

/** What the servers of a node have in common. */
export interface NodeParts {
  readonly peers: LoopbackPeers;
  readonly collectives: Collectives;
}

/** Serves a job's ranks on one node. */
export class PmixServer implements ProtocolServer, ConnectionHost {
  readonly desk: Desk;
  readonly #home: JobHome;
  readonly #node: JobNode;
  readonly #peers: LoopbackPeers;
  readonly #listener: Server;
  readonly #port: Promise<number>;
  readonly #connections = new Set<ClientConnection>();
  readonly #byRank = new Map<number, ClientConnection>();
  readonly #pids = new Map<number, number>();
  #isOver = false;

  constructor(home: JobHome, { peers, collectives }: NodeParts) {
    const { job } = home;
    this.#home = home;
    this.#node = nodeOfJob(job, home.node);
    this.#peers = peers;
    this.desk = {
      home,
      put: new PutItems(),
      jobs: new JobInfos(home),
      collectives,
      events: new Events(),
      names: new PublishedNames(home),
      running: () => [...this.#pids].map(([rank, pid]) => ({ rank, pid })),
    };
    collectives.enter(home);
    this.#listener = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    this.#port = listening(this.#listener);
    // whoever asks for an outfit hears of it
    this.#port.catch(() => {});
  }

  async outfit(rank: number): Promise<RankOutfit> {
    return { env: environment(this.#home.job, this.#node, rank, await this.#port) };
  }

  rankStarted(rank: number, pid: number): void {
    this.#pids.set(rank, pid);
  }

  rankEnded({ rank, code }: RankGone): string | undefined {
    this.#pids.delete(rank);
    this.desk.names.ended(rank);
    const connection = this.#byRank.get(rank);
    if (connection === undefined || connection.isFinalized || code !== 0) return undefined;
    return 'it has ended without MPI_Finalize';
  }

  rankGone({ rank, code }: RankGone): void {
    const { job } = this.#home;
    const member = { job: job.id, rank };
    this.desk.collectives.gone(member);
    this.desk.put.gone(member);
    this.desk.events.happened({
      code: eventOf(code),
      source: member,
      range: RANGE.NAMESPACE,
      infos: [
        { key: KEY.EVENT_AFFECTED_PROC, value: value.proc(member) },
        // a library that has a handler for everything gives up when it is called, and that a rank has ended is no reason
        { key: KEY.EVENT_NON_DEFAULT, value: value.bool(true) },
        ...(code === undefined ? [] : [{ key: KEY.EXIT_CODE, value: value.int(code) }]),
      ],
    });
  }

  told(data: Uint8Array): void {
    this.desk.events.happened(readEvent(data));
  }

  fetched(rank: number, key: string, signal: AbortSignal): Promise<Uint8Array> {
    return answerFar(this.desk, rank, key, signal);
  }

  admits({ job, rank }: Greeting, connection: ClientConnection): boolean {
    if (job !== this.#home.job.id || !this.#node.ranks.includes(rank)) return false;
    const before = this.#byRank.get(rank);
    // a program may be followed by another in the same place, but not have it taken from it
    if (before !== undefined && this.#connections.has(before) && !before.isFinalized) return false;
    this.#byRank.set(rank, connection);
    return true;
  }

  closed(connection: ClientConnection): void {
    this.#connections.delete(connection);
    this.desk.events.forget(connection);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.desk.collectives.leave(this.#home);
    for (const connection of this.#connections) connection.close();
    await this.#port.catch(() => undefined);
    if (this.#listener.listening) await new Promise((resolve) => this.#listener.close(resolve));
  }

  #accept(socket: Socket): void {
    const connection = new ClientConnection(socket, this);
    this.#connections.add(connection);
    if (this.#isOver || this.#connections.size > this.#node.ranks.length + MOST_STRANGERS) return connection.close();
    const stopClock = this.#home.clock.after(GREETING_MS, () => {
      if (!connection.isGreeted) connection.close();
    });
    connection.signal.addEventListener('abort', stopClock);
    this.#whose(socket).then(
      (uid) => (uid === this.#home.uid ? connection.listen() : connection.close()),
      () => connection.close(),
    );
  }

  async #whose({ localPort, remotePort }: Socket): Promise<number | undefined> {
    if (localPort === undefined || remotePort === undefined) return undefined;
    return this.#peers.uidOf(localPort, remotePort, 'IPv4');
  }
}

function eventOf(code: number | undefined): number {
  if (code === undefined) return STATUS.PROC_ABORTED_BY_SIG;
  return code === 0 ? STATUS.EVENT_PROC_TERMINATED : STATUS.EXIT_NONZERO_TERM;
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(BprocError.from(error)));
    server.listen({ host: '127.0.0.1', port: 0 }, () => {
      const address = server.address();
      if (address !== null && typeof address === 'object') resolve(address.port);
      else reject(new BprocError('EIO', 'the server of PMIx listens nowhere'));
    });
  });
}
