/** Two nodes, pid namespaces of one machine, between which processes are moved as slaves do it, but for the network. */
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Capture, Connections, Restoration, TakenMemory } from '../../../src/bproc/migrate/checkpointer.ts';
import type { Checkpointer } from '../../../src/bproc/migrate/index.ts';
import type {
  ExitStatus,
  ProcessIdentity,
  SpawnedProcess,
  Spawner,
  SpawnRequest,
  SpawnSink,
  StreamPlaces,
} from '../../../src/linux/index.ts';
import { Recorder, request, until } from '../../linux/recorder.ts';

/** What the suite needs of an engine's test. */
export interface MoverParts {
  /** A new node; `scratch` is a directory of the test that it may use. */
  node(scratch: string): Promise<Spawner>;
  engine(spawner: () => Spawner, scratch: string): Promise<Checkpointer>;
  /** Whether the nodes have the rights of an ordinary user only. */
  readonly isRootless?: boolean;
}

const FIRST_PID = 5000;
/** What each node has for what its processes fork. */
const FORK_PIDS = 5000;

/** A process that moves: its output is one, wherever it was written. */
export class Traveller {
  readonly told: Recorder;
  readonly pid: number;
  process: SpawnedProcess;
  /** Nothing of what its former places tell counts. */
  leave: () => void;
  #given: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(told: Recorder, pid: number, node: Spawner, what: SpawnRequest) {
    this.told = told;
    this.pid = pid;
    const { sink, leave } = through(told);
    this.process = spawnRead(node, { ...what, pid }, sink, [0, 0]);
    this.leave = leave;
  }

  write(text: string): void {
    this.#given = Buffer.concat([this.#given, Buffer.from(text)]);
    this.process.write(Buffer.from(text));
  }

  end(): void {
    this.#ended = true;
    this.process.endStdin();
  }

  /** Gives its new place what the last one has not got rid of. */
  repeat(from: number): void {
    const rest = this.#given.subarray(from);
    if (rest.length > 0) this.process.write(rest);
    if (this.#ended) this.process.endStdin();
  }

  get identity(): ProcessIdentity | undefined {
    const started = this.told.told.findLast(({ what }) => what === 'started');
    return started?.what === 'started' ? started.identity : undefined;
  }

  /** What it wrote so far. */
  text(fd: 1 | 2 = 1): string {
    return this.told.bytes(fd).toString();
  }

  /** Waits until it has written something; gives all it wrote. */
  async says(pattern: RegExp): Promise<string> {
    return until(
      () => {
        const end = this.told.told.find(({ what }) => what === 'exited' || what === 'failed' || what === 'lost');
        const text = this.text();
        if (pattern.test(text)) return text;
        if (end !== undefined) throw new Error(`it ended: ${JSON.stringify(end)}; ${text.slice(-500)}${this.text(2)}`);
        return undefined;
      },
      `${pattern} in ${JSON.stringify(this.text().slice(-200))} ${this.text(2)}`,
    );
  }

  /** How it ends, once all it wrote is here. */
  finish(): Promise<ExitStatus> {
    return this.told.finish();
  }
}

/** A traveller that stands still. */
export interface Captured {
  readonly capture: Capture;
  readonly directory: string;
  readonly places: StreamPlaces;
}

/** A traveller that is made elsewhere, and does not run yet. */
export interface Remade {
  readonly restoration: Restoration;
  readonly process: SpawnedProcess;
  readonly told: Recorder;
  /** Passes on what it tells to the traveller. */
  follow(to: Traveller): void;
}

/** A traveller that is made elsewhere before its memory is over, and does not run yet. */
export interface Ahead {
  readonly memory: TakenMemory;
  /** Lets it run there. */
  goOn(): Promise<void>;
  /** Lets it run on where it was. */
  giveUp(): Promise<void>;
}

/** The two nodes. */
export class Mover implements AsyncDisposable {
  readonly scratch: string;
  readonly nodes: readonly Spawner[];
  readonly isRootless: boolean;
  readonly #engines: readonly Checkpointer[];
  /** The pid namespaces of the nodes. */
  readonly #spaces: readonly string[];
  #pids = FIRST_PID;
  #captures = 0;

  private constructor(
    { isRootless = false }: MoverParts,
    scratch: string,
    nodes: readonly Spawner[],
    engines: readonly Checkpointer[],
    spaces: readonly string[],
  ) {
    this.isRootless = isRootless;
    this.scratch = scratch;
    this.nodes = nodes;
    this.#engines = engines;
    this.#spaces = spaces;
  }

  static async open(parts: MoverParts): Promise<Mover> {
    const scratch = mkdtempSync('/dev/shm/bproc-test-');
    const nodes: Spawner[] = [];
    const engines: Checkpointer[] = [];
    const spaces: string[] = [];
    chmodSync(scratch, 0o755);
    try {
      for (const index of [0, 1]) {
        const own = join(scratch, `node${index}`);
        mkdirSync(own);
        const node = await parts.node(own);
        node.preferPids?.(10_000 * (index + 1), FORK_PIDS);
        nodes.push(node);
        engines.push(await parts.engine(() => node, own));
        spaces.push(await spaceOf(node));
      }
    } catch (error) {
      for (const node of nodes) await node[Symbol.asyncDispose]();
      rmSync(scratch, { recursive: true });
      throw error;
    }
    return new Mover(parts, scratch, nodes, engines, spaces);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.nodes) await node[Symbol.asyncDispose]();
    rmSync(this.scratch, { recursive: true });
  }

  node(index: number): Spawner {
    return this.nodes[index] ?? expect.fail(`there is no node ${index}`);
  }

  engine(index: number): Checkpointer {
    return this.#engines[index] ?? expect.fail(`there is no node ${index}`);
  }

  /** What runs in a node's pid namespace beside its holder, listed or not. */
  strays(index: number): readonly string[] {
    return readdirSync('/proc').flatMap((pid) => {
      try {
        if (!/^\d+$/.test(pid) || readlinkSync(`/proc/${pid}/ns/pid`) !== this.#spaces[index]) return [];
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        return /^NSpid:.*\t1$/m.test(status) ? [] : [`${pid} ${/^Name:\t(.*)$/m.exec(status)?.[1]}`];
      } catch {
        // gone meanwhile
        return [];
      }
    });
  }

  async start(what: SpawnRequest, told = new Recorder()): Promise<Traveller> {
    this.#pids += 1;
    const traveller = new Traveller(told, this.#pids, this.node(0), what);
    await begun(told);
    return traveller;
  }

  async capture(traveller: Traveller, from = 0, connections?: Connections, leavesMemory = false): Promise<Captured> {
    const { process, pid, identity } = traveller;
    this.#captures += 1;
    const directory = join(this.scratch, `images${this.#captures}`);
    mkdirSync(directory, { mode: 0o777 });
    await (process.hold?.() ?? expect.fail('the node cannot hold'));
    try {
      const capture = await this.engine(from).capture({
        pid,
        directory,
        connections,
        leavesMemory,
        ways: leavesMemory ? { sockets: [], outerPid: identity?.outerPid ?? 0 } : undefined,
      });
      const places = await (process.hold?.() ?? expect.fail('the node cannot hold'));
      await process.drain?.(places);
      return { capture, directory, places };
    } catch (error) {
      rmSync(directory, { recursive: true });
      process.letGo?.();
      throw error;
    }
  }

  /** Lets it go on where it was. */
  async abort({ process }: Traveller, { capture, directory }: Captured): Promise<void> {
    await capture.abort();
    process.letGo?.();
    rmSync(directory, { recursive: true });
  }

  /** Begins to make it elsewhere. */
  async remake(
    { pid }: Traveller,
    { directory, places }: Captured,
    to = 1,
    connections?: Connections,
    leavesMemory = false,
  ): Promise<Remade> {
    // where slaves have directories of their own
    rmSync(join(directory, 'verdict'), { force: true });
    const unread = await this.engine(to).unread(directory, places.pipes[0]);
    const restoration = await this.engine(to).restore({
      pid,
      pipes: places.pipes,
      directory,
      connections,
      leavesMemory,
    });
    const told = new Recorder();
    let sink: SpawnSink = told;
    const remake = {
      pid,
      offsets: [places.input - unread.length, ...places.outputs],
      written: [Buffer.alloc(0), Buffer.alloc(0)],
    } as const;
    const what = { ...request('remake', []), ...restoration.program, remake };
    const process = spawnRead(
      this.node(to),
      what,
      forward(() => sink),
      places.outputs,
    );
    const follow = (traveller: Traveller): void => {
      const way = through(traveller.told);
      sink = way.sink;
      traveller.process = process;
      traveller.leave = way.leave;
      traveller.repeat(places.input - unread.length);
    };
    return { restoration, process, told, follow };
  }

  /** What keeps it from being captured. */
  async inspect({ identity }: Traveller, from = 0, connections?: Connections): Promise<readonly string[]> {
    return this.engine(from).inspect(identity?.outerPid ?? 0, connections);
  }

  /** Moves it; resolves when it runs elsewhere. */
  async move(traveller: Traveller, to = 1, connections?: Connections): Promise<void> {
    expect(await this.inspect(traveller, 1 - to, connections)).toEqual([]);
    const captured = await this.capture(traveller, 1 - to, connections);
    const remade = await this.remake(traveller, captured, to, connections);
    await this.#goOn(traveller, captured, remade);
    rmSync(captured.directory, { recursive: true });
  }

  /** Ends the original, and lets what was made of it run. */
  async #goOn(traveller: Traveller, { capture }: Captured, remade: Remade): Promise<void> {
    const { process: before, leave } = traveller;
    const starts = traveller.told.count('started');
    remade.follow(traveller);
    await this.#prepared(remade, traveller.told, starts);
    leave();
    await capture.commit();
    remade.restoration.settle(true);
    await begun(traveller.told, starts);
    await remade.restoration[Symbol.asyncDispose]();
    before.letGo?.();
    before.closeOutput(1);
    before.closeOutput(2);
    before.forget();
  }

  async #prepared({ restoration }: Remade, told: Recorder, starts = 0): Promise<void> {
    await Promise.race([restoration.prepared, begun(told, starts)]).catch(async (error: unknown) => {
      throw new Error(`${await restoration.explain()}`, { cause: error });
    });
  }

  /** Begins to make it elsewhere while most of its memory is still here; resolves when it is there and does not run yet. */
  async ahead(traveller: Traveller, to = 1): Promise<Ahead> {
    const captured = await this.capture(traveller, 1 - to, undefined, true);
    const directory = `${captured.directory}-there`;
    cpSync(captured.directory, directory, { recursive: true, filter: (path) => !lstatSync(path).isSocket() });
    const memory = await this.engine(to).take({ pid: traveller.pid, directory });
    const given = await (captured.capture.later?.give() ?? expect.fail('it has taken all of its memory along'));
    given.pipe(memory.source).pipe(given);
    await memory.ready;
    const remade = await this.remake(traveller, { ...captured, directory }, to, undefined, true);
    await this.#prepared(remade, remade.told);
    return {
      memory,
      goOn: () => this.#goOn(traveller, captured, remade),
      giveUp: async () => {
        remade.restoration.settle(false);
        await memory[Symbol.asyncDispose]();
        await captured.capture.abort();
        traveller.process.letGo?.();
      },
    };
  }
}

/** The pid namespace that a node's processes are in. */
async function spaceOf(node: Spawner): Promise<string> {
  const told = new Recorder();
  const process = node.spawn(request('/bin/cat'), told);
  await begun(told);
  const [first] = told.told;
  const space = readlinkSync(`/proc/${first?.what === 'started' ? first.identity.outerPid : 0}/ns/pid`);
  process.endStdin();
  await told.finish();
  process.forget();
  return space;
}

/** Waits until one more start was told than so many. */
async function begun(told: Recorder, before = 0): Promise<void> {
  await until(() => {
    for (const each of told.told) if (each.what === 'failed') throw each.error;
    return told.count('started') > before;
  }, 'a start');
}

/** Starts a process whose output need not be kept once it was told. */
function spawnRead(
  node: Spawner,
  what: SpawnRequest,
  sink: SpawnSink,
  from: readonly [number, number],
): SpawnedProcess {
  const read = { 1: from[0], 2: from[1] };
  const output: SpawnSink['output'] = (fd, chunk) => {
    sink.output(fd, chunk);
    read[fd] += chunk.length;
    process.acknowledge(fd, read[fd]);
  };
  const process = node.spawn(what, { ...sink, output });
  return process;
}

/** A sink that tells another one, until that has left it. */
function through(to: Recorder): { readonly sink: SpawnSink; leave(): void } {
  let sink: SpawnSink = to;
  return {
    sink: forward(() => sink),
    leave: () => {
      sink = new Recorder();
    },
  };
}

/** A sink that tells whichever is to be told now. */
function forward(to: () => SpawnSink): SpawnSink {
  return {
    started: (identity) => to().started(identity),
    failed: (error) => to().failed(error),
    output: (fd, chunk) => to().output(fd, chunk),
    outputEnd: (fd) => to().outputEnd(fd),
    stdinWritten: (bytes) => to().stdinWritten(bytes),
    stdinClosed: () => to().stdinClosed(),
    stopped: (signal) => to().stopped(signal),
    continued: () => to().continued(),
    exited: (status, usage) => to().exited(status, usage),
    lost: (error) => to().lost?.(error),
  };
}
