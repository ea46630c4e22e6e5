/**
 * The virtual holder: starts processes on its machine and keeps them, with what they wrote and how they ended, while no
 * slave is connected. What it promises is what `native/README.md` says of the real one.
 */
import { BprocError } from '../errors.ts';
import type { HeldProcess, SpawnRequest } from '../linux/index.ts';
import { type KeptListener, KeptProcess } from './virtual-kept.ts';
import type { VirtualMachine } from './virtual-machine.ts';

/** Names remembered of what was forgotten. */
const MOST_NAMES = 16_384;

/** The slave at the other end. */
export interface HolderPeer {
  /** A process that was there before it; what is told of that follows. */
  hold(held: HeldProcess, request: SpawnRequest): void;
  /** Something happened to a process. */
  told(id: number, say: (listener: KeptListener) => void): void;
  /** The holder is gone, and with it everything it had. */
  lost(error: BprocError): void;
}

/** One life of a holder. */
export class VirtualHolder {
  readonly machine: VirtualMachine;
  /** Drawn anew for each. */
  readonly instance: Uint8Array;
  readonly #kept = new Map<number, KeptProcess>();
  /** Pids of what runs on as nobody's. */
  readonly #released = new Set<number>();
  /** Names of what was forgotten, the newest last. */
  readonly #remembered: Uint8Array[] = [];
  #peer: HolderPeer | undefined;
  #isAlive = true;

  constructor(machine: VirtualMachine, instance: Uint8Array) {
    this.machine = machine;
    this.instance = instance;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** What it still has a record of. */
  get kept(): readonly KeptProcess[] {
    return [...this.#kept.values()];
  }

  /** The names that it remembers, the oldest first. */
  get remembered(): readonly Uint8Array[] {
    return [...this.#remembered];
  }

  /**
   * A slave connects: it is told what is held, and everything that happens from then on.
   *
   * @throws BprocError EBUSY where another one is connected; ECONNREFUSED where the holder has ended.
   */
  connect(peer: HolderPeer): void {
    if (!this.#isAlive) throw new BprocError('ECONNREFUSED', 'this holder has ended: make another one');
    if (this.#peer !== undefined) throw new BprocError('EBUSY', 'this holder serves another slave: end that first');
    this.#peer = peer;
    for (const kept of this.kept) {
      peer.hold(kept.describe(), kept.request);
      if (!kept.isReleased) kept.rewind();
    }
  }

  /** The slave is gone; everything is kept. */
  disconnect(peer: HolderPeer): void {
    if (this.#peer === peer) this.#peer = undefined;
  }

  get(id: number): KeptProcess | undefined {
    return this.#kept.get(id);
  }

  /** Starts a program; its slave is told what becomes of it. */
  start(id: number, request: SpawnRequest): void {
    const { machine } = this;
    machine.options.onStarting?.(request);
    const kept = new KeptProcess(id, request, (say) => {
      if (this.#isAlive) this.#peer?.told(id, say);
    });
    this.#kept.set(id, kept);
    machine.clock.after(machine.options.spawnMs ?? 1, () => {
      if (!this.#isAlive) return;
      const program = machine.programOf(request);
      if (BprocError.is(program)) {
        this.#kept.delete(id);
        kept.fail(program);
        return;
      }
      const process = machine.create(request, kept.listener, kept.outputs);
      kept.begin(process);
      machine.options.onStarted?.(process, request);
      process.run(program);
    });
  }

  /** The end of a process was taken, or that it was released was. */
  forget(id: number, name: Uint8Array | undefined): void {
    if (name !== undefined) this.#remembered.push(name);
    if (this.#remembered.length > MOST_NAMES) this.#remembered.shift();
    const kept = this.#kept.get(id);
    if (kept?.isReleased === true || kept?.hasExited === true) this.#kept.delete(id);
  }

  /** A process runs on as nobody's; what was noted of it is told until it is forgotten. */
  release(id: number): void {
    const kept = this.#kept.get(id);
    if (kept === undefined) return;
    kept.release();
    if (kept.process !== undefined) this.#released.add(kept.process.pid);
  }

  /** Whether a process runs on as nobody's. */
  hasReleased(pid: number): boolean {
    return this.#released.has(pid);
  }

  /** It dies, and with it everything on its machine. */
  kill(): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    this.#kept.clear();
    this.machine.kill();
    this.#peer?.lost(new BprocError('ECONNRESET', 'the holder that kept the processes has gone'));
    this.#peer = undefined;
  }

  /** It ends in order: kills what it was not told to release, and its slave is told nothing more. */
  shutdown(): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    this.#kept.clear();
    this.machine.kill(({ origin }) => !this.hasReleased(origin));
  }
}
