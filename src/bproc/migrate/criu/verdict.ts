/** Where CRIU's action script asks whether to go on: the moment between what can be undone and what cannot. */
import { createServer, type Server, type Socket } from 'node:net';

/** The socket that one run of CRIU asks at. */
export class Verdict implements AsyncDisposable {
  readonly #server: Server;
  #asker: Socket | undefined;
  #verdict: boolean | undefined;
  /** Resolves when it has asked. */
  readonly asked: Promise<void>;

  private constructor(server: Server) {
    this.#server = server;
    this.asked = new Promise((resolve) => {
      server.on('connection', (socket) => {
        socket.on('error', () => {});
        this.#asker = socket;
        this.#answer();
        resolve();
      });
    });
  }

  /** Listens at a path. */
  static async open(path: string): Promise<Verdict> {
    const server = createServer();
    const verdict = new Verdict(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
    return verdict;
  }

  /** What is to become of it; counts once, also before it has asked. */
  give(go: boolean): void {
    if (this.#verdict !== undefined) return;
    this.#verdict = go;
    this.#answer();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#asker?.destroy();
    await new Promise<void>((resolve) => void this.#server.close(() => resolve()));
  }

  #answer(): void {
    // without an answer it hears the end, which is a no
    if (this.#verdict !== undefined) this.#asker?.end(Buffer.of(this.#verdict ? 1 : 0));
  }
}
