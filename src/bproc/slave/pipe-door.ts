/**
 * Where a process of this machine comes for its end of a pipe: a unix socket without a file, which is found from whatever
 * root the process has. Everybody may see its name and knock; who comes in has shown a secret.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { BprocError } from '../../errors.ts';
import type { SocketTarget } from '../../linux/index.ts';

/** As long as there is room for in an address: Node 20 fills shorter names up with NULs, which count, and later ones do not. */
const NAME_LENGTH = 107;
const SECRET_BYTES = 32;
/** Who knocks and says nothing makes room for others. */
const MOST_STRANGERS = 16;

/** Who comes. */
export interface Visit {
  /** Gets the connection of the process. */
  readonly came: (socket: Socket) => void;
  /** The door was closed before anybody came. */
  readonly missed: () => void;
}

/** The door, for one process. Disposing of it closes it, and leaves the process that came. */
export class PipeDoor implements Disposable {
  /** What the process is connected to, and the secret. */
  readonly target: SocketTarget;
  readonly #server: Server;
  readonly #strangers = new Set<Socket>();
  readonly #visit: Visit;
  #isOpen = true;

  private constructor(server: Server, target: SocketTarget, visit: Visit) {
    this.#server = server;
    this.target = target;
    this.#visit = visit;
    server.on('connection', (socket) => this.#greet(socket));
    // what cannot be accepted was not let in
    server.on('error', () => {});
  }

  /** Opens one. @throws BprocError where no socket can be had. */
  static async open(visit: Visit): Promise<PipeDoor> {
    const socket = `bproc-pipe-${randomBytes(NAME_LENGTH).toString('hex')}`.slice(0, NAME_LENGTH);
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) => reject(BprocError.from(cause)));
      server.listen({ path: `\0${socket}` }, resolve);
    });
    return new PipeDoor(server, { socket, first: randomBytes(SECRET_BYTES) }, visit);
  }

  [Symbol.dispose](): void {
    if (this.#close()) this.#visit.missed();
  }

  #close(): boolean {
    if (!this.#isOpen) return false;
    this.#isOpen = false;
    this.#server.close();
    for (const stranger of this.#strangers) stranger.destroy();
    this.#strangers.clear();
    return true;
  }

  #greet(socket: Socket): void {
    const [oldest] = this.#strangers;
    if (this.#strangers.size >= MOST_STRANGERS) oldest?.destroy();
    this.#strangers.add(socket);
    const leave = (): void => {
      this.#strangers.delete(socket);
      socket.destroy();
    };
    const look = (): void => {
      const said: unknown = socket.read(SECRET_BYTES);
      if (said === null) return;
      if (!Buffer.isBuffer(said) || said.length !== SECRET_BYTES || !timingSafeEqual(said, this.target.first)) {
        return leave();
      }
      socket.off('readable', look).off('close', leave).off('error', leave);
      this.#strangers.delete(socket);
      if (this.#close()) this.#visit.came(socket);
      else socket.destroy();
    };
    socket.on('readable', look).on('close', leave).on('error', leave);
  }
}
