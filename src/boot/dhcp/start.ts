/** A running server of DHCP: the engine on sockets, on a clock and on a disk. */
import { mkdirSync } from 'node:fs';
import { type Cancel, type Clock, systemClock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { BootPolicy } from '../machine.ts';
import { DhcpEngine } from './engine.ts';
import type { DhcpEvent } from './events.ts';
import { addressOf } from './ipv4.ts';
import { FileLeaseStore, type LeaseStore } from './lease-store.ts';
import { type DhcpNetworkOptions, networksOf } from './network.ts';
import type { Answer, Arrived } from './question.ts';
import { DhcpSockets } from './sockets.ts';

/** How DHCP is served. */
export interface DhcpOptions {
  readonly networks: readonly DhcpNetworkOptions[];
  readonly policy: BootPolicy;
  /** Clients of another port than 67 are answered at the one above it. 0: any free one. @default 67 */
  readonly port?: number;
  /** Where firmware asks a proxy a second time; used where a network has one. @default 4011 */
  readonly pxePort?: number;
  /** Directory that keeps leases of pools; it is made. @default none: they are forgotten at the end */
  readonly stateDir?: string;
  readonly clock?: Clock;
  /** Told of everything that happens. */
  readonly onEvent?: (event: DhcpEvent) => void;
}

/** An address that a machine has. */
export interface DhcpLease {
  readonly address: string;
  readonly mac: string;
  /** Until when, in milliseconds since 1970. */
  readonly until: number;
  /** Whether it is the machine's own by the policy, and not a pool's. */
  readonly isReserved: boolean;
}

/** A server that runs. */
export interface DhcpServer extends AsyncDisposable {
  readonly port: number;
  /** Absent where no network has a proxy. */
  readonly pxePort: number | undefined;
  /** Those that hold now. */
  leases(): readonly DhcpLease[];
}

const SERVER_PORT = 67;
const CLIENT_PORT = 68;
const PXE_PORT = 4011;

/**
 * Serves DHCP on the networks it is told, and on no other.
 *
 * @throws BprocError EADDRINUSE for a port that another program has; EACCES for one that needs root; EINVAL for networks
 *   that cannot be, and for an address that no interface has; EIO for a file of leases that is none.
 */
export async function startDhcp(options: DhcpOptions): Promise<DhcpServer> {
  const server = new RunningDhcp(options);
  await server.open();
  return server;
}

class RunningDhcp implements DhcpServer {
  readonly #options: DhcpOptions;
  readonly #clock: Clock;
  readonly #store: LeaseStore | undefined;
  readonly #networks: ReturnType<typeof networksOf>;
  #engine: DhcpEngine | undefined;
  #sockets: DhcpSockets | undefined;
  #unkept: Answer[] = [];
  #keeping: Promise<void> | undefined;
  #alarm: Cancel = () => {};

  constructor(options: DhcpOptions) {
    if (options.networks.length === 0)
      throw new BprocError('EINVAL', 'name at least one network that DHCP is to serve');
    this.#options = options;
    this.#clock = options.clock ?? systemClock();
    this.#networks = networksOf(options.networks);
    if (options.stateDir === undefined) return;
    mkdirSync(options.stateDir, { recursive: true, mode: 0o700 });
    this.#store = new FileLeaseStore(options.stateDir);
  }

  get port(): number {
    return this.#sockets?.port ?? 0;
  }

  get pxePort(): number | undefined {
    return this.#sockets?.pxePort;
  }

  async open(): Promise<void> {
    const kept = this.#store?.load() ?? [];
    const { port = SERVER_PORT, pxePort = PXE_PORT, policy, onEvent } = this.#options;
    const hasProxy = this.#networks.some(({ mode }) => mode === 'proxy');
    const addresses = this.#networks.map(({ server }) => server);
    const plan = { port, addresses, ...(hasProxy ? { pxePort } : {}) };
    this.#sockets = await DhcpSockets.open(plan, (arrived) => this.#arrived(arrived));
    const isUsual = this.port === SERVER_PORT;
    const ports = { relay: this.port, client: isUsual ? CLIENT_PORT : this.port + 1 };
    this.#engine = new DhcpEngine({ networks: this.#networks, policy, ports, tell: (event) => onEvent?.(event) });
    for (const { address, mac, until } of kept) this.#engine.leases.bind(address, mac, until);
  }

  leases(): readonly DhcpLease[] {
    const now = this.#clock.wallTime();
    const held = [...(this.#engine?.leases.all ?? [])].filter(({ state, until }) => state === 'bound' && until > now);
    return held.map(({ address, mac, until, isReserved }) => ({ address: addressOf(address), mac, until, isReserved }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#alarm();
    this.#engine = undefined;
    await this.#keeping;
    await this.#sockets?.[Symbol.asyncDispose]();
    await this.#store?.close();
  }

  #arrived(arrived: Arrived): void {
    const engine = this.#engine;
    if (engine === undefined) return;
    this.#dispatch(engine.receive(arrived, this.#clock.wallTime()));
    this.#setAlarm(engine);
  }

  #setAlarm(engine: DhcpEngine): void {
    this.#alarm();
    const { dueAt } = engine;
    if (dueAt === undefined) return;
    this.#alarm = this.#clock.after(Math.max(dueAt - this.#clock.wallTime(), 0), () => {
      this.#dispatch(engine.due(this.#clock.wallTime()));
      this.#setAlarm(engine);
    });
  }

  #dispatch(answers: readonly Answer[]): void {
    for (const answer of answers) {
      if (answer.keep === undefined || this.#store === undefined) this.#send(answer);
      else this.#unkept.push(answer);
    }
    if (this.#unkept.length > 0) this.#keeping ??= this.#keepAll(this.#store);
  }

  /** What comes while the disk is at work shares its next turn. */
  async #keepAll(store: LeaseStore | undefined): Promise<void> {
    while (this.#unkept.length > 0) {
      const batch = this.#unkept.splice(0);
      try {
        await store?.keep(batch.flatMap(({ keep }) => keep ?? []));
        for (const answer of batch) this.#send(answer);
      } catch (error) {
        this.#options.onEvent?.({ kind: 'unkept', error: BprocError.from(error) });
      }
    }
    this.#keeping = undefined;
  }

  #send(answer: Answer): void {
    this.#sockets?.send(answer, (error) => {
      this.#options.onEvent?.({ kind: 'unsent', address: answer.to.address, reason: error.message, error });
    });
  }
}
