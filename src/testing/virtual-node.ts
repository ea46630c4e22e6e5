/** A node of a virtual cluster: its machine, and who lives on it now. */
import { Slave } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import type { EpochStore, NodeStore, RecordLog } from '../state/index.ts';
import { memoryEpochStore } from '../state/index.ts';
import type { SeededRandom } from './seeded-random.ts';
import { VirtualHolder } from './virtual-holder.ts';
import { createVirtualImages } from './virtual-images.ts';
import type { VirtualMachine } from './virtual-machine.ts';
import type { VirtualHost } from './virtual-network.ts';
import type { VirtualProcess } from './virtual-process.ts';
import type { SpawnerCrash, VirtualSpawnerOptions } from './virtual-spawner.ts';
import { VirtualSpawner } from './virtual-spawner.ts';

type Parts = ConstructorParameters<typeof Slave>[0];
type Engine = Awaited<ReturnType<NonNullable<Parts['renew']>>>;

/** What a slave of a virtual cluster is set up with. */
export interface SlaveSetUp {
  readonly domain: string;
  readonly masterLostMs: number;
  readonly connector: Parts['connector'];
  /** Whether images can be sent to it. */
  readonly images: boolean;
  readonly services: Parts['services'];
}

/** How a slave dies. */
export interface SlaveCrash extends SpawnerCrash {
  /** As when the machine loses its power: nobody is told. */
  readonly silent?: boolean;
}

/** The node. What it keeps on its disk survives everything. */
export class VirtualNode {
  readonly node: number;
  readonly machine: VirtualMachine;
  /** Its durable promise, and its number as a slave remembers it. */
  readonly promises: EpochStore = memoryEpochStore();
  readonly number: NodeStore = memoryNodeStore();
  readonly signals: RecordLog = memoryRecordLog();
  readonly #options: VirtualSpawnerOptions;
  #holder: VirtualHolder | undefined;
  #spawner: VirtualSpawner | undefined;
  #host: VirtualHost | undefined;
  #slave: Slave | undefined;
  #images: Parts['images'];

  /** @internal */
  constructor(node: number, machine: VirtualMachine, options: VirtualSpawnerOptions) {
    this.node = node;
    this.machine = machine;
    this.#options = options;
  }

  /** Where its slave runs; undefined while it has none. */
  get host(): VirtualHost | undefined {
    return this.#host;
  }

  get slave(): Slave | undefined {
    return this.#slave;
  }

  /** What starts and keeps its processes, or did last. */
  get holder(): VirtualHolder | undefined {
    return this.#holder;
  }

  /** The life of its processes that goes on now, as text; undefined where they have all ended. */
  get boot(): string | undefined {
    return this.#holder?.isAlive === true ? Buffer.from(this.#holder.instance).toString('hex') : undefined;
  }

  /** The processes that live on its machine. */
  get alive(): readonly VirtualProcess[] {
    return this.machine.alive;
  }

  /** Starts a slave: on the holder that was left, or on a new one, and so with a new boot id. */
  start(host: VirtualHost, random: SeededRandom, setUp: SlaveSetUp): Slave {
    const { domain, masterLostMs, connector, images, services } = setUp;
    if (this.#slave !== undefined) throw new BprocError('EEXIST', `node ${this.node} has a slave: crash it first`);
    const { keeps = false } = this.#options;
    const makeEngine = (): Engine => {
      const instance = random.bytes(16);
      if (!keeps || this.#holder?.isAlive !== true) this.#holder = new VirtualHolder(this.machine, instance);
      const spawner = new VirtualSpawner(host.clock, { ...this.#options, holder: this.#holder });
      this.#spawner = spawner;
      return { spawner, life: { boot: spawner.instance, pidLimit: 0 } };
    };
    const { spawner, life } = makeEngine();
    this.#host = host;
    this.#images = images ? createVirtualImages(host, random) : undefined;
    this.#slave = new Slave({
      config: {
        life,
        domain,
        // only the first one is told its number: those that follow have to know it
        wantedNode: this.number.load() === undefined ? this.node : undefined,
        address: host.name,
        attributes: { spawner: spawner.engine },
        masterLostMs,
        random,
        keeps,
      },
      clock: host.clock,
      spawner,
      renew: keeps
        ? async () => {
            if (this.#host !== host) throw new BprocError('ECANCELED', 'this slave has died');
            return makeEngine();
          }
        : undefined,
      connector,
      promises: this.promises,
      nodes: this.number,
      signals: keeps ? this.signals : undefined,
      power: undefined,
      environment: {},
      images: this.#images,
      services,
      owned: this.#images === undefined ? [spawner] : [this.#images, spawner],
    });
    return this.#slave;
  }

  /** Its slave dies, and with it what it ran, unless a holder keeps that. */
  crash(options: SlaveCrash): void {
    this.#host?.crash(options);
    this.#spawner?.crash(options);
    // its files are this program's, which has not crashed
    void this.#images?.[Symbol.asyncDispose]();
    this.#images = undefined;
    this.#host = undefined;
    this.#slave = undefined;
  }

  /** Its holder dies, and with it what it kept; the slave that was connected to it hears so. */
  crashHolder(): void {
    this.#holder?.kill();
  }

  /** Its slave goes in order, and leaves what runs to its successor. */
  async leave(): Promise<void> {
    const slave = this.#slave;
    const host = this.#host;
    await slave?.leave();
    host?.crash();
    if (this.#slave !== slave) return;
    this.#slave = undefined;
    this.#host = undefined;
  }

  /** Its slave is disposed of. */
  async dispose(): Promise<void> {
    await this.#slave?.[Symbol.asyncDispose]();
    this.#slave = undefined;
  }

  /** Its power is off: nothing of it runs. */
  end(): void {
    this.#holder?.kill();
    this.machine.kill();
  }
}

function memoryNodeStore(): NodeStore {
  let stored: number | undefined;
  return {
    load: () => stored,
    save: (node) => {
      stored = node;
    },
  };
}

function memoryRecordLog(): RecordLog {
  let records: readonly object[] = [];
  return {
    load: () => [...records],
    append: (record) => {
      records = [...records, record];
    },
    rewrite: (all) => {
      records = [...all];
    },
  };
}
