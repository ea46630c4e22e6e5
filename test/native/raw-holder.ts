/** A holder without the library around it: frames in, frames out, and a build of it for each kind of scrutiny. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BUILD = fileURLToPath(new URL('../../native/build.mjs', import.meta.url));

/** Numbers of the frames that these tests use; native/README.md has them all. */
export const Type = {
  HELLO: 1,
  START: 2,
  INPUT: 3,
  CREDIT: 4,
  CLOSE: 5,
  FINISH: 7,
  SIGNAL: 8,
  FORGET: 9,
  LIST: 10,
  SHUTDOWN: 12,
  WELCOME: 64,
  HELD: 65,
  READY: 66,
  STARTED: 67,
  FAILED: 68,
  OUTPUT: 69,
  OUTEND: 70,
  EXITED: 75,
  LISTED: 77,
  REFUSED: 78,
  FORGOTTEN: 79,
} as const;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly id: number;
  readonly payload: Buffer;
}

/** A frame as it is sent. */
export function frame(type: number, flags = 0, id = 0, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt32LE(payload.length);
  header.writeUInt8(type, 4);
  header.writeUInt8(flags, 5);
  header.writeUInt32LE(id, 8);
  return Buffer.concat([header, payload]);
}

export function u32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => void bytes.writeUInt32LE(value >>> 0, 4 * index));
  return bytes;
}

export function u64(...values: number[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, index) => void bytes.writeBigUInt64LE(BigInt(value), 8 * index));
  return bytes;
}

/** A field of START. */
export function field(tag: number, value: Uint8Array | string): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(`${value}\0`) : value;
  const header = Buffer.alloc(6);
  header.writeUInt16LE(tag);
  header.writeUInt32LE(bytes.length, 2);
  return Buffer.concat([header, bytes]);
}

/** A START's payload: a program of /usr/bin or /bin, three pipes, PATH, and `/` as working directory. */
export function program(argv: readonly string[], ...extra: readonly Buffer[]): Buffer {
  const stdio = [0, 1, 2].map((fd) => field(6, Buffer.from([fd, 0])));
  const args = argv.map((argument) => field(2, argument));
  return Buffer.concat([
    ...['/usr/bin', '/bin'].map((directory) => field(1, `${directory}/${argv[0]}`)),
    ...args,
    field(3, 'PATH=/usr/bin:/bin'),
    field(4, '/'),
    ...stdio,
    ...extra,
  ]);
}

/** One connection to a holder. */
export class Peer {
  readonly frames: Frame[] = [];
  closed = false;
  readonly #socket: Socket;
  #rest = Buffer.alloc(0);
  #notify = (): void => {};

  constructor(path: string) {
    this.#socket = connect(path);
    this.#socket.on('data', (bytes: Buffer) => this.#read(bytes));
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => {
      this.closed = true;
      this.#notify();
    });
  }

  send(...frames: readonly Uint8Array[]): void {
    this.#socket.write(Buffer.concat(frames));
  }

  /** Resolves with the first frame, old or new, that is like this, or rejects after ten seconds. */
  async until(isWanted: (frame: Frame) => boolean): Promise<Frame> {
    const found = await this.#wait(() => this.frames.find(isWanted));
    if (found === undefined) throw new Error(`closed without it; told were ${this.frames.map(({ type }) => type)}`);
    return found;
  }

  /** Resolves when the holder has closed the connection. */
  async untilClosed(): Promise<void> {
    await this.#wait(() => (this.closed ? true : undefined));
  }

  pause(): void {
    this.#socket.pause();
  }

  end(): void {
    this.#socket.destroy();
  }

  #wait<T>(look: () => T | undefined): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('the holder did not answer within 10 s')), 10_000);
      this.#notify = () => {
        const found = look();
        if (found === undefined && !this.closed) return;
        clearTimeout(late);
        this.#notify = () => {};
        resolve(found);
      };
      this.#notify();
    });
  }

  #read(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    for (;;) {
      const length = this.#rest.length >= 12 ? this.#rest.readUInt32LE() : Number.POSITIVE_INFINITY;
      if (this.#rest.length < 12 + length) break;
      const [type, flags, id] = [this.#rest.readUInt8(4), this.#rest.readUInt8(5), this.#rest.readUInt32LE(8)];
      this.frames.push({ type, flags, id, payload: this.#rest.subarray(12, 12 + length) });
      this.#rest = this.#rest.subarray(12 + length);
    }
    this.#notify();
  }
}

/** How a holder is built and run. */
export interface Scrutiny {
  readonly name: string;
  /** What the compiler is told. */
  readonly flags?: readonly string[];
  /** What runs it. */
  readonly runner?: readonly string[];
  readonly args?: readonly string[];
}

/** A running holder in a directory of its own. */
export class RawHolder {
  readonly directory = mkdtempSync(join(tmpdir(), 'bproc-holder-'));
  readonly path = join(this.directory, 'socket');
  readonly #binary = join(this.directory, 'bpspawn');

  constructor({ flags = [], runner = [], args = [] }: Scrutiny) {
    execFileSync(process.execPath, [BUILD, '--required', '--output', this.#binary, '--', ...flags]);
    const [file = this.#binary, ...before] = [...runner, this.#binary];
    const env = {
      PATH: '/usr/bin:/bin:/usr/sbin:/sbin',
      ASAN_OPTIONS: `log_path=${this.directory}/report:detect_leaks=1`,
      UBSAN_OPTIONS: `log_path=${this.directory}/report:print_stacktrace=1`,
    };
    const words = before.map((word) => word.replace('REPORT', join(this.directory, 'report')));
    const all = [...words, '--listen', this.path, '--linger', '30', ...args];
    const { status, stderr } = spawnSync(file, all, { env, encoding: 'utf8', timeout: 60_000 });
    if (status !== 0) throw new Error(`the holder did not start: ${stderr}`);
  }

  peer(): Peer {
    return new Peer(this.path);
  }

  /** A connection that is past its greeting. */
  async greeted(): Promise<Peer> {
    for (;;) {
      const peer = this.peer();
      peer.send(frame(Type.HELLO, 0, 0, u32(1)));
      // one that was just left may not be known to be gone yet; the answer may go with the connection
      const first = await peer
        .until(({ type }) => type === Type.READY || type === Type.REFUSED)
        .catch((error: unknown) => {
          if (!peer.closed) throw error;
          return undefined;
        });
      if (first?.type === Type.READY) return peer;
    }
  }

  /** Ends it in order, and returns what a sanitizer or valgrind wrote about it. */
  async stop(): Promise<string> {
    const peer = await this.greeted();
    const pid = (await peer.until(({ type }) => type === Type.WELCOME)).payload.readUInt32LE(20);
    peer.send(frame(Type.SHUTDOWN));
    await peer.untilClosed();
    while (existsSync(`/proc/${pid}/exe`)) await new Promise((resolve) => setTimeout(resolve, 5));
    const reports = readdirSync(this.directory).filter((name) => name.startsWith('report'));
    const text = reports.map((name) => readFileSync(join(this.directory, name), 'utf8')).join('');
    rmSync(this.directory, { recursive: true });
    return text;
  }
}
