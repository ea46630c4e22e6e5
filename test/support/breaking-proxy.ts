/** A way to a unix socket on which connections break. */
import { createConnection, createServer, type Server, type Socket } from 'node:net';

/** Passes connections on, and breaks them off with whatever is under way, in both directions. */
export class BreakingProxy implements Disposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** What each connection in turn may carry from the target, in bytes, before it breaks. */
  readonly #breaks: number[];
  #carried = 0;

  /** @param breaks after so many bytes from the target a connection breaks; the first that gets so far takes the first */
  constructor(path: string, target: string, breaks: readonly number[]) {
    this.#breaks = [...breaks];
    this.#server = createServer((near) => this.#join(near, createConnection(target)));
    this.#server.listen(path);
  }

  /** Breaks that have not happened. */
  get left(): number {
    return this.#breaks.length;
  }

  /** Bytes that went through it, both ways. */
  get carried(): number {
    return this.#carried;
  }

  #join(near: Socket, far: Socket): void {
    let carried = 0;
    far.on('data', (bytes: Buffer) => {
      carried += bytes.length;
      const [first = Number.POSITIVE_INFINITY] = this.#breaks;
      if (carried < first) return;
      this.#breaks.shift();
      near.destroy();
      far.destroy();
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one);
      one.on('data', ({ length }: Buffer) => {
        this.#carried += length;
      });
      one.pipe(other);
      // a connection that breaks is what this is for: the other half goes too
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
  }

  [Symbol.dispose](): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
