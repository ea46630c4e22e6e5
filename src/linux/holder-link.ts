/** An engine's connection to its holder: greeting, frames out in one write a turn, and requests with their answers. */
import { closeSync, constants, openSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { BprocError, codeOfErrno } from '../errors.ts';
import {
  FLAG_KEEP,
  FLAG_MORE,
  FLAG_RELEASE,
  FrameReader,
  FrameWriter,
  HOLDER_VERSION,
  NAME_BYTES,
  SAY,
  TOLD,
} from './holder-frames.ts';
import { type ProcessRecord, parseStat } from './procfs.ts';

/** Who a link tells of processes. */
export interface LinkOwner {
  /** A frame about process `id`; its payload is only good until this returns. */
  told(type: number, flags: number, id: number, payload: Buffer): void;
  /** The holder is gone, or has said what nobody understands. Told once, not after `close`. */
  lost(error: BprocError): void;
}

/** What a holder says of itself. */
export interface Welcome {
  /** Its pid as it has it itself: 1 in a pid namespace of its own. */
  readonly pid: number;
  readonly isNamespaced: boolean;
  /** Pids below this can be chosen for processes; 0 outside a namespace of its own. */
  readonly pidLimit: number;
  /** Drawn by the holder when it started. */
  readonly instance: Uint8Array;
}

interface Request {
  readonly resolve: (value: number) => void;
  readonly reject: (error: BprocError) => void;
  readonly records: ProcessRecord[];
}

const LISTED_HEAD = 18;
const NO_NAME = new Uint8Array(0);
const NOTHING = new Uint8Array(0);
const PATIENCE_MS = 15_000;
const LATER_MS = 20;

/** The connection. */
export class HolderLink {
  /** What is to be said; call {@link queued} after each frame. */
  readonly writer = new FrameWriter();
  readonly #reader = new FrameReader();
  readonly #requests = new Map<number, Request>();
  readonly #socket: Socket;
  #owner: LinkOwner | undefined;
  #nextRequest = 0;
  #isScheduled = false;
  #later: NodeJS.Timeout | undefined;
  #failure: BprocError | undefined;
  #isClosed = false;
  #greeted: { readonly resolve: () => void; readonly reject: (error: BprocError) => void } | undefined;
  #welcome: Welcome = { pid: 0, isNamespaced: false, pidLimit: 0, instance: Buffer.alloc(16) };
  #remembered: Buffer = Buffer.alloc(0);
  #isUsed = false;
  readonly #whenClosed: Promise<void>;

  /** Connects to the socket `name` in a directory; its whole path may be longer than a socket's address. */
  constructor(directory: string, name: string) {
    const fd = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      this.#socket = connect({
        path: `/proc/self/fd/${fd}/${name}`,
        onread: { buffer: () => this.#reader.room, callback: (count) => this.#read(count) },
      });
    } finally {
      // connect(2) was called; only its outcome is still to come.
      closeSync(fd);
    }
    this.#socket.on('error', (error) => {
      this.#failure ??= BprocError.from(error);
    });
    this.#whenClosed = new Promise((resolve) => {
      this.#socket.on('close', () => {
        this.#closed();
        resolve();
      });
    });
  }

  /**
   * Says who this is, and resolves once the holder has told all that it holds.
   *
   * @throws BprocError with the code the holder refuses with (EBUSY, EPERM) or the socket's own.
   */
  greet(owner: LinkOwner): Promise<void> {
    this.#owner = owner;
    this.writer.begin(SAY.hello, 0, 0);
    this.writer.u32(HOLDER_VERSION);
    this.writer.end();
    this.queued();
    return this.#patiently(
      new Promise((resolve, reject) => {
        this.#greeted = { resolve, reject };
      }),
    );
  }

  /** What was said goes out at the end of this turn, in one write with all else. */
  queued(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#flush());
  }

  /** What was said may wait for more to go with it: each write wakes the holder. */
  queuedForLater(): void {
    if (this.#isScheduled || this.#later !== undefined) return;
    this.#later = setTimeout(() => this.#flush(), LATER_MS);
    this.#later.unref();
  }

  /** What was said goes out at once; resolves when the holder will hear it, also should this program die. */
  handedOver(): Promise<void> {
    this.#flush();
    return new Promise((resolve) => void this.#socket.write(NOTHING, () => resolve()));
  }

  /** What the holder has said of itself. */
  get welcome(): Welcome {
    return this.#welcome;
  }

  /** The names that it remembered when this began, the oldest first. */
  get remembered(): readonly Uint8Array[] {
    const names = this.#remembered;
    const count = Math.floor(names.length / NAME_BYTES);
    return Array.from({ length: count }, (_, at) => names.subarray(at * NAME_BYTES, (at + 1) * NAME_BYTES));
  }

  /** Nothing of process `id` is to be kept but its name, where it has one. */
  forget(id: number, name: Uint8Array | undefined): void {
    this.writer.begin(SAY.forget, 0, id);
    this.writer.endWith(name ?? NO_NAME);
    this.queuedForLater();
  }

  /** Process `id` runs on as nobody's. @param keeps whether its tag and its note are kept until it is forgotten. */
  release(id: number, keeps: boolean): void {
    this.writer.empty(SAY.forget, keeps ? FLAG_RELEASE | FLAG_KEEP : FLAG_RELEASE, id);
    this.queued();
  }

  /** Whether the program stays alive for it, also while nothing is asked. */
  keepAlive(isUsed: boolean): void {
    this.#isUsed = isUsed;
    this.#stayAlive();
  }

  /** Which pids the kernel is to give to what processes fork: from the first on, before `end`. */
  preferPids(first: number, end: number): void {
    this.writer.begin(SAY.forkpids, 0, 0);
    this.writer.u32(first);
    this.writer.u32(end);
    this.writer.end();
    this.queued();
  }

  /** Pids that the kernel is to give to nobody, of a process that is elsewhere: its own first. Or not any more. */
  keepPids(pids: readonly number[], isFree: boolean): void {
    this.writer.begin(SAY.keeppids, isFree ? FLAG_RELEASE : 0, 0);
    for (const pid of pids) this.writer.u32(pid);
    this.writer.end();
    this.queued();
  }

  /** Sends a signal to a process (`startTime` given) or to a group; resolves with an errno, 0 where it was sent. */
  signal(pid: number, startTime: number | undefined, signal: number): Promise<number> {
    const { writer } = this;
    return this.#request((id) => {
      writer.begin(SAY.signal, 0, id);
      writer.u32(pid);
      writer.u32(signal);
      writer.u64(startTime ?? 0);
      writer.u32(startTime === undefined ? 1 : 0);
      writer.u32(0);
      writer.end();
    }).then(({ value }) => value);
  }

  /** Every process that the holder can see, with their namespaces and markers. */
  list(): Promise<readonly ProcessRecord[]> {
    return this.#request((id) => this.writer.empty(SAY.list, 0, id)).then(({ records }) => records);
  }

  /** Sends what is still queued and closes the connection; the owner hears no more. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#flush();
    this.#socket.ref();
    this.#socket.end();
    return this.#patiently(this.#whenClosed);
  }

  /** Tells the holder to end, and resolves when it is gone or keeps only what was released. */
  shutdown(): Promise<void> {
    this.#isClosed = true;
    this.writer.empty(SAY.shutdown, 0, 0);
    this.#flush();
    this.#socket.ref();
    return this.#patiently(this.#whenClosed);
  }

  /** Waits for what a holder does at once, or after 10 s of killing; one that is stopped must hold nobody up. */
  #patiently(outcome: Promise<void>): Promise<void> {
    const timer = setTimeout(() => {
      this.#fail(new BprocError('ETIMEDOUT', 'the holder does not answer: it is stopped, or the machine is'));
    }, PATIENCE_MS);
    return outcome.finally(() => clearTimeout(timer));
  }

  #request(say: (id: number) => void): Promise<{ readonly value: number; readonly records: readonly ProcessRecord[] }> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    this.#nextRequest = (this.#nextRequest + 1) >>> 0;
    const id = this.#nextRequest;
    say(id);
    this.queued();
    const records: ProcessRecord[] = [];
    return new Promise<number>((resolve, reject) => {
      this.#requests.set(id, { resolve, reject, records });
      if (this.#requests.size === 1) this.#stayAlive();
    }).then((value) => ({ value, records }));
  }

  #stayAlive(): void {
    if (this.#isUsed || this.#isClosed || this.#requests.size > 0) this.#socket.ref();
    else this.#socket.unref();
  }

  #answer(id: number, value: number): void {
    this.#requests.get(id)?.resolve(value);
    this.#requests.delete(id);
    if (this.#requests.size === 0) this.#stayAlive();
  }

  #flush(): void {
    this.#isScheduled = false;
    clearTimeout(this.#later);
    this.#later = undefined;
    const parts = this.writer.take();
    if (this.#socket.destroyed || parts.length === 0) return;
    if (parts.length > 1) this.#socket.cork();
    for (const part of parts) this.#socket.write(part);
    if (parts.length > 1) this.#socket.uncork();
  }

  #read(count: number): boolean {
    const fine = this.#reader.take(count, (type, flags, id, payload) => this.#take(type, flags, id, payload));
    if (!fine) this.#fail(new BprocError('EPROTO', 'the holder has sent a frame that is longer than any may be'));
    return true;
  }

  #take(type: number, flags: number, id: number, payload: Buffer): void {
    switch (type) {
      case TOLD.welcome:
        this.#welcome = {
          pid: payload.readUInt32LE(20),
          isNamespaced: payload.readUInt32LE(24) === 1,
          pidLimit: payload.readUInt32LE(32),
          instance: Buffer.from(payload.subarray(4, 20)),
        };
        break;
      case TOLD.forgotten:
        this.#remembered = Buffer.from(payload);
        break;
      case TOLD.ready:
        this.#greeted?.resolve();
        this.#stayAlive();
        this.#greeted = undefined;
        break;
      case TOLD.refused: {
        const code = codeOfErrno(payload.readUInt32LE(0)) ?? 'EIO';
        this.#fail(new BprocError(code, `the holder refuses this program (${code})`));
        break;
      }
      case TOLD.result:
        this.#answer(id, payload.readUInt32LE(0));
        break;
      case TOLD.listed:
        this.#listed(flags, id, payload);
        break;
      default:
        if (!this.#isClosed) this.#owner?.told(type, flags, id, payload);
    }
  }

  #listed(flags: number, id: number, payload: Buffer): void {
    const request = this.#requests.get(id);
    if (request === undefined) return;
    if ((flags & FLAG_MORE) === 0) {
      this.#answer(id, 0);
      return;
    }
    const end = LISTED_HEAD + payload.readUInt16LE(16);
    const stat = parseStat(payload.subarray(LISTED_HEAD, end));
    if (stat === undefined) return;
    const uts = payload.readUInt32LE(4) + payload.readUInt32LE(8) * 2 ** 32;
    const record = { ...stat, uid: payload.readUInt32LE(0), uts, outerPid: payload.readUInt32LE(12) };
    const marker = end < payload.length ? payload.toString('latin1', end) : undefined;
    request.records.push(marker === undefined ? record : { ...record, marker });
  }

  #fail(error: BprocError): void {
    this.#failure ??= error;
    this.#socket.destroy();
  }

  #closed(): void {
    clearTimeout(this.#later);
    this.#failure ??= new BprocError('ECONNRESET', 'the holder has ended');
    const error = this.#failure;
    this.#greeted?.reject(error);
    for (const request of this.#requests.values()) request.reject(error);
    this.#requests.clear();
    if (this.#isClosed || this.#greeted !== undefined) return;
    this.#isClosed = true;
    this.#owner?.lost(error);
  }
}
