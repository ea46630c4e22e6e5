/** Memory that CRIU gives, or takes, later than the rest of a process: by a socket, over which this program has it pass. */
import { existsSync, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { BprocError } from '../../../errors.ts';
import { mayUse, readStat } from '../../../linux/index.ts';
import type { Relative } from '../tree-of.ts';

/** In the directory of the images. */
export const PAGES = 'pages';
/** Where CRIU takes what makes the process. */
const TAKEN = 'lazy-pages.socket';
/** Bytes of a pipe, in which CRIU keeps memory that it still has to give. */
const PIPE_BYTES = 4 * 1024 * 1024;
/** The descriptor by which it gives or takes. */
export const PAGES_OPTIONS = ['--ps-socket', '3'] as const;
/** Of a capture that gives it. Where it would end the original by itself it does so, too, when who takes it is gone. */
export const LATER_OPTIONS = ['--lazy-pages', ...PAGES_OPTIONS, '--leave-running'] as const;
/** How often it is looked whether processes that were killed are gone, in milliseconds. */
const LOOK_MS = 2;

/** The socket that one run of CRIU gives or takes memory by. */
export class PageLine implements AsyncDisposable {
  readonly path: string;
  readonly #server: Server;
  /** Resolves when CRIU has been started. */
  readonly connected: Promise<Duplex>;
  #socket: Socket | undefined;

  private constructor(path: string, server: Server) {
    this.path = path;
    this.#server = server;
    this.connected = new Promise((resolve) => {
      server.once('connection', (socket) => {
        socket.on('error', () => {});
        this.#socket = socket;
        server.close();
        resolve(socket);
      });
    });
  }

  static async open(directory: string): Promise<PageLine> {
    const server = createServer({ allowHalfOpen: true });
    const line = new PageLine(join(directory, PAGES), server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(line.path, resolve);
    });
    return line;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket?.destroy();
    if (this.#server.listening) await new Promise<void>((resolve) => void this.#server.close(() => resolve()));
  }
}

/** Resolves when CRIU takes what makes a process whose memory comes later. */
export async function takesMemory(directory: string): Promise<void> {
  const watcher = watch(directory);
  try {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (existsSync(join(directory, TAKEN))) resolve();
      };
      watcher.on('change', look);
      watcher.on('error', reject);
      look();
    });
  } finally {
    watcher.close();
  }
}

/** @throws BprocError ENOTSUP where memory cannot be kept for later. */
export async function checkKeepsMemory(): Promise<void> {
  if (mayUse('SYS_RESOURCE')) return;
  const most = Number(await readFile('/proc/sys/fs/pipe-max-size', 'utf8'));
  if (most >= PIPE_BYTES) return;
  const remedy = `sysctl fs.pipe-max-size=${PIPE_BYTES}`;
  throw new BprocError(
    'ENOTSUP',
    `memory cannot be sent later without the capability SYS_RESOURCE and with pipes of at most ${most} bytes: ${remedy}`,
  );
}

/** Ends processes that stand still: when this resolves none of them will run again. */
export async function endStanding(standing: readonly Relative[]): Promise<void> {
  for (const { pid } of standing) kill(pid);
  for (const { pid } of standing) {
    while (mayRun(pid)) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function mayRun(pid: number): boolean {
  const state = readStat(pid)?.state ?? 'X';
  return state !== 'Z' && state !== 'X';
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (BprocError.from(error).code !== 'ESRCH') throw error;
  }
}
