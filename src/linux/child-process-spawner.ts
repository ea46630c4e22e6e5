/**
 * The engine `child_process`: processes started by Node itself, with nothing to install. It is the
 * slower one, and its processes do not survive the program; see the seam for what all engines do.
 */
import type { ChildProcess } from 'node:child_process';
import { setImmediate as turn } from 'node:timers/promises';
import { type Clock, systemClock } from '../clock.ts';
import { BprocError } from '../errors.ts';
import { Child, type ChildHost } from './child.ts';
import { FailedStart } from './failed-start.ts';
import { InputWatch } from './input-watch.ts';
import { isMarker } from './journal-text.ts';
import { killAll, killAndWait, markedWith, membersOf, signalForked } from './kill.ts';
import { identify, launch } from './launch.ts';
import { findMembers, type Origin } from './process-tree.ts';
import { procfsView } from './process-view.ts';
import { listProcesses, readMarkers } from './procfs.ts';
import { signalNumber } from './signals.ts';
import type { SpawnRequest } from './spawn-request.ts';
import type {
  HeldProcess,
  ProcessIdentity,
  SignalScope,
  SpawnedProcess,
  Spawner,
  SpawnSink,
  TreeEntry,
} from './spawner.ts';
import { startFailure } from './start-failure.ts';
import { openStateDirectory, type StateDirectory } from './state-directory.ts';
import { Warden } from './warden.ts';

/** How {@link createChildProcessSpawner} goes about it. */
export interface ChildProcessSpawnerOptions {
  /**
   * Where the journal of running processes is kept, for one spawner at a time. What a predecessor
   * left running there is killed first. Default: a private directory that goes with the spawner.
   */
  readonly stateDir?: string | undefined;
  /** How long descendants may hold an output open after their process ended, in milliseconds. Default 500. */
  readonly lingerMs?: number | undefined;
  /** The clock that `lingerMs` goes by. Default: the machine's. */
  readonly clock?: Clock | undefined;
}

const DISPOSE_DEADLINE_MS = 10_000;

/**
 * Makes a spawner on `child_process`.
 *
 * @throws BprocError EBUSY where another spawner uses `stateDir`, ETIMEDOUT where a predecessor's
 *   process cannot be killed, ENOSYS without `/proc`, or the code of the file operation that failed.
 */
export async function createChildProcessSpawner(options: ChildProcessSpawnerOptions = {}): Promise<Spawner> {
  const lingerMs = options.lingerMs ?? 500;
  if (!(lingerMs >= 0)) throw new BprocError('EINVAL', `lingerMs is ${lingerMs}: it must be 0 or more milliseconds`);
  const state = await openStateDirectory(options.stateDir);
  return new ChildProcessSpawner(state, lingerMs, options.clock ?? systemClock());
}

class ChildProcessSpawner implements Spawner, ChildHost {
  readonly engine = 'child_process';
  readonly lingerMs: number;
  readonly clock: Clock;
  readonly #state: StateDirectory;
  readonly #warden: Warden;
  /** Everyone whose process or pipes are still there. */
  readonly #children = new Set<Child>();
  readonly #released = new Set<Child>();
  /** Processes that Node has started but that count as failed: they are killed, and waited for. */
  readonly #refused = new Set<ChildProcess>();
  readonly #inputs = new InputWatch();
  #disposing: Promise<void> | undefined;
  #emptied: (() => void) | undefined;

  constructor(state: StateDirectory, lingerMs: number, clock: Clock) {
    this.#state = state;
    this.lingerMs = lingerMs;
    this.clock = clock;
    this.#warden = new Warden(state.journal.path, state.privatePath);
  }

  spawn(request: SpawnRequest, sink: SpawnSink): SpawnedProcess {
    try {
      this.#prepare(request);
      return this.#start(request, sink);
    } catch (error) {
      const failed = new FailedStart(sink);
      failed.fail(BprocError.from(error));
      return failed;
    }
  }

  async list(): Promise<readonly TreeEntry[]> {
    if (this.#children.size === 0) return [];
    const records = await listProcesses();
    const members = await findMembers(procfsView, records, this.#origins());
    const entries: TreeEntry[] = [];
    for (const { threads: _, ...record } of records) {
      const origin = members.get(record.pid);
      if (origin !== undefined) entries.push({ ...record, origin });
    }
    return entries;
  }

  async signal(identity: ProcessIdentity, signal: number, scope: SignalScope): Promise<boolean> {
    signalNumber(signal);
    return signalForked(procfsView, identity, signal, scope);
  }

  async sweep(prefix: string): Promise<number> {
    if (!isMarker(prefix)) {
      throw new BprocError('EINVAL', `cannot sweep for ${JSON.stringify(prefix)}: give the beginning of a marker`);
    }
    return (await killAll(procfsView, markedWith(prefix))).killed;
  }

  held(): readonly HeldProcess[] {
    return [];
  }

  adopt(held: HeldProcess, sink: SpawnSink): SpawnedProcess {
    const failed = new FailedStart(sink);
    failed.fail(new BprocError('ESRCH', `process ${held.identity?.pid} is not held: this engine keeps nothing`));
    return failed;
  }

  leave(): Promise<void> {
    return this[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposing ??= this.#dispose();
    return this.#disposing;
  }

  ended(child: Child): void {
    this.#state.journal.ended(child.origin.pid);
  }

  finished(child: Child): void {
    this.#inputs.delete(child);
    this.#children.delete(child);
    this.#released.delete(child);
    this.#checkEmptied();
  }

  released(child: Child): void {
    this.#children.delete(child);
    this.#released.add(child);
    this.#state.journal.released(child.origin);
    this.#checkEmptied();
  }

  /** What has to be true before anything is started. */
  #prepare({ file, marker, cwd }: SpawnRequest): void {
    const what = `program ${JSON.stringify(file)} cannot be started`;
    if (this.#disposing !== undefined) throw new BprocError('ECANCELED', `${what}: the spawner has been disposed of`);
    if (!isMarker(marker)) {
      throw new BprocError('EINVAL', `${what}: its marker must be 1 to 4096 printable ASCII characters, no spaces`);
    }
    // Node takes an empty path for none, and its own directory for that.
    if (cwd === '') throw new BprocError('ENOENT', `${what}: working directory "" does not exist`);
    this.#warden.ensure();
    this.#state.journal.intend(marker);
    if (this.#state.journal.isLong) void this.#compact();
  }

  #start(request: SpawnRequest, sink: SpawnSink): SpawnedProcess {
    const process = launch(request);
    if (process.pid === undefined) return this.#awaitFailure(request, process, sink);
    let origin: Origin;
    try {
      origin = identify(request, process.pid);
    } catch (error) {
      this.#refuse(process);
      throw error;
    }
    this.#state.journal.started(origin);
    const child = new Child(process, origin, sink, this);
    this.#children.add(child);
    if (request.stdio[0] === 'pipe') this.#inputs.add(child);
    return child;
  }

  #awaitFailure(request: SpawnRequest, process: ChildProcess, sink: SpawnSink): SpawnedProcess {
    const failed = new FailedStart(sink);
    process.once('error', (cause) => {
      process.stdout?.destroy();
      process.stderr?.destroy();
      failed.fail(startFailure(request, cause));
    });
    return failed;
  }

  #refuse(process: ChildProcess): void {
    this.#refused.add(process);
    process.once('exit', () => {
      this.#refused.delete(process);
      this.#checkEmptied();
    });
    for (const stream of process.stdio) {
      stream?.on('error', () => undefined);
      stream?.destroy();
    }
    process.kill('SIGKILL');
  }

  #origins(): readonly Origin[] {
    return [...this.#children].map((child) => child.origin);
  }

  async #compact(): Promise<void> {
    try {
      const finish = this.#state.journal.compact();
      const markers = new Set((await readMarkers(await listProcesses())).values());
      if (this.#disposing === undefined) finish((marker) => markers.has(marker));
    } catch {
      // Then it stays as long as it is; nothing but room is lost.
    }
  }

  async #dispose(): Promise<void> {
    this.#inputs.stop();
    let killed = false;
    try {
      await this.#killEverything();
      killed = true;
      for (const child of this.#children) child.finish();
      await this.#empty();
    } finally {
      for (const child of this.#released) child.closePipes();
      // What could not be killed here is left to the warden, which outlives the program.
      if (killed) await this.#warden.dismiss();
      else this.#warden.leave();
      if (killed) this.#state.close();
      // Closed sockets give their descriptors back at once, and their handles in the next turn.
      await turn();
    }
  }

  async #killEverything(): Promise<void> {
    const { markers } = this.#state.journal.read();
    if (markers.size === 0) return;
    const owner = (marker: string): number | undefined => (markers.has(marker) ? 0 : undefined);
    const left = await killAndWait(procfsView, membersOf(this.#origins(), owner), DISPOSE_DEADLINE_MS);
    if (left.length === 0) return;
    const pids = left.map((identity) => identity.pid).join(', ');
    throw new BprocError('ETIMEDOUT', `processes ${pids} do not end although they were killed: look at them by hand`);
  }

  /** Resolves when no child is left that was not released. */
  async #empty(): Promise<void> {
    if (this.#children.size === 0 && this.#refused.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
  }

  #checkEmptied(): void {
    if (this.#children.size === 0 && this.#refused.size === 0) this.#emptied?.();
  }
}
