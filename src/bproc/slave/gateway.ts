/**
 * The way from a process on a node to its master: a unix socket beside the slave, by which what it started are clients
 * themselves, each as its user. Of what they say it understands where the first frame ends, and passes the rest on.
 */
import { rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream';
import type { Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { Listener } from '../../transport/index.ts';
import { Connection, formatAddress, listen } from '../../transport/index.ts';
import type { GatewayPlace } from './gateway-place.ts';
import { openPlace, privatePlace } from './gateway-place.ts';
import type { GuestRules } from './guests.ts';
import { guestFrame, guestOf, readGreeting } from './guests.ts';

/** Programs that are connected at a time, and those of one user. Who is not known yet, `PeerAsker` bounds. */
const MOST_GUESTS = 4096;
const MOST_OF_USER = 1024;

/** What a gateway is made of. */
export interface GatewayParts {
  /** Makes a connection to the master for each one that comes. */
  readonly connect: () => Promise<Duplex>;
  readonly rules: GuestRules;
  readonly clock: Clock;
  /** Where what survives the slave is. */
  readonly stateDir: string | undefined;
}

/** An open gateway. Disposing it closes the socket and every connection that came through it. */
export class Gateway implements AsyncDisposable {
  readonly #parts: GatewayParts;
  readonly #place: GatewayPlace;
  readonly #open = new Set<Duplex>();
  readonly #ofUsers = new Map<number, number>();
  #guests = 0;
  #listener: Listener | undefined;

  private constructor(parts: GatewayParts, place: GatewayPlace) {
    this.#parts = parts;
    this.#place = place;
  }

  /**
   * Opens a socket for the slave's own user alone, or for others too where the rules have any.
   *
   * @throws BprocError ENOSPC, EACCES and others where the socket cannot be made.
   */
  static async create(parts: GatewayParts): Promise<Gateway> {
    const isOpen = parts.rules.others !== undefined;
    const gateway = new Gateway(parts, await (isOpen ? openPlace : privatePlace)(parts.stateDir));
    try {
      const address = { kind: 'unix', path: gateway.#place.path } as const;
      const mode = isOpen ? { mode: 0o666 } : {};
      gateway.#listener = await listen(address, (socket) => void gateway.#pass(socket), mode);
      return gateway;
    } catch (error) {
      await gateway[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What processes get as `BPROC_MASTER`. */
  get address(): string {
    return formatAddress({ kind: 'unix', path: this.#place.path });
  }

  async #pass(socket: Socket): Promise<void> {
    // before anything is waited for: one that nobody hears ends this program
    socket.on('error', () => {});
    this.#watch(socket);
    try {
      const guest = await guestOf(socket, this.#parts.rules);
      this.#count(socket, guest.uid);
      const first = guestFrame(guest, await readGreeting(socket, this.#parts.clock));
      await this.#parts.rules.untold();
      await this.#join(socket, first);
    } catch (error) {
      new Connection(socket, this.#parts.clock, 'guest').close(BprocError.from(error, 'EPERM'));
    }
  }

  /** A master that cannot be reached shows as a connection that ends: the client tries again. */
  async #join(socket: Socket, first: Buffer): Promise<void> {
    const master = await this.#parts.connect().catch(() => undefined);
    if (master === undefined || socket.destroyed || this.#listener === undefined) {
      socket.destroy();
      master?.destroy();
      return;
    }
    this.#watch(master);
    const finish = (): void => {
      socket.destroy();
      master.destroy();
    };
    master.write(first);
    pipeline(socket, master, finish);
    pipeline(master, socket, finish);
  }

  #watch(stream: Duplex): void {
    this.#open.add(stream);
    stream.once('close', () => this.#open.delete(stream));
  }

  #count(socket: Socket, uid: number): void {
    const before = this.#ofUsers.get(uid) ?? 0;
    if (before >= MOST_OF_USER) throw tooMany(`${MOST_OF_USER} programs of uid ${uid} are`);
    if (this.#guests >= MOST_GUESTS) throw tooMany(`${MOST_GUESTS} programs are`);
    if (socket.destroyed) return;
    this.#guests += 1;
    this.#ofUsers.set(uid, before + 1);
    socket.once('close', () => {
      this.#guests -= 1;
      const left = (this.#ofUsers.get(uid) ?? 1) - 1;
      if (left === 0) this.#ofUsers.delete(uid);
      else this.#ofUsers.set(uid, left);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    const closed = listener?.[Symbol.asyncDispose]();
    for (const each of this.#open) each.destroy();
    await closed;
    await this.#parts.rules.others?.asker[Symbol.asyncDispose]();
    if (this.#place.directory !== undefined) await rm(this.#place.directory, { recursive: true, force: true });
  }
}

function tooMany(who: string): BprocError {
  return new BprocError('EAGAIN', `${who} connected by this node already: close some of them`);
}
