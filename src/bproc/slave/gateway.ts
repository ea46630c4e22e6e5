/**
 * The way from a process on a node to its master: a unix socket beside the slave, by which what it
 * started are clients themselves. It passes bytes on and understands none of them.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream';
import { BprocError } from '../../errors.ts';
import type { Listener } from '../../transport/index.ts';
import { formatAddress, listen, MAX_SOCKET_PATH } from '../../transport/index.ts';

const SOCKET_NAME = 'processes.sock';

/** An open gateway. Disposing it closes the socket and every connection that came through it. */
export class Gateway implements AsyncDisposable {
  /** What processes get as `BPROC_MASTER`. */
  readonly address: string;
  /** Made for the socket, and removed with it. */
  readonly #directory: string | undefined;
  readonly #listener: Listener;
  readonly #open: Set<Duplex>;

  private constructor(directory: string | undefined, listener: Listener, open: Set<Duplex>) {
    this.address = formatAddress(listener.address);
    this.#directory = directory;
    this.#listener = listener;
    this.#open = open;
  }

  /**
   * Opens a socket in a directory that only its owner can enter.
   *
   * @param connect makes a connection to the master for each one that comes.
   * @param stateDir where to put it, so that a successor finds and replaces what a killed slave left; a
   *   directory of its own where there is none, or where the path would be too long for a socket.
   * @throws BprocError ENOSPC, EACCES and others where the socket cannot be made.
   */
  static async create(connect: () => Promise<Duplex>, stateDir?: string): Promise<Gateway> {
    const kept = stateDir === undefined ? undefined : resolve(stateDir, SOCKET_NAME);
    const isKept = kept !== undefined && Buffer.byteLength(kept) <= MAX_SOCKET_PATH;
    const directory = isKept ? undefined : await ownDirectory();
    const path = isKept ? kept : join(directory ?? '', SOCKET_NAME);
    const open = new Set<Duplex>();
    try {
      const listener = await listen({ kind: 'unix', path }, (socket) => void pass(socket, connect, open));
      return new Gateway(directory, listener, open);
    } catch (error) {
      if (directory !== undefined) await rm(directory, { recursive: true, force: true });
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listener[Symbol.asyncDispose]();
    for (const each of this.#open) each.destroy();
    if (this.#directory !== undefined) await rm(this.#directory, { recursive: true, force: true });
  }
}

/** Characters that `mkdtemp` adds. */
const RANDOM_PART = 'XXXXXX';

function ownDirectory(): Promise<string> {
  const prefix = join(tmpdir(), 'bproc-');
  const fits = Buffer.byteLength(join(prefix + RANDOM_PART, SOCKET_NAME)) <= MAX_SOCKET_PATH;
  return mkdtemp(fits ? prefix : '/tmp/bproc-').catch((cause: unknown) => {
    throw BprocError.from(cause);
  });
}

async function pass(socket: Duplex, connect: () => Promise<Duplex>, open: Set<Duplex>): Promise<void> {
  open.add(socket);
  socket.once('close', () => open.delete(socket));
  // a master that cannot be reached shows as a connection that ends: the client tries again
  socket.on('error', () => {});
  const master = await connect().catch(() => undefined);
  if (master === undefined || socket.destroyed) {
    socket.destroy();
    master?.destroy();
    return;
  }
  open.add(master);
  master.once('close', () => open.delete(master));
  const finish = (): void => {
    socket.destroy();
    master.destroy();
  };
  pipeline(socket, master, finish);
  pipeline(master, socket, finish);
}
