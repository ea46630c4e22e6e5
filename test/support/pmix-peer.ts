/** A client of PMIx that says byte by byte what the test wants said, and reads what it is answered. */
import { createConnection, type Socket } from 'node:net';
import { endianness } from 'node:os';
import type { RankOutfit } from '../../src/mpi/index.ts';
import { Packer } from '../../src/mpi/pmix/packer.ts';
import { Unpacker } from '../../src/mpi/pmix/unpacker.ts';

const HEADER_BYTES = 16;

/** What a client says first; what is not given is as Open MPI's clients say it. */
export interface Hello {
  readonly job: string;
  readonly rank: number;
  readonly security?: string;
  readonly kind?: number;
  readonly encoding?: string;
  readonly described?: number;
}

/** The port in a rank's environment. */
export function portIn({ env }: RankOutfit): number {
  return Number(/:(\d+)$/.exec(env['PMIX_SERVER_URI3'] ?? '')?.[1]);
}

export class PmixPeer implements Disposable {
  readonly socket: Socket;
  #bytes = Buffer.alloc(0);
  #isOver = false;
  #wake: () => void = () => {};
  #tag = 100;

  constructor(port: number) {
    this.socket = createConnection({ host: '127.0.0.1', port });
    this.socket.on('data', (chunk) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#wake();
    });
    this.socket.on('error', () => {});
    this.socket.on('close', () => {
      this.#isOver = true;
      this.#wake();
    });
  }

  /** One that is served as a rank. */
  static async greeted(port: number, hello: Hello): Promise<PmixPeer> {
    const peer = new PmixPeer(port);
    peer.socket.write(helloFrame(hello));
    const status = (await peer.take(4)).readInt32BE(0);
    if (status !== 0) throw new Error(`the greeting is answered with ${status}`);
    await peer.take(4);
    return peer;
  }

  /** Sends a command. @returns its tag. */
  send(command: number, body: Uint8Array = new Uint8Array()): number {
    const tag = ++this.#tag;
    const payload = Buffer.concat([new Packer().count().u8(command).done(), body]);
    this.socket.write(Buffer.concat([header(tag, payload.length), payload]));
    return tag;
  }

  /** Sends a command and reads what comes next, which has to be its answer. */
  async ask(command: number, body?: Uint8Array): Promise<Unpacker> {
    const tag = this.send(command, body);
    const next = await this.next();
    if (next.tag !== tag) throw new Error(`an answer to ${next.tag} in place of one to ${tag}`);
    return next.from;
  }

  /** The status that a command is answered with. */
  async statusOf(command: number, body?: Uint8Array): Promise<number> {
    return (await this.ask(command, body)).one().i32();
  }

  /** The next message. */
  async next(): Promise<{ readonly tag: number; readonly from: Unpacker }> {
    const head = await this.take(HEADER_BYTES);
    const payload = await this.take(head.readUInt32BE(8));
    return { tag: head.readUInt32BE(4), from: new Unpacker(payload) };
  }

  async take(bytes: number): Promise<Buffer> {
    while (this.#bytes.length < bytes) {
      if (this.#isOver) throw new Error('the server has closed the connection');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const taken = this.#bytes.subarray(0, bytes);
    this.#bytes = this.#bytes.subarray(bytes);
    return taken;
  }

  /** Resolves when the server has closed the connection. */
  async closed(): Promise<void> {
    if (!this.#isOver) await new Promise<void>((resolve) => this.socket.once('close', () => resolve()));
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

export function header(tag: number, length: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeUInt32BE(tag, 4);
  bytes.writeUInt32BE(length, 8);
  return bytes;
}

export function helloFrame(hello: Hello): Buffer {
  const { job, rank, security = 'none', kind = 0, encoding = 'v3', described = 1 } = hello;
  const text = (value: string): Buffer => Buffer.from(`${value}\0`);
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return bytes;
  };
  const payload = Buffer.concat([
    text(security),
    number(0),
    Buffer.of(kind),
    text(job),
    number(rank),
    text('4.2.2rc2'),
    text(encoding),
    Buffer.of(described),
    text('hash'),
  ]);
  const head = Buffer.alloc(HEADER_BYTES, 0xff);
  if (endianness() === 'LE') head.writeUInt32LE(payload.length, 8);
  else head.writeUInt32BE(payload.length, 8);
  return Buffer.concat([head, payload]);
}
