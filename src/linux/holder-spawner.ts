/**
 * The engine `holder`: a small native program starts the processes, tells all that can be known of them, and
 * keeps them, with their output and their ends, while this program is away.
 */
import { type Clock, systemClock } from '../clock.ts';
import { BprocError } from '../errors.ts';
import { FailedStart } from './failed-start.ts';
import { findHolder, type PidNamespace } from './holder-binary.ts';
import { type HolderDirectory, mayMakeNamespaces, openHolderDirectory, reachHolder } from './holder-directory.ts';
import { MOST_IDS, SAY, TOLD } from './holder-frames.ts';
import type { HolderLink, LinkOwner } from './holder-link.ts';
import { HolderProcess, type ProcessHost } from './holder-process.ts';
import { checkStart, DEFAULT_WINDOW_BYTES, sayStart, streamsOf } from './holder-start.ts';
import { readHeld, tellProcess } from './holder-told.ts';
import { HolderView } from './holder-view.ts';
import { isMarker } from './journal-text.ts';
import { killAll, killAndWait, markedWith, membersOf, signalForked } from './kill.ts';
import { findMembers, markerOwner, type Origin } from './process-tree.ts';
import { procfsView } from './process-view.ts';
import { signalNumber } from './signals.ts';
import type {
  HeldProcess,
  ProcessIdentity,
  SignalScope,
  SpawnedProcess,
  Spawner,
  SpawnRequest,
  SpawnSink,
  TreeEntry,
} from './spawner.ts';

/** How {@link createHolderSpawner} goes about it. */
export interface HolderSpawnerOptions {
  /** The holder's program. Default: the one that was built with this package. */
  readonly binary?: string | undefined;
  /**
   * Where the holder lives that keeps processes, their output and their ends while the program is away; for one
   * spawner at a time. Default: a holder of this spawner's own, which ends with it and with the program.
   */
  readonly stateDir?: string | undefined;
  /** How long descendants may hold an output open after their process ended, in milliseconds. Default 500. */
  readonly lingerMs?: number | undefined;
  /** The clock that `lingerMs` goes by. Default: the machine's. */
  readonly clock?: Clock | undefined;
  /**
   * Where processes get numbers of their own: in a new pid namespace (`root`), in one with a user namespace for
   * ordinary users (`user`), or `none`. Default `auto`: the first of them that the machine permits.
   */
  readonly pidNamespace?: PidNamespace | undefined;
  /** With `stateDir`: how long a holder waits for the program to return before it kills what it holds, in milliseconds. Default: for ever. */
  readonly orphanedMs?: number | undefined;
  /** More options of the holder's program, for tests. */
  readonly holderOptions?: readonly string[] | undefined;
}

const DISPOSE_DEADLINE_MS = 10_000;
const LEFTOVERS_DEADLINE_MS = 5_000;

/**
 * Makes a spawner on a holder: the one that lives in `stateDir`, or a new one.
 *
 * @throws BprocError ENOENT where the holder's program was not built, EBUSY where another spawner uses `stateDir`,
 *   EPERM where a namespace that was asked for is not permitted, or the code of the file operation that failed.
 */
export async function createHolderSpawner(options: HolderSpawnerOptions = {}): Promise<HolderSpawner> {
  const { lingerMs = 500, clock = systemClock(), stateDir, pidNamespace = 'auto', orphanedMs } = options;
  for (const [name, value] of Object.entries({ lingerMs, orphanedMs: orphanedMs ?? 0 })) {
    if (!(value >= 0)) throw new BprocError('EINVAL', `${name} is ${value}: it must be 0 or more milliseconds`);
  }
  const binary = findHolder(options.binary);
  const directory = openHolderDirectory(stateDir);
  const launch = {
    binary,
    directory: directory.path,
    orphanedMs: stateDir === undefined ? 0 : orphanedMs,
    pidNamespace,
    options: options.holderOptions ?? [],
  };
  const keeps = stateDir !== undefined;
  try {
    const spawner = await reachHolder(launch, !keeps, (link) => {
      return new HolderSpawner(link, { directory, keeps, lingerMs, clock });
    });
    // Nobody else is to find a holder that is this spawner's own.
    if (!keeps) directory.close();
    return spawner;
  } catch (error) {
    directory.close();
    throw error;
  }
}

/** What a {@link HolderSpawner} is made of. */
interface SpawnerParts {
  readonly directory: HolderDirectory;
  readonly keeps: boolean;
  readonly lingerMs: number;
  readonly clock: Clock;
}

/** The spawner. */
export class HolderSpawner implements Spawner, ProcessHost, LinkOwner {
  readonly engine = 'holder';
  readonly lingerMs: number;
  readonly clock: Clock;
  readonly keeps: boolean;
  readonly link: HolderLink;
  readonly view: HolderView;
  readonly #directory: HolderDirectory;
  readonly #mayMakeNamespaces = mayMakeNamespaces();
  /** Everyone whom the holder has, by its number there, but for those that were released. */
  readonly #processes = new Map<number, HolderProcess>();
  /** The numbers of those that were: their ends are not told. */
  readonly #releasedIds = new Set<number>();
  /** Those that run, by pid. */
  readonly #running = new Map<number, HolderProcess>();
  /** Who got each UTS namespace last: its number may have come round. */
  readonly #namespaces = new Map<number, HolderProcess>();
  #nextId = 0;
  #open = 0;
  #failure: BprocError | undefined;
  #leftovers: Promise<unknown> = Promise.resolve();
  #disposing: Promise<void> | undefined;
  #emptied: (() => void) | undefined;

  /** Use {@link createHolderSpawner}. */
  constructor(link: HolderLink, { directory, keeps, lingerMs, clock }: SpawnerParts) {
    this.link = link;
    this.#directory = directory;
    this.keeps = keeps;
    this.lingerMs = lingerMs;
    this.clock = clock;
    this.view = new HolderView(link, ({ pid, startTime }) => {
      return this.#running.get(pid)?.running?.startTime === startTime;
    });
  }

  /** Whether the processes' pids are those of a namespace of their own. */
  get isNamespaced(): boolean {
    return this.link.welcome.isNamespaced;
  }

  get choosesPids(): boolean {
    return this.isNamespaced;
  }

  get instance(): Uint8Array {
    return this.link.welcome.instance;
  }

  spawn(request: SpawnRequest, sink: SpawnSink): SpawnedProcess {
    try {
      this.#requireOpen(`program ${JSON.stringify(request.file)} cannot be started`);
      checkStart(request);
      const id = this.#takeId();
      sayStart(this.link.writer, id, request, this.isNamespaced || this.#mayMakeNamespaces);
      const { marker, windowBytes = DEFAULT_WINDOW_BYTES } = request;
      const process = new HolderProcess({ id, marker, streams: streamsOf(request), windowBytes, request, sink }, this);
      this.#processes.set(id, process);
      this.#count(1);
      this.link.queued();
      return process;
    } catch (error) {
      const failed = new FailedStart(sink);
      failed.fail(BprocError.from(error));
      return failed;
    }
  }

  held(): readonly HeldProcess[] {
    return [...this.#processes.values()].flatMap((process) => process.describe() ?? []);
  }

  adopt(held: HeldProcess, sink: SpawnSink): SpawnedProcess {
    const process = this.#processes.get(held.id);
    if (process?.marker === held.marker && process.adopt(sink)) {
      if (process.isOpen) this.#count(1);
      return process;
    }
    const failed = new FailedStart(sink);
    failed.fail(
      new BprocError('ESRCH', `process ${held.identity?.pid ?? 'not yet started'} is not held here any more`),
    );
    return failed;
  }

  async list(): Promise<readonly TreeEntry[]> {
    const origins = this.#origins((process) => process.isOpen);
    if (origins.length === 0) return [];
    const records = await this.view.list();
    const members = await findMembers(this.view, records, origins);
    const entries: TreeEntry[] = [];
    for (const { threads: _, uts: __, marker: ___, ...record } of records) {
      const origin = members.get(record.pid);
      if (origin !== undefined) entries.push({ ...record, origin });
    }
    return entries;
  }

  async signal(identity: ProcessIdentity, signal: number, scope: SignalScope): Promise<boolean> {
    signalNumber(signal);
    return signalForked(this.view, identity, signal, scope);
  }

  async sweep(prefix: string): Promise<number> {
    if (!isMarker(prefix)) {
      throw new BprocError('EINVAL', `cannot sweep for ${JSON.stringify(prefix)}: give the beginning of a marker`);
    }
    // All of this machine, also what no holder has started; from here namespaces below can be seen into.
    return (await killAll(procfsView, markedWith(prefix))).killed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposing ??= this.#dispose();
    return this.#disposing;
  }

  leave(): Promise<void> {
    if (!this.keeps) return this[Symbol.asyncDispose]();
    this.#disposing ??= this.#leave();
    return this.#disposing;
  }

  // What processes say.

  originOf(process: HolderProcess, identity: ProcessIdentity): Origin {
    const { marker, uts } = process;
    const isOwner = uts !== undefined && this.#namespaces.get(uts) === process;
    return { ...identity, marker, uts: isOwner ? uts : undefined };
  }

  begun(process: HolderProcess): void {
    const { running, uts } = process;
    if (running !== undefined) this.#running.set(running.pid, process);
    if (uts !== undefined) this.#namespaces.set(uts, process);
  }

  refused(process: HolderProcess): void {
    this.#processes.delete(process.id);
    this.#count(process.isHeld ? 0 : -1);
  }

  finished(process: HolderProcess): void {
    this.#count(process.isHeld ? 0 : -1);
    if (!this.keeps || process.isForgotten || this.#disposing !== undefined) this.forgotten(process);
  }

  released(process: HolderProcess): void {
    this.#processes.delete(process.id);
    this.#releasedIds.add(process.id);
    this.#count(-1);
  }

  forgotten(process: HolderProcess): void {
    if (!this.#processes.delete(process.id) || this.#failure !== undefined) return;
    this.link.writer.empty(SAY.forget, 0, process.id);
    this.link.queued();
  }

  // What the link says.

  told(type: number, flags: number, id: number, payload: Buffer): void {
    if (type === TOLD.held) {
      this.#hold(id, flags, payload);
      return;
    }
    const process = this.#processes.get(id);
    if (process === undefined) return;
    if (type === TOLD.exited && process.running !== undefined) this.#running.delete(process.running.pid);
    tellProcess(process, type, flags, payload);
  }

  lost(cause: BprocError): void {
    const message = `the holder that kept the processes has gone (${cause.message}): make another spawner`;
    this.#failure = new BprocError(cause.code, message, { cause });
    const origins = this.#origins(() => true);
    const processes = [...this.#processes.values()];
    const ownerOf = markerOwner(processes.map(({ marker }) => ({ pid: 0, startTime: 0, marker })));
    this.#processes.clear();
    this.#running.clear();
    this.#open = 0;
    // A namespace has died with its first process; else its processes run on, as the children of process 1.
    if (!this.isNamespaced && processes.length > 0) {
      this.#leftovers = killAndWait(procfsView, membersOf(origins, ownerOf), LEFTOVERS_DEADLINE_MS).catch(() => []);
    }
    for (const process of processes) process.lost(this.#failure);
    this.#emptied?.();
  }

  #requireOpen(what: string): void {
    if (this.#disposing !== undefined) throw new BprocError('ECANCELED', `${what}: the spawner has been disposed of`);
    if (this.#failure !== undefined) {
      throw new BprocError(this.#failure.code, `${what}: ${this.#failure.message}`, { cause: this.#failure });
    }
  }

  #takeId(): number {
    if (this.#processes.size + this.#releasedIds.size >= MOST_IDS - 1) {
      throw new BprocError('EAGAIN', `a holder keeps no more than ${MOST_IDS - 1} processes: end some`);
    }
    do this.#nextId = (this.#nextId % (MOST_IDS - 1)) + 1;
    while (this.#processes.has(this.#nextId) || this.#releasedIds.has(this.#nextId));
    return this.#nextId;
  }

  #hold(id: number, phase: number, payload: Buffer): void {
    const record = readHeld(id, phase, payload);
    if (record === undefined) {
      // It cannot be told whose it is; its number is not to be given again.
      this.#releasedIds.add(id);
      return;
    }
    const { marker, streams, held, uts } = record;
    const process = new HolderProcess({ id, marker, streams, windowBytes: DEFAULT_WINDOW_BYTES, held }, this);
    process.uts = uts;
    this.#processes.set(id, process);
    this.begun(process);
    this.#nextId = Math.max(this.#nextId, id);
  }

  #origins(which: (process: HolderProcess) => boolean): readonly Origin[] {
    return [...this.#processes.values()].filter(which).flatMap((process) => process.origin ?? []);
  }

  /** Keeps the program alive while there is something that it wants to hear the end of. */
  #count(change: number): void {
    const before = this.#open;
    this.#open = Math.max(0, before + change);
    if ((before === 0) !== (this.#open === 0)) this.link.keepAlive(this.#open > 0);
    this.#checkEmptied();
  }

  async #leave(): Promise<void> {
    this.#processes.clear();
    await this.link.close();
    this.#directory.close();
  }

  async #dispose(): Promise<void> {
    try {
      if (this.#failure === undefined) await this.#endAll();
      await this.#leftovers;
      if (this.#failure === undefined) await this.link.shutdown();
    } finally {
      this.#directory.close();
    }
  }

  /** Kills everyone and waits for their ends; what they left behind is the holder's to kill. */
  async #endAll(): Promise<void> {
    this.link.keepAlive(true);
    for (const process of this.#processes.values()) process.end();
    let cancel = (): void => undefined;
    const late = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(true), DISPOSE_DEADLINE_MS);
      cancel = () => clearTimeout(timer);
    });
    const empty = new Promise<boolean>((resolve) => {
      this.#emptied = () => resolve(false);
    });
    this.#checkEmptied();
    const isLate = await Promise.race([late, empty]);
    cancel();
    if (!isLate) return;
    const pids = [...this.#running.keys()].join(', ');
    await this.link.close();
    throw new BprocError('ETIMEDOUT', `processes ${pids} do not end although they were killed: look at them by hand`);
  }

  #checkEmptied(): void {
    if (this.#emptied === undefined) return;
    for (const process of this.#processes.values()) if (process.isOpen) return;
    this.#emptied();
  }
}
