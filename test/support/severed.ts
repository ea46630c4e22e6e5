/** A way to a unix socket that a test can cut, or fall silent on, as a switch between machines would. */
import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';

/** Passes connections on. Disposing it ends them all. */
export class SeverableWay implements AsyncDisposable {
  readonly address: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isMuted = false;
  /** Connections that have come so far. */
  connections = 0;

  private constructor(path: string, target: string) {
    this.address = `unix:${path}`;
    this.#server = createServer((near) => {
      this.connections += 1;
      const far = createConnection(target);
      for (const socket of [near, far]) this.#sockets.add(socket);
      near.on('data', (bytes: Buffer) => far.write(bytes));
      far.on('data', (bytes: Buffer) => this.#isMuted || near.write(bytes));
      for (const socket of [near, far]) {
        const cut = (): void => {
          for (const each of [near, far]) {
            each.destroy();
            this.#sockets.delete(each);
          }
        };
        socket.on('error', cut);
        socket.on('close', cut);
      }
    });
    this.#server.listen(path);
  }

  /** @param path where it listens. @param address the unix socket that it leads to. */
  static async create(path: string, address: string): Promise<SeverableWay> {
    const way = new SeverableWay(path, address.slice('unix:'.length));
    await once(way.#server, 'listening');
    return way;
  }

  /** What comes from the other side does not arrive any more, until it is cut. */
  mute(): void {
    this.#isMuted = true;
  }

  /** Breaks all that goes by it; who comes again is let through. */
  cut(): void {
    this.#isMuted = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
