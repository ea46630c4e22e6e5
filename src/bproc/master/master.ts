/** The master: the reducer's driver. It turns events into I/O and I/O into events. */
import { mkdir } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { Cancel, Clock } from '../../clock.ts';
import { systemClock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import { LoopbackPeers } from '../../linux/index.ts';
import type { Random } from '../../random.ts';
import { systemRandom } from '../../random.ts';
import { fileEpochStore } from '../../state/index.ts';
import type { HandshakeLimits, Link, Listener, TlsPeer } from '../../transport/index.ts';
import { Connection, formatAddress, listen, memoryPair, parseAddress, sendOrFail } from '../../transport/index.ts';
import type { Control, Credit, Start } from '../../wire/index.ts';
import type { Epoch } from '../epoch.ts';
import { epochText } from '../epoch.ts';
import { Heartbeat } from '../heartbeat.ts';
import { idText, newId } from '../ids.ts';
import { CacheHome, DEFAULT_IMAGE_CACHE_BYTES, transferOf } from '../image/index.ts';
import type { CertificateLifetimes } from '../join/index.ts';
import { Alarm, carryOut, Loop } from '../loop.ts';
import type { NodeInfo } from '../node-info.ts';
import { NODE_MASTER } from '../node-info.ts';
import { type Logger, Observer } from '../observe.ts';
import { type Credentials, ownCredentials } from '../permissions.ts';
import type { MasterEffect, MasterEvent } from './events.ts';
import { ImageRelay } from './image-relay.ts';
import { whoMade } from './made-directory.ts';
import type { OpenDoor } from './open-door.ts';
import { openDoor } from './open-door.ts';
import { credentialsOf } from './peers.ts';
import { LOCAL, NOBODY, type Proof } from './proof.ts';
import { Relay } from './relay.ts';
import { SecureSide } from './secure-side.ts';
import { vacantNode } from './slaves.ts';
import type { MasterState } from './state.ts';
import { createMasterState } from './state.ts';
import { step } from './step.ts';
import { UserDirectory } from './user-directory.ts';

/** How a master is set up. Times are in milliseconds. */
export interface MasterOptions {
  /** Where it listens: `unix:/path`, `tcp://127.0.0.1:port`, `tls://host:port`. Nowhere by default. */
  readonly listen?: string | readonly string[];
  /**
   * Directory for what must survive the master: its epoch, and its cluster's CA, which is made when it is first needed.
   * Without one its epoch is the time of its start, and it cannot listen at `tls://`.
   */
  readonly stateDir?: string;
  /** Name of the set of nodes and users it serves. @default '' */
  readonly domain?: string;
  /** Numbers of nodes that exist from the start, down until their slave comes. */
  readonly nodes?: readonly number[];
  /** Whether slaves may bring nodes that are not in `nodes`. @default true */
  readonly admitNewNodes?: boolean;
  /** State of a node whose slave has come. @default 'up' */
  readonly joinState?: string;
  /** Mode of a node whose slave has come. @default 0o111 */
  readonly joinMode?: number;
  /** How long a client may lose its connection before its processes end. @default 5000 */
  readonly clientGraceMs?: number;
  /** How long a slave may lose its connection before its node is down and its processes unknown. @default 1000 */
  readonly silentAfterMs?: number;
  /** How long processes stay unknown before they are given up as lost. @default Infinity: until it is proven */
  readonly lostAfterMs?: number;
  /** How long ends are kept that nobody was there to take. @default 600000 */
  readonly endRetentionMs?: number;
  /** How long a connection may take to say who it is. @default 5000 */
  readonly greetingMs?: number;
  /** How often every peer is asked for a sign of life. @default 1000, and more with more than 200 peers */
  readonly heartbeatMs?: number;
  /** Decides who may start what where, after permissions have allowed it. Throws a BprocError to refuse. */
  readonly mayStart?: (caller: Credentials, node: NodeInfo, start: Start) => void;
  /** How long certificates are valid that its CA makes. */
  readonly certificates?: CertificateLifetimes;
  /** Bounds of what may be under way at `tls://` addresses with peers that have not shown who they are. */
  readonly handshakes?: HandshakeLimits;
  /**
   * Who may connect to its unix sockets: its own user and root, or everybody on this machine, each as the kernel knows
   * him. @default 'own'
   */
  readonly users?: 'own' | 'all';
  /**
   * How it is known who connects to sockets that are open to all: the kernel is asked, by the holder's program; or each
   * has to make a directory in `/dev/shm` or `/tmp`, which takes no program, and clients of this version or newer.
   *
   * @default 'kernel' where the holder was built
   */
  readonly usersBy?: 'kernel' | 'directory';
  /** Bytes of images that it keeps on their way to slaves, in `stateDir` or else in a temporary directory. @default 1 GiB */
  readonly imageCacheBytes?: number;
  /** Told what happens; the library prints nothing itself. */
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** Bytes that may wait for a peer before it is not listened to: more than stream data alone ever makes. */
const UNREAD_LIMIT = 32 * 1024 * 1024;

/** Who is behind a connection that is handed to a master. */
export interface HandleOptions {
  /** The peer's user and groups. @default the master's own user */
  readonly credentials?: Credentials;
  /** How the peer is called in messages. @default 'stream' */
  readonly peer?: string;
}

/**
 * Starts a master: the owner of the node table and the process table.
 *
 * @throws BprocError EADDRINUSE, EACCES and others where it cannot listen or keep its state; EINVAL for `tls://`
 *   without a `stateDir`; ENOENT for `usersBy: 'kernel'` without a holder; ENOSYS for `users: 'all'` where neither that nor a
 *   directory of root's that is open to all is there.
 */
export async function startMaster(options: MasterOptions = {}): Promise<Master> {
  const clock = options.clock ?? systemClock();
  if (options.stateDir !== undefined) await mkdir(options.stateDir, { recursive: true, mode: 0o700 });
  const door = options.users === 'all' ? await openDoor(clock, options.usersBy) : undefined;
  const master = new Master(options, clock, nextEpoch(options.stateDir, clock), door);
  try {
    for (const address of [options.listen ?? []].flat()) await master.listen(address);
  } catch (error) {
    await master[Symbol.asyncDispose]();
    throw error;
  }
  return master;
}

/** Without a place to keep it the epoch is the time: it grows with every start on one machine. */
function nextEpoch(stateDir: string | undefined, clock: Clock): Epoch {
  const fresh = { generation: 0, revision: Math.floor(clock.wallTime()) };
  if (stateDir === undefined) return fresh;
  const store = fileEpochStore(stateDir, 'epoch');
  const last = store.load();
  const epoch = last === undefined ? fresh : { generation: last.generation, revision: last.revision + 1 };
  store.save(epoch);
  return epoch;
}

/** A running master. Disposing it closes its connections; processes on slaves that live on live on. */
export class Master implements AsyncDisposable {
  readonly #state: MasterState;
  readonly #clock: Clock;
  readonly #links = new Map<number, Link>();
  readonly #loop = new Loop<MasterEvent>((event) => this.#take(event));
  readonly #alarm: Alarm;
  readonly #relay: Relay;
  readonly #images: ImageRelay;
  readonly #heartbeat: Heartbeat;
  readonly #observer: Observer;
  /** Number of the newest change that was published. */
  #published = 0;
  readonly #listeners: Listener[] = [];
  readonly #cancels = new Set<Cancel>();
  readonly #peers = new LoopbackPeers();
  /** How it is known who connects to its unix sockets; absent where that can be its own user alone. */
  readonly #door: OpenDoor | undefined;
  readonly #secure: SecureSide;
  readonly #users = new UserDirectory();
  #nextLink = 1;
  #disposed: Promise<void> | undefined;

  /** @internal Use {@link startMaster}. */
  constructor(options: MasterOptions, clock: Clock, epoch: Epoch, door?: OpenDoor) {
    const random = options.random ?? systemRandom();
    const own = ownCredentials();
    this.#clock = clock;
    this.#state = createMasterState(
      {
        domain: options.domain ?? '',
        epoch,
        id: newId(random),
        authority: { admin: own.uid },
        group: own.gids[0] ?? 0,
        nodes: [NODE_MASTER, ...(options.nodes ?? [])],
        admitNewNodes: options.admitNewNodes ?? true,
        joinState: options.joinState ?? 'up',
        joinMode: options.joinMode ?? 0o111,
        clientGraceMs: options.clientGraceMs ?? 5000,
        silentAfterMs: options.silentAfterMs ?? 1000,
        lostAfterMs: options.lostAfterMs ?? Number.POSITIVE_INFINITY,
        endRetentionMs: options.endRetentionMs ?? 600_000,
        greetingMs: options.greetingMs ?? 5000,
        heartbeatMs: options.heartbeatMs ?? 1000,
        random,
        mayStart: options.mayStart,
        findUser: (user) => this.#users.find(user),
        credentialsOf: (uid) => this.#users.credentialsOf(uid),
        challengeDirectory: door?.directory ?? '',
      },
      clock.wallTime(),
    );
    this.#secure = new SecureSide({
      clock,
      domain: options.domain ?? '',
      masterId: idText(this.#state.config.id),
      stateDir: options.stateDir,
      lifetimes: options.certificates ?? {},
      handshakes: options.handshakes ?? {},
      users: this.#users,
      vacantNode: (isTaken) => vacantNode(this.#state, isTaken),
      drop: (link, reason) => this.#links.get(link)?.close(reason),
    });
    this.#alarm = new Alarm(clock, this.#state.deadlines, () => this.#loop.dispatch({ type: 'timer' }));
    this.#relay = new Relay(this.#state, this.#links);
    const directory = options.stateDir === undefined ? undefined : join(options.stateDir, 'images');
    const home = new CacheHome({
      directory,
      maxBytes: options.imageCacheBytes ?? DEFAULT_IMAGE_CACHE_BYTES,
      isShared: false,
    });
    this.#images = new ImageRelay({ state: this.#state, links: this.#links, clock, home });
    this.#heartbeat = new Heartbeat(clock, this.#links, options.heartbeatMs);
    this.#observer = new Observer('master', options.logger);
    this.#door = door;
  }

  /** Who commands: grows with every master of the domain. */
  get epoch(): string {
    return epochText(this.#state.config.epoch);
  }

  /** Where it listens. */
  get addresses(): readonly string[] {
    return this.#listeners.map((listener) => formatAddress(listener.address));
  }

  /**
   * Listens on an address. A unix socket lets in its owner and root; loopback TCP lets in the
   * master's own user and root, as the kernel's table of connections names them; TLS lets in whoever has a
   * certificate of the cluster's CA, and hears those who want one.
   *
   * @returns the address, with the port the kernel chose where 0 was asked for.
   * @throws BprocError EINVAL, EPERM, EADDRINUSE, EACCES; EINVAL for TLS without a state directory.
   */
  async listen(address: string): Promise<string> {
    const where = parseAddress(address);
    const listener =
      where.kind === 'tls'
        ? await this.#secure.listen(where, (socket, peer) => void this.#acceptSecure(socket, peer))
        : await listen(where, (socket) => void this.#accept(socket), this.#door === undefined ? {} : { mode: 0o666 });
    this.#listeners.push(listener);
    const text = formatAddress(listener.address);
    this.#state.addresses.push(text);
    return text;
  }

  async #accept(socket: Socket): Promise<void> {
    const peer = socket.remoteAddress === undefined ? 'unix' : `tcp ${socket.remoteAddress}:${socket.remotePort}`;
    // before anything is waited for: it hears the socket's errors
    const connection = this.#connection(socket, peer);
    try {
      if (peer === 'unix' && this.#door?.asker === undefined && this.#door !== undefined) {
        this.#serve(connection, NOBODY, { kind: 'unproven' });
      } else this.attach(connection, { credentials: await credentialsOf(socket, this.#peers, this.#door?.asker) });
    } catch (error) {
      connection.close(BprocError.from(error, 'EPERM'));
    }
  }

  async #acceptSecure(socket: TLSSocket, tlsPeer: TlsPeer): Promise<void> {
    const connection = this.#connection(socket, `tls ${socket.remoteAddress}:${socket.remotePort}`);
    try {
      const { proof, credentials } = await this.#secure.identify(tlsPeer);
      this.#serve(connection, credentials, proof);
    } catch (error) {
      this.#observer.link(connection.peer, 'closed', BprocError.from(error, 'EPERM'));
      connection.close(BprocError.from(error, 'EPERM'));
    }
  }

  #connection(duplex: Duplex, peer: string): Connection {
    return new Connection(duplex, this.#clock, peer, { unreadLimitBytes: UNREAD_LIMIT });
  }

  /** Serves a connection, whatever made it: a socket, TLS, a pair in memory. */
  handle(duplex: Duplex, options: HandleOptions = {}): void {
    this.attach(this.#connection(duplex, options.peer ?? 'stream'), options);
  }

  /** A connection to this master inside this process. */
  connect(options: HandleOptions = {}): Duplex {
    const [mine, theirs] = memoryPair();
    this.handle(mine, { peer: 'memory', ...options });
    return theirs;
  }

  /** Serves a link; for transports that are not streams. */
  attach(link: Link, options: HandleOptions = {}): void {
    this.#serve(link, options.credentials ?? ownCredentials(), LOCAL);
  }

  #serve(link: Link, credentials: Credentials, proof: Proof): void {
    if (this.#disposed !== undefined) {
      link.destroy();
      return;
    }
    const id = this.#nextLink;
    this.#nextLink += 1;
    this.#links.set(id, link);
    if (proof.kind === 'certified') this.#secure.watch(id, proof.certified);
    this.#observer.link(link.peer, 'opened');
    link.open({
      control: (message) => this.#onControl(id, message),
      data: (stream, offset, bytes, fin) => this.#onData(id, stream, offset, bytes, fin),
      credit: (stream, credit) => this.#onCredit(id, stream, credit),
      stop: (stream) => this.#onStop(id, stream),
      drained: () => {
        this.#relay.drained(id);
        this.#images.drained(id);
      },
      closed: (reason) => {
        this.#links.delete(id);
        this.#secure.unwatch(id);
        this.#relay.closed(id);
        this.#images.closed(id);
        this.#observer.link(link.peer, 'closed', reason);
        this.#loop.dispatch({ type: 'closed', link: id, reason });
      },
    });
    this.#loop.dispatch({ type: 'opened', link: id, peer: link.peer, credentials, proof });
  }

  #onControl(link: number, message: Control): void {
    if (message.body === 'fetch') this.#images.fetch(link, message.fetch);
    else if (message.body === 'fetchFailed') this.#images.fetchFailed(link, message.fetchFailed);
    else this.#loop.dispatch({ type: 'control', link, message });
  }

  #onData(link: number, stream: number, offset: number, bytes: Buffer, fin: boolean): void {
    const transfer = transferOf(stream);
    if (transfer === undefined) this.#relay.data(link, stream, offset, bytes, fin);
    else this.#images.data(link, transfer, offset, bytes, fin);
  }

  #onCredit(link: number, stream: number, credit: Credit): void {
    const transfer = transferOf(stream);
    if (transfer === undefined) this.#relay.credit(link, stream, credit);
    else this.#images.credit(link, transfer, credit);
  }

  #onStop(link: number, stream: number): void {
    const transfer = transferOf(stream);
    if (transfer === undefined) this.#relay.stop(link, stream);
    else this.#images.stop(link, transfer);
  }

  #take(event: MasterEvent): void {
    const [, effects] = step(this.#state, event, this.#clock.now(), this.#clock.wallTime());
    carryOut(effects, (effect) => this.#perform(effect));
    this.#alarm.update();
    this.#images.follow();
    this.#observe();
  }

  #observe(): void {
    const { events } = this.#state;
    while (this.#published < events.last) {
      this.#published += 1;
      const event = events.at(this.#published);
      if (event !== undefined) this.#observer.event(event);
    }
  }

  #perform(effect: MasterEffect): void {
    if (effect.type === 'trust') return void this.#askTrust(effect);
    const link = this.#links.get(effect.link);
    if (link === undefined) return;
    switch (effect.type) {
      case 'send':
        sendOrFail(link, effect.message);
        break;
      case 'stop':
        link.sendStop(effect.stream);
        break;
      case 'establish':
        link.establish(effect.session);
        this.#heartbeat.add(effect.link, this.#isProgramHere(effect.link, link));
        break;
      case 'close':
        link.close(effect.reason);
        break;
      case 'probe':
        this.#probe(effect.link, link, effect.withinMs);
        break;
      case 'join':
        void this.#join(effect);
        break;
      case 'inspect':
        void this.#inspect(effect);
        break;
    }
  }

  async #join({ link, message, asker }: Extract<MasterEffect, { readonly type: 'join' }>): Promise<void> {
    this.#loop.dispatch({ type: 'joined', link, answer: await this.#secure.join(message, asker) });
  }

  async #inspect({ link, directory, name }: Extract<MasterEffect, { readonly type: 'inspect' }>): Promise<void> {
    const answer = await whoMade(directory, name, this.#users).catch((error: unknown) =>
      BprocError.from(error, 'EPERM'),
    );
    this.#loop.dispatch({ type: 'inspected', link, answer });
  }

  async #askTrust({ client, uid, request }: Extract<MasterEffect, { readonly type: 'trust' }>): Promise<void> {
    const answer = await this.#secure.carryOut(request, uid);
    this.#loop.dispatch({ type: 'trusted', client, id: request.id, answer });
  }

  /** A slave that is silent serves nobody, wherever it is; a client here may rest as long as it lives. */
  #isProgramHere(id: number, link: Link): boolean {
    return link.peer === 'unix' && this.#state.links.get(id)?.who.role === 'client';
  }

  #probe(id: number, link: Link, withinMs: number): void {
    const since = this.#clock.now();
    link.ping(withinMs);
    const cancel = this.#clock.after(withinMs, () => {
      this.#cancels.delete(cancel);
      this.#loop.dispatch({ type: 'probed', link: id, alive: this.#links.has(id) && link.heardAt > since });
    });
    this.#cancels.add(cancel);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#dispose();
    return this.#disposed;
  }

  async #dispose(): Promise<void> {
    this.#loop.dispatch({ type: 'shutdown' });
    this.#alarm.stop();
    this.#heartbeat.stop();
    this.#secure.stop();
    for (const cancel of this.#cancels) cancel();
    await this.#images[Symbol.asyncDispose]();
    await Promise.all(this.#listeners.map((listener) => listener[Symbol.asyncDispose]()));
  }
}
