/**
 * systemd's user database protocol: JSON messages that end with a zero byte, by Varlink, over a unix socket
 * (https://systemd.io/USER_GROUP_API). With libnss-systemd every program of a machine sees the names then.
 */
import { chmod, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { basename } from 'node:path';
import { BprocError } from '../errors.ts';
import type { Nss } from './nss.ts';
import { replies, type VarlinkReply } from './userdb-records.ts';

/** Where it listens. */
export interface UserdbOptions {
  /**
   * Path of the socket. systemd finds it in `/run/systemd/userdb`, where its name is that of the service, such as
   * `io.bproc.Names`; what is left there by one that was killed is replaced.
   */
  readonly path: string;
}

/** Longest request, in bytes. */
const LONGEST_REQUEST = 65_536;
/** Programs that are connected at a time. */
const MOST_CLIENTS = 1024;

/** An open socket. Disposing of it closes it, and takes it away. */
export class Userdb implements AsyncDisposable {
  readonly path: string;
  readonly #server: Server;
  readonly #open: ReadonlySet<Socket>;
  #isClosed = false;

  /** @internal Use {@link serveUserdb}. */
  constructor(path: string, server: Server, open: ReadonlySet<Socket>) {
    this.path = path;
    this.#server = server;
    this.#open = open;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#open) socket.destroy();
    await closed;
    await rm(this.path, { force: true });
  }
}

/**
 * Answers systemd's questions about users and groups by these names.
 *
 * @throws BprocError EADDRINUSE, where somebody answers there already; EACCES, ENOENT and others where the socket cannot be made.
 */
export async function serveUserdb(nss: Nss, { path }: UserdbOptions): Promise<Userdb> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.on('error', () => {}).once('close', () => open.delete(socket));
    if (open.size > MOST_CLIENTS) socket.destroy();
    else void converse(socket, nss, basename(path));
  });
  try {
    await listen(server, path);
    await chmod(path, 0o666);
  } catch (error) {
    server.close();
    throw BprocError.from(error);
  }
  return new Userdb(path, server, open);
}

async function listen(server: Server, path: string): Promise<void> {
  if (await isAnswered(path)) throw new BprocError('EADDRINUSE', `somebody answers at ${path} already`);
  await rm(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

/** One question after another; what a client does not read holds up itself alone. */
async function converse(socket: Socket, nss: Nss, service: string): Promise<void> {
  try {
    for await (const request of requests(socket)) {
      for await (const reply of replies(nss, service, request)) await say(socket, reply);
    }
  } catch {
    // of what cannot be understood, or of nobody who listens, there is no more to come
  }
  socket.destroy();
}

async function* requests(socket: Socket): AsyncGenerator<string> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of socket) {
    bytes = Buffer.concat([bytes, chunk as Buffer]);
    for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0)) {
      yield bytes.toString('utf8', 0, end);
      bytes = bytes.subarray(end + 1);
    }
    if (bytes.length > LONGEST_REQUEST) return;
  }
}

async function say(socket: Socket, reply: VarlinkReply): Promise<void> {
  if (socket.write(`${JSON.stringify(reply)}\0`)) return;
  await new Promise<void>((resolve, reject) => {
    const gone = (): void => reject(new BprocError('EPIPE', 'nobody listens any more'));
    socket.once('drain', () => {
      socket.off('close', gone);
      resolve();
    });
    socket.once('close', gone);
    if (socket.destroyed) gone();
  });
}
