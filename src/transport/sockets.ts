/** Sockets: listening where one was told to, and connecting: PROTOCOL.md 8.1. */
import { chmod, lstat, unlink } from 'node:fs/promises';
import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { BprocError } from '../errors.ts';
import type { Address } from './address.ts';
import { formatAddress, MAX_SOCKET_PATH } from './address.ts';

/** A server that accepts connections. Disposing it closes the socket, not the connections. */
export interface Listener extends AsyncDisposable {
  /** Where it listens, with the port the kernel chose where 0 was asked for. */
  readonly address: Address;
}

/** How {@link listen} goes about it. */
export interface ListenOptions {
  /** How much is read of a connection before anybody asks for it. @default Node's own */
  readonly readAheadBytes?: number;
  /** Mode of a unix socket: who may connect. @default 0o600, its owner and root alone */
  readonly mode?: number;
}

const BACKLOG = 4096;

/**
 * Listens on an address and hands over every connection; at one of TLS that is what is below it.
 *
 * @throws BprocError EADDRINUSE where somebody else listens there; ENAMETOOLONG for a unix socket's path
 *   that the kernel has no room for; EACCES, ENOENT and others as the kernel says them.
 */
export async function listen(
  address: Address,
  accept: (socket: Socket) => void,
  { readAheadBytes, mode = 0o600 }: ListenOptions = {},
): Promise<Listener> {
  if (address.kind === 'unix' && Buffer.byteLength(address.path) > MAX_SOCKET_PATH) {
    // libuv would cut it short, and listen somewhere else
    const why = `a socket's path has at most ${MAX_SOCKET_PATH} bytes`;
    throw new BprocError('ENAMETOOLONG', `cannot listen on ${formatAddress(address)}: ${why}`);
  }
  const readAhead = readAheadBytes === undefined ? {} : { highWaterMark: readAheadBytes };
  const server = createServer({ noDelay: true, ...readAhead }, accept);
  if (address.kind === 'unix') await removeStale(address.path);
  await started(server, address);
  if (address.kind === 'unix') await chmod(address.path, mode);
  const bound = server.address();
  const actual =
    address.kind !== 'unix' && typeof bound === 'object' && bound !== null ? { ...address, port: bound.port } : address;
  return {
    address: actual,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

function started(server: Server, address: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (cause: Error): void => {
      const error = BprocError.from(cause);
      reject(new BprocError(error.code, `cannot listen on ${formatAddress(address)}: ${error.message}`, { cause }));
    };
    const listening = (): void => {
      server.off('error', failed);
      // one connection that could not be accepted, for want of descriptors say: its peer sees it closed
      server.on('error', () => {});
      resolve();
    };
    server.once('error', failed);
    if (address.kind !== 'unix') {
      server.listen({ host: address.host, port: address.port, backlog: BACKLOG }, listening);
      return;
    }
    // the socket is bound inside this call: nobody gets in before the mode is right
    const before = process.umask(0o177);
    try {
      server.listen({ path: address.path, backlog: BACKLOG }, listening);
    } finally {
      process.umask(before);
    }
  });
}

/** Removes a socket whose owner died. One that answers stays, and listening on it will fail. */
async function removeStale(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || !found.isSocket()) return;
  const alive = await dial({ kind: 'unix', path }).then(
    (socket) => {
      socket.destroy();
      return true;
    },
    (error: unknown) => !(BprocError.is(error) && error.code === 'ECONNREFUSED'),
  );
  if (!alive) await unlink(path).catch(() => {});
}

/**
 * Connects to an address; to one of TLS only what is below it.
 *
 * @param readInto where everything that comes is read to, so that each chunk of `data` is overwritten by the next: for a
 *   connection that brings much to a reader that keeps nothing of it as it is.
 * @throws BprocError ECONNREFUSED or ENOENT where nobody listens, EACCES where one may not,
 *   EAGAIN where a unix socket's queue is full (try again), ECANCELED when `signal` aborts.
 */
export function dial(address: Address, signal?: AbortSignal, readInto?: Buffer): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(new BprocError('ECANCELED', `connecting to ${formatAddress(address)} was cancelled`));
      return;
    }
    const taken = (bytes: number, from: Uint8Array): boolean => {
      const chunk = Buffer.from(from.buffer, from.byteOffset, bytes);
      // what nobody hears yet waits
      return socket.readableFlowing === true ? socket.emit('data', chunk) : socket.push(Buffer.from(chunk));
    };
    const reading = readInto === undefined ? {} : { onread: { buffer: readInto, callback: taken } };
    const socket: Socket =
      address.kind === 'unix'
        ? connect({ path: address.path, ...reading })
        : connect({ host: address.host, port: address.port, noDelay: true, ...reading });
    const abort = () =>
      socket.destroy(new BprocError('ECANCELED', `connecting to ${formatAddress(address)} was cancelled`));
    signal?.addEventListener('abort', abort, { once: true });
    socket.once('connect', () => {
      signal?.removeEventListener('abort', abort);
      socket.off('error', failed);
      resolve(socket);
    });
    const failed = (cause: Error) => {
      signal?.removeEventListener('abort', abort);
      const error = BprocError.from(cause, 'ECONNREFUSED');
      reject(new BprocError(error.code, `cannot reach ${formatAddress(address)}: ${error.message}`, { cause }));
    };
    socket.once('error', failed);
  });
}
