/** A spawner whose processes are programs on a virtual clock: nothing of it is real, everything repeats. */
import type { Cancel, Clock } from '../clock.ts';
import { BprocError } from '../errors.ts';
import type {
  HeldProcess,
  ProcessIdentity,
  SignalScope,
  SpawnedProcess,
  Spawner,
  SpawnRequest,
  SpawnSink,
  TreeEntry,
} from '../linux/index.ts';
import { NoProcess } from '../linux/index.ts';

import { ReleasedHandle, VirtualHandle } from './virtual-handle.ts';
import type { HolderPeer } from './virtual-holder.ts';
import { VirtualHolder } from './virtual-holder.ts';
import type { KeptListener } from './virtual-kept.ts';
import type { VirtualMachineOptions } from './virtual-machine.ts';
import { VirtualMachine } from './virtual-machine.ts';
import type { VirtualProcess } from './virtual-process.ts';

/** How a virtual slave starts processes. */
export interface VirtualSpawnerOptions extends VirtualMachineOptions {
  /** What starts its processes. @default one of its own, on a machine of its own */
  readonly holder?: VirtualHolder;
  /** Whether the holder keeps them while no spawner is connected to it; else they end with the spawner. @default false */
  readonly keeps?: boolean;
  /** Milliseconds from the spawner to its holder, and back; meanwhile what is under way can be lost. @default 0 */
  readonly holderMs?: number;
  /** Bytes of input that the holder is given before the process takes them. @default 1 MiB */
  readonly aheadBytes?: number;
}

/** How a spawner ends without warning. */
export interface SpawnerCrash {
  /** What runs is not killed, but runs on as nobody's; what a holder keeps is not killed anyway. */
  readonly survive?: boolean;
  /** Which part of what was under way to the holder still gets there, 0 to 1. @default 0 */
  readonly arrives?: number;
}

/** The engine of one life of a virtual slave. */
export class VirtualSpawner implements Spawner, HolderPeer {
  readonly engine = 'virtual';
  readonly keeps: boolean;
  readonly holder: VirtualHolder;
  readonly #clock: Clock;
  readonly #options: VirtualSpawnerOptions;
  readonly #handles = new Map<number, VirtualHandle>();
  readonly #held = new Map<number, HeldProcess>();
  readonly #remembered: readonly Uint8Array[];
  /** What is under way to the holder, and from it. */
  readonly #orders = new Map<() => void, Cancel>();
  readonly #news = new Set<Cancel>();
  readonly #lostListeners: ((error: BprocError) => void)[] = [];
  #nextId = 1;
  /** Why nothing can be started any more. */
  #failure: BprocError | undefined;

  /** @throws BprocError EBUSY, ECONNREFUSED as {@link VirtualHolder.connect} does. */
  constructor(clock: Clock, options: VirtualSpawnerOptions = {}) {
    this.#clock = clock;
    this.#options = options;
    this.keeps = options.keeps ?? false;
    this.holder = options.holder ?? new VirtualHolder(new VirtualMachine(clock, options), new Uint8Array(16));
    this.holder.connect(this);
    this.#remembered = this.holder.remembered;
  }

  get instance(): Uint8Array {
    return this.holder.instance;
  }

  /** The processes that live now on its machine. */
  get alive(): readonly VirtualProcess[] {
    return this.holder.machine.alive;
  }

  spawn(request: SpawnRequest, sink: SpawnSink): SpawnedProcess {
    this.holder.machine.options.onSpawn?.(request);
    if (this.#failure !== undefined) return this.#fail(sink, this.#failure);
    if (request.fileAgent === true) return this.#fail(sink, new BprocError('ENOSYS', 'virtual nodes have no files'));
    const id = this.#nextId;
    this.#nextId += 1;
    const handle = this.#handle(id, request, undefined);
    this.#order((holder) => holder.start(id, request));
    handle.open(sink);
    return handle;
  }

  held(): readonly HeldProcess[] {
    return [...this.#held.values()];
  }

  remembered(): readonly Uint8Array[] {
    return this.#remembered;
  }

  adopt({ id, marker }: HeldProcess, sink: SpawnSink): SpawnedProcess {
    if (this.#held.get(id)?.phase === 'released') {
      this.#held.delete(id);
      return new ReleasedHandle((name) => this.#order((holder) => holder.forget(id, name)));
    }
    const handle = this.#handles.get(id);
    if (handle === undefined || this.#held.get(id)?.marker !== marker) {
      return this.#fail(sink, new BprocError('ESRCH', `process ${id} is not held here any more`));
    }
    this.#held.delete(id);
    this.#soon(() => handle.open(sink));
    return handle;
  }

  async list(): Promise<readonly TreeEntry[]> {
    return this.holder.machine.list().filter(({ origin }) => !this.holder.hasReleased(origin));
  }

  signal(identity: ProcessIdentity, signal: number, scope: SignalScope): Promise<boolean> {
    const { machine } = this.holder;
    return machine.signal(machine.find(identity), signal, scope);
  }

  async sweep(prefix: string): Promise<number> {
    return this.holder.machine.sweep(prefix);
  }

  async leave(): Promise<void> {
    if (this.keeps) this.#disconnect(1);
    else await this[Symbol.asyncDispose]();
  }

  /** The slave that used it has died: nothing is told of what it started. Without a holder of its own that dies too. */
  crash({ survive = false, arrives = 0 }: SpawnerCrash = {}): void {
    this.#disconnect(arrives);
    if (this.keeps || survive) return;
    this.holder.shutdown();
    this.holder.machine.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disconnect(1);
    this.holder.shutdown();
  }

  onLost(listener: (error: BprocError) => void): void {
    this.#lostListeners.push(listener);
  }

  // What its holder tells.

  hold(held: HeldProcess, request: SpawnRequest): void {
    const { id } = held;
    this.#held.set(id, held);
    if (held.phase !== 'released') this.#handle(id, request, held);
    this.#nextId = Math.max(this.#nextId, id + 1);
  }

  told(id: number, say: (listener: KeptListener) => void): void {
    this.#later(() => {
      const handle = this.#handles.get(id);
      if (handle !== undefined) say(handle);
    });
  }

  lost(error: BprocError): void {
    this.#later(() => {
      this.#failure = error;
      this.#held.clear();
      const handles = [...this.#handles.values()];
      this.#handles.clear();
      for (const handle of handles) handle.lost(error);
      for (const listener of this.#lostListeners) listener(error);
    });
  }

  #handle(id: number, request: SpawnRequest, held: HeldProcess | undefined): VirtualHandle {
    let known: VirtualProcess | undefined;
    // what it left behind can be signalled after the holder has forgotten it
    const processOf = (): VirtualProcess | undefined => {
      known ??= this.holder.get(id)?.process;
      return known;
    };
    const handle = new VirtualHandle({
      id,
      request,
      held,
      keeps: this.keeps,
      aheadBytes: this.#options.aheadBytes ?? 1024 * 1024,
      order: (act) => this.#order(act),
      signal: (signal, scope) => this.holder.machine.signal(processOf(), signal, scope),
      forgotten: () => this.#handles.delete(id),
    });
    this.#handles.set(id, handle);
    return handle;
  }

  #fail(sink: SpawnSink, error: BprocError): SpawnedProcess {
    this.#soon(() => sink.failed(error));
    return new NoProcess();
  }

  /** Tells something, in a turn of its own. */
  #soon(act: () => void): void {
    const cancel = this.#clock.after(0, () => {
      this.#news.delete(cancel);
      act();
    });
    this.#news.add(cancel);
  }

  #order(act: (holder: VirtualHolder) => void): void {
    const arrive = (): void => {
      this.#orders.delete(arrive);
      if (this.holder.isAlive) act(this.holder);
    };
    const { holderMs = 0 } = this.#options;
    if (holderMs > 0) this.#orders.set(arrive, this.#clock.after(holderMs, arrive));
    else arrive();
  }

  #later(act: () => void): void {
    const { holderMs = 0 } = this.#options;
    if (holderMs === 0) {
      act();
      return;
    }
    const cancel = this.#clock.after(holderMs, () => {
      this.#news.delete(cancel);
      act();
    });
    this.#news.add(cancel);
  }

  /** The connection to the holder is gone, and with it a part of what was under way. */
  #disconnect(arrives: number): void {
    this.#failure ??= new BprocError('ECANCELED', 'this spawner has been disposed of');
    const orders = [...this.#orders];
    this.holder.disconnect(this);
    for (const [, cancel] of orders) cancel();
    for (const [arrive] of orders.slice(0, Math.floor(orders.length * arrives))) arrive();
    for (const cancel of [...this.#news]) cancel();
    this.#news.clear();
    this.#orders.clear();
    this.#handles.clear();
    this.#held.clear();
  }
}
