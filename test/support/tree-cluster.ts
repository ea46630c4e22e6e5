/** A cluster on one unix socket whose slaves may be spoken to, or be replaced, by hand: for images from slave to slave. */
import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { connect as connectSocket, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { decodeImage } from '../../src/bproc/image/index.ts';
import type { Client, Master, Slave, SlaveOptions } from '../../src/index.ts';
import { connect, startMaster, startSlave } from '../../src/index.ts';
import { parseAddress } from '../../src/transport/index.ts';
import type { Source } from '../../src/wire/index.ts';
import { PaperSpawner } from './paper-spawner.ts';
import { idOf, RawPeer, rawSlave } from './raw-peer.ts';
import { scratchTree } from './scratch.ts';

/** What an image consists of: its name, and its blobs, the manifest's own included. */
export interface WholeImage {
  readonly name: string;
  readonly blobs: ReadonlyMap<string, Buffer>;
  /** The largest of them. */
  readonly largest: string;
  readonly bytes: number;
}

const WINDOW = 1024 * 1024;

/** The cluster. Disposing it ends all that was started by it. */
export class TreeCluster implements AsyncDisposable {
  readonly directory: string;
  readonly address: string;
  readonly master: Master;
  readonly client: Client;
  readonly #scratch: Disposable;
  readonly #parts: AsyncDisposable[] = [];
  #names = 0;

  private constructor(scratch: Disposable & { readonly path: string }, master: Master, client: Client) {
    this.#scratch = scratch;
    this.directory = scratch.path;
    this.address = master.addresses[0] ?? '';
    this.master = master;
    this.client = client;
  }

  static async start(): Promise<TreeCluster> {
    const scratch = scratchTree({ 'program.c': 'int main(void) { return 7; }\n' });
    execFileSync('cc', ['-static', '-o', 'program', 'program.c'], { cwd: scratch.path });
    const master = await startMaster({ listen: `unix:${join(scratch.path, 'master')}` });
    const client = await connect({ master: () => master.connect() });
    return new TreeCluster(scratch, master, client);
  }

  /** A program that no cache has, so much larger than it has to be. */
  program(extraBytes: number): string {
    this.#names += 1;
    const path = join(this.directory, `program-${this.#names}`);
    execFileSync('cp', [join(this.directory, 'program'), path]);
    appendFileSync(path, Buffer.alloc(extraBytes, this.#names));
    return path;
  }

  /** A slave whose processes are on paper. */
  async slave(node: number, options: Partial<SlaveOptions> = {}): Promise<Slave> {
    const environment = { BPROC_MASTER: 'none' };
    const slave = await startSlave({
      master: this.address,
      node,
      spawner: new PaperSpawner(),
      environment,
      ...options,
    });
    this.#parts.push(slave);
    await slave.attached;
    return slave;
  }

  /** A slave by hand. */
  async raw(node: number): Promise<RawPeer> {
    const slave = await rawSlave(this.dial(this.address), node, idOf(node + 1));
    await slave.until('the first PING', (heard) => (heard.kind === 'ping' ? true : undefined));
    return slave;
  }

  /** A connection to a unix socket. */
  dial(address: string) {
    const parsed = parseAddress(address);
    return connectSocket(parsed.kind === 'unix' ? parsed.path : '');
  }

  /** Where connections come that are served by hand. */
  async listen(accept: (peer: RawPeer) => void): Promise<string> {
    this.#names += 1;
    const path = join(this.directory, `peers-${this.#names}`);
    const server: Server = createServer((socket) => accept(new RawPeer(socket)));
    await new Promise<void>((done) => server.listen(path, done));
    this.#parts.push({ [Symbol.asyncDispose]: async () => void server.close() });
    return `unix:${path}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client[Symbol.asyncDispose]();
    for (const part of this.#parts.reverse()) await part[Symbol.asyncDispose]();
    await this.master[Symbol.asyncDispose]();
    this.#scratch[Symbol.dispose]();
  }
}

/** The next SOURCE that a slave is told. */
export async function nextSource(slave: RawPeer, image: Uint8Array, number = 0): Promise<Source> {
  const since = slave.heard.length;
  slave.send({ lack: { image, number } });
  return (await slave.control('source', since)).source;
}

/** Asks for a blob. */
export function ask(peer: RawPeer, transfer: number, image: string, blob: string): void {
  const name = (hex: string): Buffer => Buffer.from(hex, 'hex');
  peer.send({ fetch: { transfer, image: name(image), blob: name(blob), offset: 0 } });
  peer.channel.sendCredit(transfer * 4 + 3, { acked: 0, limit: WINDOW, rewind: true });
  peer.flush();
}

/** What comes of a transfer, to its end. */
export function whole(peer: RawPeer, transfer: number): Promise<Buffer> {
  const stream = transfer * 4 + 3;
  let acked = 0;
  return peer.until(`transfer ${transfer}`, () => {
    const pieces = peer.heard.flatMap((heard) => (heard.kind === 'data' && heard.stream === stream ? [heard] : []));
    const last = pieces.at(-1);
    if (last?.fin === true) return Buffer.concat(pieces.map(({ text }) => Buffer.from(text, 'latin1')));
    const received = last === undefined ? 0 : last.offset + last.text.length;
    if (received === acked) return undefined;
    acked = received;
    peer.channel.sendCredit(stream, { acked, limit: acked + WINDOW, rewind: false });
    peer.flush();
    return undefined;
  });
}

/** Why nothing comes of a transfer. */
export function failure(peer: RawPeer, transfer: number): Promise<string> {
  return peer.until(`FETCH_FAILED of ${transfer}`, (heard) =>
    heard.kind === 'control' && heard.message.body === 'fetchFailed' && heard.message.fetchFailed.transfer === transfer
      ? heard.message.fetchFailed.failure?.code
      : undefined,
  );
}

/** Fetches all of an image. */
export async function fetchAll(peer: RawPeer, name: string): Promise<WholeImage> {
  ask(peer, 1, name, name);
  const manifest = await whole(peer, 1);
  const blobs = new Map([[name, manifest]]);
  let transfer = 1;
  for (const entry of decodeImage(manifest).entries) {
    if (entry.kind !== 'file' || blobs.has(entry.blob)) continue;
    transfer += 1;
    ask(peer, transfer, name, entry.blob);
    blobs.set(entry.blob, await whole(peer, transfer));
  }
  const sizes = [...blobs].toSorted(([, a], [, b]) => b.length - a.length);
  const bytes = sizes.reduce((sum, [, each]) => sum + each.length, 0);
  return { name, blobs, largest: sizes[0]?.[0] ?? '', bytes };
}
