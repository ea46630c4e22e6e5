/**
 * The engine `holder`: a small native program starts the processes, tells all that can be known of them, and
 * keeps them, with their output and their ends, while this program is away.
 */
import type { Clock } from '../clock.ts';
import { BprocError } from '../errors.ts';
import { mayUse } from './capabilities.ts';
import type { Cgroup, CgroupPool } from './cgroup-pool.ts';
import { FailedStart } from './failed-start.ts';
import type { HolderDirectory } from './holder-directory.ts';
import { HolderEnvironment } from './holder-environment.ts';
import { TOLD } from './holder-frames.ts';
import type { HolderLink, LinkOwner } from './holder-link.ts';
import { HolderProcess, type ProcessHost } from './holder-process.ts';
import { ReleasedProcess } from './holder-released.ts';
import { checkStart, DEFAULT_WINDOW_BYTES, sayStart, sayWritten, streamsOf } from './holder-start.ts';
import { HolderTable } from './holder-table.ts';
import { readHeld, tellProcess } from './holder-told.ts';
import { HolderView } from './holder-view.ts';
import { isMarker } from './journal-text.ts';
import { killAll, killAndWait, markedWith, membersOf, signalForked } from './kill.ts';
import { findMembers, markerOwner, type Origin } from './process-tree.ts';
import { procfsView } from './process-view.ts';
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

const DISPOSE_DEADLINE_MS = 10_000;
const LEFTOVERS_DEADLINE_MS = 5_000;

/** What a {@link HolderSpawner} is made of. */
export interface SpawnerParts {
  readonly directory: HolderDirectory;
  readonly keeps: boolean;
  readonly lingerMs: number;
  readonly clock: Clock;
  /** Where each process gets a cgroup of its own. */
  readonly cgroups: CgroupPool | undefined;
}

/** The spawner; `createHolderSpawner` makes it. */
export class HolderSpawner implements Spawner, ProcessHost, LinkOwner {
  readonly engine = 'holder';
  readonly lingerMs: number;
  readonly clock: Clock;
  readonly keeps: boolean;
  readonly link: HolderLink;
  readonly view: HolderView;
  readonly #directory: HolderDirectory;
  readonly #mayMakeNamespaces = mayUse('SYS_ADMIN');
  readonly #environment = new HolderEnvironment();
  readonly #cgroups: CgroupPool | undefined;
  readonly #table = new HolderTable();
  /** What runs on as nobody's, and is not forgotten. */
  readonly #released = new Map<number, HeldProcess>();
  #open = 0;
  #failure: BprocError | undefined;
  readonly #lostListeners: ((error: BprocError) => void)[] = [];
  #leftovers: Promise<unknown> = Promise.resolve();
  #disposing: Promise<void> | undefined;
  #emptied: (() => void) | undefined;

  constructor(link: HolderLink, { directory, keeps, lingerMs, clock, cgroups }: SpawnerParts) {
    this.link = link;
    this.#directory = directory;
    this.#cgroups = cgroups;
    this.keeps = keeps;
    this.lingerMs = lingerMs;
    this.clock = clock;
    this.view = new HolderView(link, (identity) => this.#table.isRunning(identity));
  }

  /** Whether the processes' pids are those of a namespace of their own. */
  get isNamespaced(): boolean {
    return this.link.welcome.isNamespaced;
  }

  get pidLimit(): number {
    return this.link.welcome.pidLimit;
  }

  get givesDescriptors(): boolean {
    return true;
  }

  get instance(): Uint8Array {
    return this.link.welcome.instance;
  }

  get usesCgroups(): boolean {
    return this.#cgroups !== undefined;
  }

  spawn(request: SpawnRequest, sink: SpawnSink): SpawnedProcess {
    let cgroup: Cgroup | undefined;
    try {
      this.#requireOpen(`program ${JSON.stringify(request.file)} cannot be started`);
      checkStart(request);
      const id = this.#table.takeId();
      cgroup = this.#cgroups?.take();
      const hasNamespace = this.isNamespaced || this.#mayMakeNamespaces;
      sayStart(this.link.writer, this.#environment, id, request, hasNamespace, cgroup);
      if (request.remake !== undefined) sayWritten(this.link.writer, id, request.remake);
      const { marker, windowBytes = DEFAULT_WINDOW_BYTES } = request;
      const streams = streamsOf(request);
      const process = new HolderProcess({ id, marker, streams, windowBytes, cgroup, request, sink }, this);
      this.#table.add(process);
      this.#count(1);
      this.link.queued();
      return process;
    } catch (error) {
      cgroup?.end(false);
      const failed = new FailedStart(sink);
      failed.fail(BprocError.from(error));
      return failed;
    }
  }

  held(): readonly HeldProcess[] {
    return [...this.#table.all.flatMap((process) => process.describe() ?? []), ...this.#released.values()];
  }

  remembered(): readonly Uint8Array[] {
    return this.link.remembered;
  }

  adopt(held: HeldProcess, sink: SpawnSink): SpawnedProcess {
    const process = this.#table.get(held.id);
    if (process?.marker === held.marker && process.adopt(sink)) {
      if (process.isOpen) this.#count(1);
      return process;
    }
    if (this.#released.delete(held.id)) return new ReleasedProcess(this.link, held.id);
    const failed = new FailedStart(sink);
    failed.fail(
      new BprocError('ESRCH', `process ${held.identity?.pid ?? 'not yet started'} is not held here any more`),
    );
    return failed;
  }

  async list(): Promise<readonly TreeEntry[]> {
    const origins = this.#table.origins((process) => process.isOpen);
    if (origins.length === 0) return [];
    const records = await this.view.list();
    const members = await findMembers(this.view, records, origins);
    const outside = new Map(records.map(({ pid, outerPid = pid }) => [pid, outerPid]));
    const outer = (pid: number): number => outside.get(pid) ?? (this.isNamespaced ? 0 : pid);
    const entries: TreeEntry[] = [];
    for (const { threads: _, uts: __, marker: ___, ...record } of records) {
      const origin = members.get(record.pid);
      if (origin === undefined) continue;
      const { ppid, pgid, sid } = record;
      entries.push({ ...record, origin, outer: { ppid: outer(ppid), pgid: outer(pgid), sid: outer(sid) } });
    }
    return entries;
  }

  onLost(listener: (error: BprocError) => void): void {
    if (this.#failure === undefined) this.#lostListeners.push(listener);
    else listener(this.#failure);
  }

  preferPids(first: number, count: number): void {
    if (this.#givesPids) this.link.preferPids(first, first + count);
  }

  keepPids(pids: readonly number[]): void {
    if (this.#givesPids) this.link.keepPids(pids, false);
  }

  freePids(pid: number): void {
    if (this.#givesPids) this.link.keepPids([pid], true);
  }

  get #givesPids(): boolean {
    return this.isNamespaced && this.#disposing === undefined && this.#failure === undefined;
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
    return this.#table.originOf(process, identity);
  }

  begun(process: HolderProcess): void {
    this.#table.begun(process);
  }

  refused(process: HolderProcess): void {
    this.#table.remove(process);
    this.#count(process.isHeld ? 0 : -1);
  }

  finished(process: HolderProcess): void {
    this.#count(process.isHeld ? 0 : -1);
    if (!this.keeps || process.isForgotten || this.#disposing !== undefined) this.forgotten(process);
  }

  released(process: HolderProcess): void {
    this.#table.occupy(process.id);
    this.#count(-1);
  }

  forgotten(process: HolderProcess): void {
    if (!this.#table.remove(process) || this.#failure !== undefined) return;
    this.link.forget(process.id, process.name);
  }

  // What the link says.

  told(type: number, flags: number, id: number, payload: Buffer): void {
    if (type === TOLD.held) {
      this.#hold(id, flags, payload);
      return;
    }
    const released = this.#released.get(id);
    if (released !== undefined && type === TOLD.noted) {
      this.#released.set(id, { ...released, note: Buffer.from(payload) });
    }
    const process = this.#table.get(id);
    if (process === undefined) return;
    if (type === TOLD.exited) this.#table.ended(process);
    tellProcess(process, type, flags, payload);
  }

  lost(cause: BprocError): void {
    const message = `the holder that kept the processes has gone (${cause.message})`;
    this.#failure = new BprocError(cause.code, message, { cause });
    const origins = this.#table.origins(() => true);
    const processes = this.#table.all;
    const ownerOf = markerOwner(processes.map(({ marker }) => ({ pid: 0, startTime: 0, marker })));
    this.#table.clear();
    this.#open = 0;
    this.#cgroups?.kill();
    // A namespace has died with its first process; else its processes run on, as the children of process 1.
    if (!this.isNamespaced && processes.length > 0) {
      this.#leftovers = killAndWait(procfsView, membersOf(origins, ownerOf), LEFTOVERS_DEADLINE_MS).catch(() => []);
    }
    for (const process of processes) process.lost(this.#failure);
    for (const tell of this.#lostListeners) tell(this.#failure);
    this.#emptied?.();
  }

  #requireOpen(what: string): void {
    if (this.#disposing !== undefined) throw new BprocError('ECANCELED', `${what}: the spawner has been disposed of`);
    if (this.#failure !== undefined) {
      throw new BprocError(this.#failure.code, `${what}: ${this.#failure.message}`, { cause: this.#failure });
    }
  }

  #hold(id: number, phase: number, payload: Buffer): void {
    const record = readHeld(id, phase, payload);
    if (record === undefined) {
      // It cannot be told whose it is; its number is not to be given again.
      this.#table.occupy(id);
      return;
    }
    const { marker, streams, windowBytes, held, uts } = record;
    if (held.phase === 'released') {
      this.#table.occupy(id);
      this.#released.set(id, held);
      return;
    }
    const cgroup = record.cgroup === undefined ? undefined : this.#cgroups?.hold(record.cgroup);
    const process = new HolderProcess({ id, marker, streams, windowBytes, cgroup, held }, this);
    process.uts = uts;
    this.#table.add(process);
    this.#table.begun(process);
  }

  /** Keeps the program alive while there is something that it wants to hear the end of. */
  #count(change: number): void {
    const before = this.#open;
    this.#open = Math.max(0, before + change);
    if ((before === 0) !== (this.#open === 0)) this.link.keepAlive(this.#open > 0);
    this.#checkEmptied();
  }

  async #leave(): Promise<void> {
    this.#table.clear();
    await this.link.close();
    this.#directory.close();
  }

  async #dispose(): Promise<void> {
    try {
      if (this.#failure === undefined) await this.#endAll();
      await this.#leftovers;
      if (this.#failure === undefined) await this.link.shutdown();
    } finally {
      // What a holder that was killed has left; another one does it itself.
      this.#cgroups?.remove();
      this.#directory.close();
    }
  }

  /** Kills everyone and waits for their ends; what they left behind is the holder's to kill. */
  async #endAll(): Promise<void> {
    this.link.keepAlive(true);
    for (const process of this.#table.all) process.end();
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
    const pids = this.#table.pids.join(', ');
    await this.link.close();
    throw new BprocError('ETIMEDOUT', `processes ${pids} do not end although they were killed: look at them by hand`);
  }

  #checkEmptied(): void {
    if (this.#emptied === undefined) return;
    if (!this.#table.hasOpen) this.#emptied();
  }
}
