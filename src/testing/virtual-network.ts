/** A network of named hosts on a virtual clock, with every fault a test may want. */
import type { Cancel } from '../clock.ts';
import { BprocError } from '../errors.ts';
import type { Link } from '../transport/index.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { HostClock } from './virtual-clock.ts';
import type { FrameFate, FrameInfo, LineNetwork, Pipe } from './virtual-line.ts';
import { Line } from './virtual-line.ts';
import type { LinkObserver } from './virtual-link.ts';
import { VirtualLink } from './virtual-link.ts';

/** How a virtual network behaves. */
export interface VirtualNetworkOptions {
  /** Milliseconds from one host to another. @default 1 */
  readonly latencyMs?: number;
  /** Bytes that a connection carries in a millisecond, each way. @default Infinity */
  readonly bytesPerMs?: number;
  /** Bytes that a host sends in a millisecond, on all its connections together. @default Infinity: each has its own */
  readonly hostBytesPerMs?: number;
  /** Bytes of stream data that wait before a link calls itself congested. @default 8 MiB, as real connections */
  readonly congestedAboveBytes?: number;
}

/** How long a connection attempt may take, in milliseconds, and how often it is repeated within. */
const DIAL_MS = 5000;
const DIAL_AGAIN_MS = 500;
const CONGESTED_ABOVE = 8 * 1024 * 1024;

/** Which end of a connection a fault is for. */
export type CutSide = 'both' | 'dialler' | 'listener';

/** A connection between two hosts, for tests that break it. */
export class VirtualConnection {
  /** The host that asked for it, and the one that accepted. */
  readonly dialler: VirtualLink;
  readonly listener: VirtualLink;

  constructor(dialler: VirtualLink, listener: VirtualLink) {
    this.dialler = dialler;
    this.listener = listener;
  }

  /** Breaks it: for both ends, or for one alone, which leaves the other half open. */
  cut(side: CutSide = 'both'): void {
    const reason = new BprocError('ECONNRESET', 'the connection was cut');
    if (side !== 'listener') this.dialler.sever(reason);
    if (side !== 'dialler') this.listener.sever(reason);
  }
}

/** A machine on the network. Everything that runs on it uses its clock. */
export class VirtualHost {
  readonly name: string;
  readonly clock: HostClock;
  /** @internal What it sends by, where its connections share that. */
  readonly uplink: Pipe;
  readonly #network: VirtualNetwork;
  readonly #links = new Set<VirtualLink>();
  #accept: ((link: Link) => void) | undefined;
  #alive = true;

  /** @internal Use {@link VirtualNetwork.host}. */
  constructor(network: VirtualNetwork, name: string, uplink: Pipe) {
    this.#network = network;
    this.uplink = uplink;
    this.name = name;
    this.clock = new HostClock(network.clock);
  }

  get isAlive(): boolean {
    return this.#alive;
  }

  /** Whether somebody accepts connections. */
  get listens(): boolean {
    return this.#alive && this.#accept !== undefined;
  }

  /** This host's ends of its connections. */
  get links(): ReadonlySet<VirtualLink> {
    return this.#links;
  }

  /** Accepts connections from now on; undefined: refuses them. */
  listen(accept: ((link: Link) => void) | undefined): void {
    this.#accept = accept;
  }

  /**
   * Connects to another host, as roles do through their connector.
   *
   * @returns what withdraws the attempt.
   */
  dial(to: string, tell: (outcome: Link | BprocError) => void): Cancel {
    const { clock, latencyMs } = this.#network;
    const deadline = clock.now() + DIAL_MS;
    let cancel: Cancel = () => {};
    const fail = (code: 'ECONNREFUSED' | 'ETIMEDOUT', why: string): void =>
      tell(new BprocError(code, `cannot reach ${to}: ${why}`));
    const attempt = (): void => {
      const name = this.#network.resolve(this.name, to);
      const blocked = this.#network.isBlocked(this.name, name) || this.#network.isBlocked(name, this.name);
      if (blocked && clock.now() >= deadline) fail('ETIMEDOUT', 'it does not answer');
      else if (blocked) cancel = this.clock.after(DIAL_AGAIN_MS, attempt);
      else if (this.#network.known(name)?.listens !== true) fail('ECONNREFUSED', 'nobody listens');
      else if (this.#network.refuses(this.name, name)) fail('ECONNREFUSED', 'refused by a fault');
      else tell(this.#network.connect(this, name));
    };
    cancel = this.clock.after(2 * latencyMs, attempt);
    return () => cancel();
  }

  /** @internal */
  adopt(link: VirtualLink): void {
    this.#links.add(link);
  }

  /** @internal */
  forget(link: VirtualLink): void {
    this.#links.delete(link);
  }

  /** @internal */
  accept(link: VirtualLink): void {
    if (this.#alive && this.#accept !== undefined) this.#accept(link);
    else link.destroy();
  }

  /**
   * Dies: its timers never run, its connections end. `silent`: as when the power fails, so that
   * peers hear nothing at all; else the kernel closes what the program had open.
   */
  crash(options: { readonly silent?: boolean } = {}): void {
    this.#alive = false;
    this.#accept = undefined;
    this.clock.stop();
    for (const link of [...this.#links]) link.die(options.silent === true);
    this.#links.clear();
  }
}

/** Hosts and the lines between them. */
export class VirtualNetwork implements LineNetwork {
  readonly clock: VirtualClock;
  readonly latencyMs: number;
  readonly bytesPerMs: number;
  readonly #hostBytesPerMs: number;
  /** What happens to each frame; a test replaces it. */
  fate: (info: FrameInfo, frame: Buffer) => FrameFate | undefined = () => undefined;
  /** Which host an address leads to, seen from a host; a test replaces it to move an address. */
  route: (from: string, address: string) => string = (_from, address) => address;
  /** Whether a connection attempt is refused; a test replaces it. */
  refuses: (from: string, to: string) => boolean = () => false;
  /** Who watches the traffic; one observer at most. */
  observer: LinkObserver = {};
  readonly #congestedAbove: number;
  readonly #hosts = new Map<string, VirtualHost>();
  readonly #connections = new Set<VirtualConnection>();
  readonly #lines = new Set<Line>();
  readonly #blocked = new Set<string>();

  constructor(clock: VirtualClock, options: VirtualNetworkOptions = {}) {
    this.clock = clock;
    this.latencyMs = options.latencyMs ?? 1;
    this.bytesPerMs = options.bytesPerMs ?? Number.POSITIVE_INFINITY;
    this.#hostBytesPerMs = options.hostBytesPerMs ?? Number.POSITIVE_INFINITY;
    this.#congestedAbove = options.congestedAboveBytes ?? CONGESTED_ABOVE;
  }

  /** A new host; one of the same name that has crashed is replaced. */
  host(name: string): VirtualHost {
    if (this.#hosts.get(name)?.isAlive === true) throw new BprocError('EEXIST', `host ${name} is there already`);
    const host = new VirtualHost(this, name, { bytesPerMs: this.#hostBytesPerMs, idleAt: 0 });
    this.#hosts.set(name, host);
    return host;
  }

  known(name: string): VirtualHost | undefined {
    return this.#hosts.get(name);
  }

  /** Connections of which at least one end is open. */
  get connections(): readonly VirtualConnection[] {
    return [...this.#connections];
  }

  /** Ends of connections that are open. */
  get openLinks(): number {
    return this.connections.reduce(
      (sum, { dialler, listener }) => sum + Number(dialler.isOpen) + Number(listener.isOpen),
      0,
    );
  }

  /** Keeps everything from `from` to `to` back, one way, until {@link heal}. Nothing is lost by it. */
  block(from: string, to: string): void {
    this.#blocked.add(`${from} ${to}`);
  }

  /** Keeps everything between two hosts back, both ways. */
  partition(a: string, b: string): void {
    this.block(a, b);
    this.block(b, a);
  }

  /** Ends all partitions, or those between two hosts: what they held back goes on. */
  heal(a?: string, b?: string): void {
    if (a === undefined || b === undefined) {
      this.#blocked.clear();
    } else {
      this.#blocked.delete(`${a} ${b}`);
      this.#blocked.delete(`${b} ${a}`);
    }
    for (const line of this.#lines) if (!this.isBlocked(line.from, line.to)) line.release();
  }

  isBlocked(from: string, to: string): boolean {
    return this.#blocked.size > 0 && this.#blocked.has(`${from} ${to}`);
  }

  fateOf(info: FrameInfo, frame: Buffer): FrameFate | undefined {
    return this.fate(info, frame);
  }

  /** @internal */
  resolve(from: string, address: string): string {
    return this.route(from, address);
  }

  /** @internal Makes a connection; the accepting side has it at once. */
  connect(from: VirtualHost, name: string): Link {
    const to = this.known(name);
    if (to === undefined) throw new BprocError('ECONNREFUSED', `there is no host ${name}`);
    const dialler = this.#end(from, to);
    const listener = this.#end(to, from);
    const connection = new VirtualConnection(dialler, listener);
    const there = new Line(this, from.name, to.name, this.#pipeOf(from), (item) => listener.arrive(item));
    const back = new Line(this, to.name, from.name, this.#pipeOf(to), (item) => dialler.arrive(item));
    dialler.connect(there);
    listener.connect(back);
    this.#lines.add(there).add(back);
    this.#connections.add(connection);
    this.#gone.set(dialler, () => this.#ended(connection, there, back));
    this.#gone.set(listener, () => this.#ended(connection, there, back));
    to.accept(listener);
    return dialler;
  }

  #pipeOf(host: VirtualHost): Pipe {
    return Number.isFinite(this.#hostBytesPerMs) ? host.uplink : { bytesPerMs: this.bytesPerMs, idleAt: 0 };
  }

  readonly #gone = new WeakMap<VirtualLink, () => void>();

  #end(host: VirtualHost, peer: VirtualHost): VirtualLink {
    const link = new VirtualLink({
      local: host.name,
      remote: peer.name,
      clock: host.clock,
      congestedAbove: this.#congestedAbove,
      observer: this.observer,
      onGone: (gone) => {
        host.forget(gone);
        this.#gone.get(gone)?.();
      },
    });
    host.adopt(link);
    return link;
  }

  #ended(connection: VirtualConnection, ...lines: readonly Line[]): void {
    if (connection.dialler.isOpen || connection.listener.isOpen) return;
    this.#connections.delete(connection);
    for (const line of lines) {
      line.cut();
      this.#lines.delete(line);
    }
  }
}
