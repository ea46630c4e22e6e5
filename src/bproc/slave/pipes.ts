/** Pipes between processes of different nodes: what one writes others read, and no byte passes the master. PROTOCOL.md 11.6. */
import type { Socket } from 'node:net';
import type { Cancel, Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { SpawnRequest, StdioTarget } from '../../linux/index.ts';
import type { Source, Spec, Stdio } from '../../wire/index.ts';
import { StdioKind } from '../../wire/index.ts';
import { idBytes, idText } from '../ids.ts';
import type { PreparedImage } from '../image/index.ts';
import type { Uplink } from './image-supply.ts';
import type { PeerNetwork } from './peer-network.ts';
import { Pipe, type PipeReader } from './pipe.ts';
import { PipeDoor, type Visit } from './pipe-door.ts';
import { PipeSupply } from './pipe-supply.ts';

/** Bytes of a pipe's name, which is nothing that anybody could guess. */
const NAME_BYTES = 32;
const MOST_FIRST_BYTES = 16 * 1024;
/** Pipes of a slave at the same time. */
const MOST_PIPES = 256;
/** How long the master may take to say where a node is, in milliseconds. */
const SOURCE_MS = 10_000;
/** Bytes that a process is given at a time. */
const MOST_AT_ONCE = 256 * 1024;

/** The ends of pipes that a process has. */
export interface WantedPipes {
  /** It reads `first`, and then what comes through a pipe from a node. */
  readonly stdin?: { readonly name: string; readonly node: number; readonly first: Buffer };
  /** What it writes goes into a pipe. */
  readonly stdout?: { readonly name: string };
}

/** What pipes work with. */
export interface NodePipesParts {
  readonly clock: Clock;
  /** Absent: nothing comes from other slaves. */
  readonly network: PeerNetwork | undefined;
}

/** The ends of pipes that a specification asks for. @throws BprocError EINVAL for what can be none. */
export function pipesOf({ stdin, stdout, stderr }: Spec): WantedPipes | undefined {
  const isPipe = (stdio: Stdio | null): stdio is Stdio => stdio?.kind === StdioKind.PIPE;
  for (const stdio of [stdin, stdout]) {
    if (!isPipe(stdio)) continue;
    if (stdio.pipe.length !== NAME_BYTES) throw new BprocError('EINVAL', `a pipe has a name of ${NAME_BYTES} bytes`);
    if (stdio.first.length > MOST_FIRST_BYTES) throw new BprocError('EINVAL', 'too much comes before a pipe');
  }
  if (isPipe(stderr)) throw new BprocError('EINVAL', 'stderr is no pipe between nodes: only stdin and stdout are');
  if (!isPipe(stdin) && !isPipe(stdout)) return undefined;
  return {
    ...(isPipe(stdin) && { stdin: { name: idText(stdin.pipe), node: stdin.node, first: Buffer.from(stdin.first) } }),
    ...(isPipe(stdout) && { stdout: { name: idText(stdout.pipe) } }),
  };
}

/** The pipes of a node. Disposing of it ends them. */
export class NodePipes implements Disposable {
  readonly #parts: NodePipesParts;
  readonly #pipes = new Map<string, Pipe>();
  /** Those of which another slave has not said yet that it gives them. */
  readonly #coming = new Map<string, Promise<Pipe>>();
  readonly #asked = new Map<string, (source: Source | BprocError) => void>();
  #uplink: Uplink | undefined;

  constructor(parts: NodePipesParts) {
    this.#parts = parts;
  }

  attach(uplink: Uplink): void {
    this.detach();
    this.#uplink = uplink;
  }

  detach(): void {
    this.#uplink = undefined;
    const error = new BprocError('ECONNRESET', 'the master cannot be asked where a node is');
    for (const tell of [...this.#asked.values()]) tell(error);
  }

  /** The master says where a node is. */
  source(message: Source): void {
    this.#asked.get(idText(message.image))?.(message);
  }

  /** What another slave reads that was let in for a pipe; undefined for what is no pipe here. @throws BprocError ESTALE. */
  reader(name: string): PipeReader | undefined {
    return this.#pipes.get(name)?.attach();
  }

  /**
   * Makes the ends of pipes that a process is to have. Pipes outlast the process until all of what it has written is read.
   *
   * @throws BprocError ENOSYS, whatever it is that keeps them from being had, so that its client takes another way.
   */
  async prepare({ stdin, stdout }: WantedPipes): Promise<PreparedImage> {
    const ends: Disposable[] = [];
    const targets: [StdioTarget?, StdioTarget?] = [];
    try {
      if (stdin !== undefined) targets[0] = await this.#makeInput(stdin, ends);
      if (stdout !== undefined) targets[1] = await this.#makeOutput(stdout, ends);
    } catch (cause) {
      for (const end of ends) end[Symbol.dispose]();
      const { message } = BprocError.from(cause);
      throw new BprocError('ENOSYS', `there is no pipe between these nodes: ${message}`, { cause });
    }
    return {
      isRoot: false,
      request: (request): SpawnRequest => {
        const [input, output, errors] = request.stdio;
        return { ...request, stdio: [targets[0] ?? input, targets[1] ?? output, errors] };
      },
      [Symbol.dispose]: () => {
        for (const end of ends) end[Symbol.dispose]();
      },
    };
  }

  [Symbol.dispose](): void {
    this.detach();
    const error = new BprocError('ECANCELED', 'the slave has stopped');
    for (const pipe of [...this.#pipes.values()]) pipe.destroy(error);
  }

  async #makeOutput({ name }: { readonly name: string }, ends: Disposable[]): Promise<StdioTarget> {
    if (this.#pipes.has(name)) throw new BprocError('EEXIST', 'a pipe of this name is there already');
    const pipe = this.#make(name);
    const missed = (): void => pipe.end(new BprocError('ECANCELED', 'who was to write did not come'));
    return open(ends, { came: (socket) => void fill(pipe, socket), missed });
  }

  async #makeInput({ name, node, first }: Required<WantedPipes>['stdin'], ends: Disposable[]): Promise<StdioTarget> {
    const pipe = this.#pipes.get(name) ?? (await (this.#coming.get(name) ?? this.#bring(name, node)));
    const reader = pipe.attach();
    return open(ends, { came: (socket) => void drain(reader, first, socket), missed: () => reader.cancel() });
  }

  #bring(name: string, node: number): Promise<Pipe> {
    const coming = this.#connect(name, node).finally(() => this.#coming.delete(name));
    this.#coming.set(name, coming);
    return coming;
  }

  /** Has a pipe come from another slave. */
  async #connect(name: string, node: number): Promise<Pipe> {
    const uplink = this.#uplink;
    const { network, clock } = this.#parts;
    if (uplink?.hasTree !== true || network === undefined) {
      throw new BprocError('ENOSYS', 'this slave reaches no other ones');
    }
    const source = await this.#ask(uplink, name, node);
    let supply: PipeSupply | undefined;
    const pipe = this.#make(name, () => supply?.close());
    supply = new PipeSupply({ name, uplink, network, clock, pipe });
    try {
      await supply.connect(source, node);
      return pipe;
    } catch (error) {
      pipe.end(BprocError.from(error));
      throw error;
    }
  }

  async #ask({ link }: Uplink, name: string, node: number): Promise<Source> {
    let cancel: Cancel = () => {};
    const answer = await new Promise<Source | BprocError>((resolve) => {
      this.#asked.set(name, resolve);
      cancel = this.#parts.clock.after(SOURCE_MS, () => {
        resolve(new BprocError('ETIMEDOUT', `the master does not say where node ${node} is`));
      });
      link.send({ lack: { image: idBytes(name), number: 0, node } });
    });
    cancel();
    this.#asked.delete(name);
    if (BprocError.is(answer)) throw answer;
    if (answer.node !== node)
      throw new BprocError('ECONNREFUSED', `no other slave can connect to that of node ${node}`);
    return answer;
  }

  #make(name: string, onOver: () => void = () => {}): Pipe {
    if (this.#pipes.size >= MOST_PIPES) throw new BprocError('EAGAIN', `${MOST_PIPES} pipes are in use here`);
    const pipe = new Pipe(() => {
      this.#pipes.delete(name);
      onOver();
    });
    this.#pipes.set(name, pipe);
    return pipe;
  }
}

/** A door for one process, which closes with the other ends. */
async function open(ends: Disposable[], visit: Visit): Promise<StdioTarget> {
  try {
    const door = await PipeDoor.open(visit);
    ends.push(door);
    return door.target;
  } catch (error) {
    visit.missed();
    throw error;
  }
}

/** Passes on what a process writes, as long as somebody reads it. */
async function fill(pipe: Pipe, socket: Socket): Promise<void> {
  try {
    for await (const bytes of socket) {
      await pipe.write(Buffer.from(bytes));
      if (pipe.isOver) break;
    }
    pipe.end();
  } catch (cause) {
    pipe.end(BprocError.from(cause));
  }
  socket.destroy();
}

/** Passes on what a process is to read. */
async function drain(reader: PipeReader, first: Buffer, socket: Socket): Promise<void> {
  // it may leave at any time, and whoever waits then waits for nothing
  socket.on('error', () => {}).once('close', () => reader.cancel());
  socket.resume();
  try {
    let bytes = first;
    do {
      if (!socket.write(bytes)) await room(socket);
      bytes = await reader.take(MOST_AT_ONCE);
    } while (bytes.length > 0);
    socket.end();
  } catch {
    socket.destroy();
  }
}

function room(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
    if (socket.destroyed) done();
  });
}
